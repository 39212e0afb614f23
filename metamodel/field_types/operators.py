"""Names of the filter operators that field types offer; queries give them their meaning."""

from __future__ import annotations

from typing import Final

EQUALS: Final = "equals"
NOT_EQUALS: Final = "not_equals"
LESS: Final = "less"
GREATER: Final = "greater"
BETWEEN: Final = "between"
IN: Final = "in"
HAS: Final = "has"
CONTAINS: Final = "contains"
STARTS_WITH: Final = "starts_with"
MATCHES: Final = "matches"
IS_MISSING: Final = "is_missing"

TEXTS: Final = (EQUALS, NOT_EQUALS, CONTAINS, STARTS_WITH, MATCHES, IN, IS_MISSING)
ORDERED: Final = (EQUALS, NOT_EQUALS, LESS, GREATER, BETWEEN, IS_MISSING)
OF_PROTECTED: Final = frozenset({EQUALS, NOT_EQUALS, IN, CONTAINS, IS_MISSING})  # of fields stored encrypted

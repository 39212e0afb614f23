"""Which codes are allowed: those that are words of the rule language or of every record are not."""

from __future__ import annotations

from typing import Final

from metamodel.storage.layout import SYSTEM_COLUMNS

LONGEST_CODE: Final = 63
LONGEST_FIELD_CODE: Final = 99
CODE_PATTERN: Final = "^[a-z][a-z0-9_]*$"

_RULE_WORDS: Final = frozenset(
    {"and", "or", "not", "in", "between", "is", "missing", "true", "false"}
    | {"contains", "starts", "matches", "has"}
)

# Field codes that would be read as something else in a rule, or as what every record has.
RESERVED_FIELD_CODES: Final = frozenset(SYSTEM_COLUMNS) | _RULE_WORDS

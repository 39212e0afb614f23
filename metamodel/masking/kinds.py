"""Which kind of value a field holds, as far as masking methods tell them apart."""

from __future__ import annotations

from typing import Final

from metamodel.catalogue.model import Field
from rules_dsl.types import RuleType

_KINDS: Final = {
    RuleType.TEXT: "text",
    RuleType.CHOICE: "choice",
    RuleType.NUMBER: "number",
    RuleType.DATE: "date",
    RuleType.DATETIME: "datetime",
    RuleType.BOOLEAN: "boolean",
}


def kind_of(field: Field) -> str:
    """One of `methods.base.EVERY_KIND`."""
    return _KINDS.get(field.type.rule_type_of(field), "other")

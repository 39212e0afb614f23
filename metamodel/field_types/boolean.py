"""Yes or no."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import Boolean
from sqlalchemy.types import TypeEngine

from metamodel.field_types.base import FieldType, JsonSchema, Reading, ValueProblem, statistics
from metamodel.field_types.choice import choices_of
from metamodel.field_types.converting import NUMBERS, TEXTS
from metamodel.field_types.folding import folded
from metamodel.field_types.operators import EQUALS, IS_MISSING, NOT_EQUALS

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field

_YES: Final = ("1", "true", "yes", "是")
_NO: Final = ("0", "false", "no", "否")
# 1 and 1.0 are the same key as True, as spreadsheets write a boolean.
_WORDS: Final[dict[Any, bool | None]] = {True: True, False: False, None: None, "": None}
_WORDS.update(dict.fromkeys(_YES, True))
_WORDS.update(dict.fromkeys(_NO, False))
_SHOWN: Final = {"zh": ("否", "是"), "en": ("No", "Yes"), None: ("0", "1")}


class BooleanField(FieldType):
    """Yes or no, e.g. whether contrast agent was given. Read from 1/0, true/false, yes/no, 是/否."""

    name = "boolean"
    label_zh = "是否"
    label_en = "Yes/no"
    rule_type = "boolean"
    widget = "switch"
    operators = (EQUALS, NOT_EQUALS, IS_MISSING)
    export_format = statistics("F1.0", "%8.0g", "1.")
    converts_from = (*TEXTS, *NUMBERS, "choice")

    def column_type(self, field: Field) -> TypeEngine[Any]:
        return Boolean()

    def json_schema(self, field: Field) -> JsonSchema:
        return {"type": "boolean"}

    def reader(self, field: Field) -> Callable[[Any], bool | None]:
        return read_boolean

    def converter(self, field: Field, source: Field) -> Callable[[Any], Any]:
        if source.type.name != "choice":
            return read_boolean
        known = {
            choice.code: (choice.code, choice.label.zh, choice.label.en) for choice in choices_of(source)
        }
        return lambda code: _first_read(known.get(code, (code,)))

    def browser_reading(self, field: Field) -> Reading:
        return {"as": "boolean"}

    def to_text(self, field: Field, language: str | None) -> Callable[[Any], str]:
        no, yes = _SHOWN[language]
        return lambda value: "" if value is None else (yes if value else no)


def read_boolean(value: Any) -> bool | None:
    """
    Raises:
        ValueProblem: for anything that is neither yes nor no.
    """
    try:
        return _WORDS[value]
    except (KeyError, TypeError):
        if isinstance(value, str) and (word := folded(value).lower()) in _WORDS:
            return _WORDS[word]
    raise ValueProblem("not_boolean", "需要填写是或否", "yes or no is needed")


def _first_read(words: Sequence[str]) -> bool | None:
    """The meaning of the first of these words that has one."""
    for word in words:
        if word and folded(word).lower() in _WORDS:
            return _WORDS[folded(word).lower()]
    return read_boolean(words[0])

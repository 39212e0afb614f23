"""One of a value set."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from metamodel.field_types.base import FieldType, JsonSchema, Reading, ValueProblem, statistics
from metamodel.field_types.converting import CHOICES, TEXTS, several
from metamodel.field_types.folding import folded, text_of
from metamodel.field_types.operators import EQUALS, IN, IS_MISSING, NOT_EQUALS

if TYPE_CHECKING:
    from metamodel.catalogue.model import Choice, Field


class ChoiceField(FieldType):
    """One code of a value set, e.g. sex. Read by code, or by label where only one choice has it."""

    name = "choice"
    label_zh = "单选"
    label_en = "Single choice"
    rule_type = "choice"
    widget = "select"
    operators = (EQUALS, NOT_EQUALS, IN, IS_MISSING)
    export_format = statistics("A", "str", "$CHAR")
    needs_value_set = True
    converts_from = (*TEXTS, "integer", "boolean", *CHOICES)

    def column_type(self, field: Field) -> TypeEngine[Any]:
        return Text()

    def json_schema(self, field: Field) -> JsonSchema:
        return code_schema(field)

    def reader(self, field: Field) -> Callable[[Any], str | None]:
        codes: dict[Any, str | None] = {None: None, "": None}
        codes |= {choice.code: choice.code for choice in choices_of(field) if choice.active}
        by_text = text_reader(choices_of(field))

        def read(value: Any) -> str | None:
            try:
                return codes[value]
            except (KeyError, TypeError):
                return by_text(value)

        return read

    def browser_reading(self, field: Field) -> Reading:
        return {"as": "choice", "retired": retired(field)}

    def converter(self, field: Field, source: Field) -> Callable[[Any], Any]:
        match source.type.name:
            case "boolean":
                read = text_reader(choices_of(field))
                return lambda value: _first_known(read, _YES if value else _NO)
            case "multi_choice":
                known = known_code(field)
                return lambda value: known(_only(value))
            case "choice":
                return known_code(field)
        return self.reader(field)

    def to_text(self, field: Field, language: str | None) -> Callable[[Any], str]:
        shown = labels_of(field, language)
        return lambda value: "" if value is None else shown.get(value, value)


def choices_of(field: Field) -> tuple[Choice, ...]:
    """The choices of a field's value set; none where it has no value set."""
    return field.value_set.choices if field.value_set else ()


def retired(field: Field) -> list[str]:
    """The codes that can't be chosen any more."""
    return [choice.code for choice in choices_of(field) if not choice.active]


def code_schema(field: Field) -> JsonSchema:
    """JSON Schema of one code that can still be chosen."""
    return {"type": "string", "enum": [choice.code for choice in choices_of(field) if choice.active]}


def labels_of(field: Field, language: str | None) -> Mapping[str, str]:
    """Code to shown text: the code itself when `language` is None."""
    if language is None:
        return {}
    return {choice.code: choice.label.text(language) or choice.code for choice in choices_of(field)}


def text_reader(choices: tuple[Choice, ...]) -> Callable[[Any], str | None]:
    """A function from a cell's code or label to the code; the slower way, for what is no plain code."""
    codes = {folded(choice.code): choice for choice in choices} | {choice.code: choice for choice in choices}
    labels = _unique_labels(choices)

    def read(value: Any) -> str | None:
        if isinstance(value, bool) or value is None or isinstance(value, list | dict):
            raise unknown_choice()
        text = text_of(value)
        found = codes.get(text) or codes.get(folded(text)) or labels.get(_label_key(text))
        if found is None:
            if not text.strip():
                return None
            raise unknown_choice()
        if not found.active:
            raise ValueProblem("inactive_choice", "该选项已停用", "this choice is no longer in use")
        return found.code

    return read


def unknown_choice() -> ValueProblem:
    """The problem of a value that is neither a code nor the label of exactly one choice."""
    return ValueProblem(
        "unknown_choice",
        "不是值域中的编码，也不是唯一对应的名称",
        "this is neither a code of the value set nor the label of exactly one choice",
    )


def _unique_labels(choices: tuple[Choice, ...]) -> dict[str, Choice]:
    """Labels in both languages that name exactly one choice; active choices go before inactive ones."""
    keys = [
        (key, choice)
        for choice in choices
        for key in {_label_key(choice.label.zh), _label_key(choice.label.en)} - {""}
    ]
    active = Counter(key for key, choice in keys if choice.active)
    every = Counter(key for key, _ in keys)
    return {key: choice for key, choice in keys if every[key] == 1 or (choice.active and active[key] == 1)}


def _label_key(label: str) -> str:
    return folded(label).casefold()


_YES = ("1", "true", "yes", "是")
_NO = ("0", "false", "no", "否")


def known_code(field: Field) -> Callable[[Any], str]:
    """A function that lets a stored code pass which the value set has, in use or not."""
    codes = {choice.code for choice in choices_of(field)}

    def known(code: Any) -> str:
        if code in codes:
            return str(code)
        raise unknown_choice()

    return known


def _only(codes: list[str]) -> str:
    if len(codes) != 1:
        raise several()
    return codes[0]


def _first_known(read: Callable[[Any], str | None], words: tuple[str, ...]) -> str | None:
    for word in words:
        with suppress(ValueProblem):
            return read(word)
    raise unknown_choice()

"""Several of a value set."""

from __future__ import annotations

from collections.abc import Callable, Container
from typing import TYPE_CHECKING, Any

from sqlalchemy.types import TypeEngine

from metamodel.field_types.base import FieldType, JsonSchema, Reading, ValueProblem, statistics
from metamodel.field_types.choice import (
    choices_of,
    code_schema,
    known_code,
    labels_of,
    retired,
    text_reader,
)
from metamodel.field_types.converting import CHOICES, TEXTS
from metamodel.field_types.operators import HAS, IS_MISSING
from zhenshu.db.types import JsonText

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field


class MultiChoiceField(FieldType):
    """Codes of a value set in the set's order, e.g. comorbidities. Read from a list or from 'a;b'."""

    name = "multi_choice"
    label_zh = "多选"
    label_en = "Multiple choice"
    rule_type = "choices"
    widget = "checkboxes"
    operators = (HAS, IS_MISSING)
    export_format = statistics("F1.0", "%8.0g", "1.")  # one column of 0 and 1 per choice
    needs_value_set = True
    converts_from = (*TEXTS, *CHOICES)

    def column_type(self, field: Field) -> TypeEngine[Any]:
        return JsonText()

    def json_schema(self, field: Field) -> JsonSchema:
        return {"type": "array", "items": code_schema(field), "uniqueItems": True}

    def reader(self, field: Field) -> Callable[[Any], list[str] | None]:
        choices = choices_of(field)
        codes = [choice.code for choice in choices]
        every = {code: place for place, code in enumerate(codes)}
        active = {choice.code: every[choice.code] for choice in choices if choice.active}
        read_one = text_reader(choices)

        def read(value: Any) -> list[str] | None:
            if value is None:
                return None
            items = value if value.__class__ is list else _split(value, active)
            try:
                places = {active[item] for item in items}
            except (KeyError, TypeError):  # a label, a number, blanks around a code, or nothing known
                places = {every[code] for item in items if (code := read_one(item)) is not None}
            return [codes[place] for place in sorted(places)] or None

        return read

    def browser_reading(self, field: Field) -> Reading:
        return {"as": "choices", "retired": retired(field)}

    def converter(self, field: Field, source: Field) -> Callable[[Any], Any]:
        known = known_code(field)
        match source.type.name:
            case "choice":
                return lambda code: [known(code)]
            case "multi_choice":
                order = {choice.code: place for place, choice in enumerate(choices_of(field))}
                return lambda codes: sorted({known(code) for code in codes}, key=order.__getitem__)
        return self.reader(field)

    def to_text(self, field: Field, language: str | None) -> Callable[[Any], str]:
        shown = labels_of(field, language)
        return lambda value: "" if value is None else ";".join(shown.get(code, code) for code in value)


def _split(value: Any, codes: Container[str]) -> list[Any]:
    if isinstance(value, str):
        return [value] if value in codes else value.replace("；", ";").split(";")
    if isinstance(value, tuple | set | frozenset):
        return list(value)
    if isinstance(value, bool | dict):
        raise ValueProblem("not_a_list", "需要填写选项列表", "a list of choices is needed")
    return [value]

"""Whole numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import BigInteger
from sqlalchemy.types import TypeEngine

from metamodel.field_types.base import (
    FieldType,
    JsonSchema,
    Reading,
    ValueProblem,
    chosen,
    options,
    statistics,
)
from metamodel.field_types.converting import TEXTS
from metamodel.field_types.numbers import MARKS, MARKS_DIFFER, not_a_number, number_text, out_of_range
from metamodel.field_types.operators import IN, ORDERED

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field

LARGEST: Final = 2**63 - 1
SMALLEST: Final = -(2**63)


class IntegerField(FieldType):
    """A whole number within 64 bits, e.g. a count of nodules."""

    name = "integer"
    label_zh = "整数"
    label_en = "Integer"
    rule_type = "integer"
    widget = "number"
    operators = (*ORDERED, IN)
    options_schema = options(
        {"thousands": MARKS["thousands"], "decimal_mark": MARKS["decimal_mark"]}, **MARKS_DIFFER
    )
    export_format = statistics("F20.0", "%20.0g", "20.")
    ordered = True
    converts_from = (*TEXTS, "decimal", "float", "boolean", "choice")

    def column_type(self, field: Field) -> TypeEngine[Any]:
        return BigInteger()

    def converter(self, field: Field, source: Field) -> Callable[[Any], Any]:
        return int if source.type.name == "boolean" else self.reader(field)

    def json_schema(self, field: Field) -> JsonSchema:
        return {"type": "integer", "minimum": SMALLEST, "maximum": LARGEST}

    def browser_reading(self, field: Field) -> Reading:
        return {"as": "integer", **chosen(field, *MARKS)}

    def reader(self, field: Field) -> Callable[[Any], int | None]:
        plain = number_text(field.options)

        def read(value: Any) -> int | None:
            if value.__class__ is int:
                number: int = value
            elif value is None:
                return None
            elif value.__class__ is str:
                if len(value) < 19 and value.isdigit() and value.isascii():
                    return int(value)
                text = plain(value)
                if not text:
                    return None
                number = _whole(Decimal(text))
            else:
                number = _from_other(value)
            if SMALLEST <= number <= LARGEST:
                return number
            raise out_of_range()

        return read


def _from_other(value: Any) -> int:
    if isinstance(value, bool) or not isinstance(value, float | int | Decimal):
        raise not_a_number()
    return _whole(Decimal(value))


def _whole(number: Decimal) -> int:
    """12.0 is 12, as spreadsheets write whole numbers; 12.5 and infinity are refused."""
    if not number.is_finite():
        raise not_a_number()
    if number.adjusted() > 19:  # before int() would build a number of thousands of digits
        raise out_of_range()
    if number != number.to_integral_value():
        raise ValueProblem("not_whole", "需要填写整数", "a whole number is needed")
    return int(number)

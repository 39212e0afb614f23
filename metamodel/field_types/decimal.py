"""Exact decimal numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, Final

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
from metamodel.field_types.converting import NUMBERS, TEXTS
from metamodel.field_types.integer import LARGEST
from metamodel.field_types.numbers import (
    MARKS,
    MARKS_DIFFER,
    not_a_number,
    number_text,
    out_of_range,
)
from metamodel.field_types.operators import IN, ORDERED
from zhenshu.db.types import ExactDecimal

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field

DEFAULT_SCALE: Final = 2
DOUBLE_DIGITS: Final = 15  # every decimal of so many digits survives a trip through an IEEE double


class DecimalField(FieldType):
    """An exact number with a fixed count of decimal places, e.g. serum creatinine 88.4 µmol/L.

    A value with more places is refused, never rounded. The largest is (2**63 - 1) / 10**scale.
    """

    name = "decimal"
    label_zh = "小数"
    label_en = "Decimal"
    rule_type = "decimal"
    widget = "number"
    operators = (*ORDERED, IN)
    options_schema = options(
        {"scale": {"type": "integer", "minimum": 0, "maximum": 12}, **MARKS}, **MARKS_DIFFER
    )
    export_format = statistics("F20.{scale}", "%20.{scale}f", "20.{scale}")
    ordered = True
    converts_from = (*TEXTS, *NUMBERS, "choice")

    def column_type(self, field: Field) -> TypeEngine[Any]:
        return ExactDecimal(scale=scale_of(field))  # SQLite's own NUMERIC is a float

    def column_options(self, field: Field) -> dict[str, Any]:
        return {"scale": scale_of(field)}

    def bound(self, field: Field, value: Any) -> Any:
        if value is None or isinstance(value, Decimal):
            return value
        return _number(value, number_text(field.options))

    def json_schema(self, field: Field) -> JsonSchema:
        return {
            "anyOf": [
                {"type": "number"},
                {"type": "string", "pattern": r"^[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)$", "maxLength": 64},
            ]
        }

    def reader(self, field: Field) -> Callable[[Any], Decimal | None]:
        plain = number_text(field.options)
        dotted = field.options.get("decimal_mark", ".") == "." and not field.options.get("thousands")
        scale = scale_of(field)
        step = Decimal(1).scaleb(-scale)
        largest = Decimal(LARGEST).scaleb(-scale)
        large = largest.adjusted()

        def read(value: Any) -> Decimal | None:
            number = _fast(value) if dotted and value.__class__ is str else None
            if number is None:
                number = _number(value, plain)
                if number is None:
                    return None
            try:
                exact = number.quantize(step)
            except InvalidOperation:
                raise out_of_range() from None
            if exact != number:
                raise _too_precise(scale)
            if exact.adjusted() >= large and abs(exact) > largest:
                raise out_of_range()
            return exact

        return read

    def browser_reading(self, field: Field) -> Reading:
        return {"as": "decimal", "places": scale_of(field), **chosen(field, *MARKS)}

    def to_json(self, field: Field) -> Callable[[Any], Any]:
        return decimal_json

    def statistics_format(self, field: Field, package: str) -> str:
        return self.export_format[package].format(scale=scale_of(field))


def scale_of(field: Field) -> int:
    """The decimal places of a decimal field."""
    return int(field.options.get("scale", DEFAULT_SCALE))


def decimal_json(value: Decimal | None) -> float | str | None:
    """A JSON number where a double keeps every digit, text otherwise."""
    if value is None:
        return None
    return float(value) if len(value.as_tuple().digits) <= DOUBLE_DIGITS else f"{value:f}"


def _fast(text: str) -> Decimal | None:
    """Python's own parser for plain numbers; None where the slower one must look."""
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return None if "_" in text or not number.is_finite() else number


def _number(value: Any, plain: Callable[[str], str]) -> Decimal | None:
    if value is None:
        return None
    if isinstance(value, str):
        text = plain(value)
        return Decimal(text) if text else None
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise not_a_number()
    number = Decimal(repr(value)) if isinstance(value, float) else Decimal(value)
    if not number.is_finite():
        raise not_a_number()
    return number


def _too_precise(scale: int) -> ValueProblem:
    return ValueProblem(
        "too_precise", f"小数位数超过 {scale} 位", f"there are more than {scale} decimal places"
    )

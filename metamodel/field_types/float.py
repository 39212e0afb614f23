"""Double-precision numbers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from math import isfinite
from typing import TYPE_CHECKING, Any

from sqlalchemy import Float
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
from metamodel.field_types.numbers import (
    MARKS,
    MARKS_DIFFER,
    not_a_number,
    number_text,
    out_of_range,
)
from metamodel.field_types.operators import ORDERED

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field


class FloatField(FieldType):
    """An IEEE double, e.g. a radiomics feature or a probability. Infinity and NaN are refused."""

    name = "float"
    label_zh = "浮点数"
    label_en = "Floating-point number"
    rule_type = "number"
    widget = "number"
    operators = ORDERED
    options_schema = options({**MARKS}, **MARKS_DIFFER)
    export_format = statistics("F20.8", "%20.0g", "BEST32.")
    ordered = True
    converts_from = (*TEXTS, *NUMBERS, "choice")

    def column_type(self, field: Field) -> TypeEngine[Any]:
        return Float(53)

    def converter(self, field: Field, source: Field) -> Callable[[Any], Any]:
        read = self.reader(field)
        if source.type.name not in ("integer", "decimal"):
            return read

        def exact(value: Any) -> Any:
            number = read(value)
            if Decimal(repr(number)) != value:
                raise _too_long()
            return number

        return exact

    def json_schema(self, field: Field) -> JsonSchema:
        return {"type": "number"}

    def browser_reading(self, field: Field) -> Reading:
        return {"as": "number", **chosen(field, *MARKS)}

    def reader(self, field: Field) -> Callable[[Any], float | None]:
        plain = number_text(field.options)
        dotted = field.options.get("decimal_mark", ".") == "." and not field.options.get("thousands")

        def read(value: Any) -> float | None:
            if value.__class__ is float:
                number: float = value
            elif value.__class__ is str:
                fast = _fast(value) if dotted else None
                if fast is not None:
                    return fast
                text = plain(value)
                if not text:
                    return None
                number = float(text)
            elif value is None:
                return None
            else:
                number = _from_other(value)
            if isfinite(number):
                return number
            raise not_a_number() if number != number else out_of_range()

        return read


def _fast(text: str) -> float | None:
    """Python's own parser for plain numbers; None where the slower one must look."""
    try:
        number = float(text)
    except ValueError:
        return None
    return None if "_" in text or not isfinite(number) else number


def _from_other(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        raise not_a_number()
    try:
        return float(value)
    except OverflowError:
        raise out_of_range() from None


def _too_long() -> ValueProblem:
    return ValueProblem("too_precise", "数字的位数超过浮点数所能保存", "a double can't hold that many digits")

"""Values that a rule computes from other fields."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy.types import TypeEngine

from metamodel.field_types.base import FieldType, JsonSchema, options
from metamodel.field_types.boolean import BooleanField
from metamodel.field_types.date import DateField
from metamodel.field_types.datetime import DateTimeField
from metamodel.field_types.float import FloatField
from metamodel.field_types.long_text import LongTextField
from metamodel.field_types.operators import ORDERED
from rules_dsl.types import RuleType

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field

# The type that stores each kind of result. A number is a double, as rules compute in doubles.
_RESULTS: Final[dict[str, FieldType]] = {
    "number": FloatField(),
    "text": LongTextField(),
    "date": DateField(),
    "datetime": DateTimeField(),
    "boolean": BooleanField(),
}


class CalculatedField(FieldType):
    """A value computed by the field's rule whenever its record changes, e.g. body mass index.

    Option `result` says what it computes: number (if not given), text, date, datetime or boolean.
    """

    name = "calculated"
    label_zh = "计算"
    label_en = "Calculated"
    rule_type = "number"
    widget = "calculated"
    operators = ORDERED
    options_schema = options({"result": {"enum": list(_RESULTS)}})
    export_format = FloatField.export_format

    def column_type(self, field: Field) -> TypeEngine[Any]:
        return result_type(field).column_type(_bare(field))

    def column_options(self, field: Field) -> dict[str, Any]:
        return {"result": field.options.get("result", "number")}

    def rule_type_of(self, field: Field) -> RuleType:
        return result_type(field).rule_type_of(_bare(field))

    def json_schema(self, field: Field) -> JsonSchema:
        return result_type(field).json_schema(_bare(field)) | {"readOnly": True}

    def reader(self, field: Field) -> Callable[[Any], Any]:
        return result_type(field).reader(_bare(field))

    def to_json(self, field: Field) -> Callable[[Any], Any]:
        return result_type(field).to_json(_bare(field))

    def statistics_format(self, field: Field, package: str) -> str:
        return result_type(field).statistics_format(_bare(field), package)

    def to_text(self, field: Field, language: str | None) -> Callable[[Any], str]:
        return result_type(field).to_text(_bare(field), language)


def result_type(field: Field) -> FieldType:
    """The field type that stores and shows what a calculated field computes."""
    return _RESULTS[field.options.get("result", "number")]


def _bare(field: Field) -> Field:
    """`field` without its own options, which mean nothing to the type of its result."""
    return replace(field, options={})

"""Calendar dates."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Date
from sqlalchemy.types import TypeEngine

from metamodel.field_types.base import FieldType, JsonSchema, Reading, chosen, options, statistics
from metamodel.field_types.converting import TEXTS
from metamodel.field_types.folding import folded
from metamodel.field_types.moments import TEXT_FORMAT, date_text, looks_iso, not_a_date
from metamodel.field_types.operators import ORDERED

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field

MIDNIGHT = time()


class DateField(FieldType):
    """A date without a time, years 1 to 9999, e.g. of an examination."""

    name = "date"
    label_zh = "日期"
    label_en = "Date"
    rule_type = "date"
    widget = "date"
    operators = ORDERED
    options_schema = options({"text_format": TEXT_FORMAT})
    export_format = statistics("SDATE10", "%td", "YYMMDD10.")
    ordered = True
    converts_from = (*TEXTS, "datetime")

    def column_type(self, field: Field) -> TypeEngine[Any]:
        return Date()

    def json_schema(self, field: Field) -> JsonSchema:
        return {"type": "string", "format": "date"}

    def reader(self, field: Field) -> Callable[[Any], date | None]:
        from_text = date_text(field.options)

        def read(value: Any) -> date | None:
            if value.__class__ is str:
                if len(value) == 10 and looks_iso(value):
                    try:
                        return date.fromisoformat(value)
                    except ValueError:
                        pass  # full-width digits, or no date at all: the slower reader tells
                text = folded(value)
                return from_text(text) if text else None
            if value is None or value.__class__ is date:
                return value  # type-checked by the branch: None or a date
            return _from_cell(value)

        return read

    def converter(self, field: Field, source: Field) -> Callable[[Any], Any]:
        return datetime.date if source.type.name == "datetime" else self.reader(field)

    def shortens(self, source: Field) -> Callable[[Any], bool] | None:
        """The time of day."""
        return (lambda value: value.time() != MIDNIGHT) if source.type.name == "datetime" else None

    def browser_reading(self, field: Field) -> Reading:
        return {"as": "date", **chosen(field, "text_format")}

    def to_json(self, field: Field) -> Callable[[Any], Any]:
        return _iso

    def to_text(self, field: Field, language: str | None) -> Callable[[Any], str]:
        return lambda value: "" if value is None else value.isoformat()


def _from_cell(value: Any) -> date:
    """Spreadsheets give a date as the moment it begins."""
    if isinstance(value, datetime) and value.time() == MIDNIGHT:
        return value.date()
    raise not_a_date()


def _iso(value: date | None) -> str | None:
    return None if value is None else value.isoformat()

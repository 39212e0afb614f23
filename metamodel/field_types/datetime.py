"""Dates with a time of day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

from sqlalchemy.types import TypeEngine

from metamodel.field_types.base import FieldType, JsonSchema, Reading, chosen, options, statistics
from metamodel.field_types.columns import LocalDateTime
from metamodel.field_types.converting import TEXTS
from metamodel.field_types.moments import (
    TEXT_FORMAT,
    date_and_time,
    date_text,
    looks_iso,
    not_a_date,
    time_text,
    too_fine,
    zoned,
)
from metamodel.field_types.operators import ORDERED

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field


class DateTimeField(FieldType):
    """A local date and time to the second, e.g. when contrast was injected. It carries no time zone."""

    name = "datetime"
    label_zh = "日期时间"
    label_en = "Date and time"
    rule_type = "datetime"
    widget = "datetime"
    operators = ORDERED
    options_schema = options({"text_format": TEXT_FORMAT, "precision": {"enum": ["minute", "second"]}})
    export_format = statistics("YMDHMS19", "%tc", "E8601DT19.")
    ordered = True
    converts_from = (*TEXTS, "date")

    def column_type(self, field: Field) -> TypeEngine[Any]:
        return LocalDateTime()

    def json_schema(self, field: Field) -> JsonSchema:
        return {"type": "string", "pattern": r"^[0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}(:[0-9]{2})?$"}

    def reader(self, field: Field) -> Callable[[Any], datetime | None]:
        read_date = date_text(field.options)

        def read(value: Any) -> datetime | None:
            if value.__class__ is str:
                moment = _fast(value)
                if moment is not None:
                    return moment
                if not value.strip():
                    return None
                day, clock = date_and_time(value)
                return datetime.combine(read_date(day), time_text(clock))
            if value is None:
                return None
            return _checked(value)

        return read

    def converter(self, field: Field, source: Field) -> Callable[[Any], Any]:
        if source.type.name == "date":
            return lambda day: datetime.combine(day, time())
        return self.reader(field)

    def browser_reading(self, field: Field) -> Reading:
        return {"as": "datetime", **chosen(field, "text_format")}

    def to_json(self, field: Field) -> Callable[[Any], Any]:
        return lambda value: None if value is None else value.isoformat()

    def to_text(self, field: Field, language: str | None) -> Callable[[Any], str]:
        fineness = "minutes" if field.options.get("precision") == "minute" else "seconds"
        return lambda value: "" if value is None else value.isoformat(" ", fineness)


def _fast(text: str) -> datetime | None:
    """Python's own parser for the ISO forms; None where the slower one must look."""
    if len(text) not in (16, 19) or not looks_iso(text):
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return None if moment.tzinfo or moment.microsecond else moment


def _checked(value: Any) -> datetime:
    if not isinstance(value, datetime):
        raise not_a_date()
    if value.tzinfo is not None:
        raise zoned()
    if value.microsecond:
        raise too_fine()
    return value

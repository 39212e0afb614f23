"""Times of day."""

from __future__ import annotations

from collections.abc import Callable
from datetime import time
from typing import TYPE_CHECKING, Any

from sqlalchemy.types import TypeEngine

from metamodel.field_types.base import FieldType, JsonSchema, Reading, options, statistics
from metamodel.field_types.columns import LocalTime
from metamodel.field_types.converting import TEXTS
from metamodel.field_types.folding import folded
from metamodel.field_types.moments import not_a_time, time_text, too_fine, zoned
from metamodel.field_types.operators import ORDERED

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field


class TimeField(FieldType):
    """A local time of day to the second, e.g. when a scan began."""

    name = "time"
    label_zh = "时间"
    label_en = "Time"
    rule_type = "time"
    widget = "time"
    operators = ORDERED
    options_schema = options({"precision": {"enum": ["minute", "second"]}})
    export_format = statistics("TIME8", "%tcHH:MM:SS", "TIME8.")
    ordered = True
    converts_from = TEXTS

    def column_type(self, field: Field) -> TypeEngine[Any]:
        return LocalTime()

    def json_schema(self, field: Field) -> JsonSchema:
        return {"type": "string", "pattern": r"^[0-9]{1,2}:[0-9]{2}(:[0-9]{2})?$"}

    def reader(self, field: Field) -> Callable[[Any], time | None]:
        return read_time

    def browser_reading(self, field: Field) -> Reading:
        return {"as": "time"}

    def to_json(self, field: Field) -> Callable[[Any], Any]:
        return lambda value: None if value is None else value.isoformat()

    def to_text(self, field: Field, language: str | None) -> Callable[[Any], str]:
        fineness = "minutes" if field.options.get("precision") == "minute" else "seconds"
        return lambda value: "" if value is None else value.isoformat(fineness)


def read_time(value: Any) -> time | None:
    """
    Raises:
        ValueProblem: when `value` is no time of day to the second.
    """
    if value is None:
        return None
    if isinstance(value, str):
        if (fast := _fast(value)) is not None:
            return fast
        text = folded(value)
        return time_text(text) if text else None
    if not isinstance(value, time):
        raise not_a_time()
    if value.tzinfo is not None:
        raise zoned()
    if value.microsecond:
        raise too_fine()
    return value


def _fast(text: str) -> time | None:
    """Python's own parser for the ISO forms; None where the slower one must look."""
    if len(text) not in (5, 8) or text[2] != ":":
        return None
    try:
        found = time.fromisoformat(text)
    except ValueError:
        return None
    return None if found.tzinfo else found

"""Long text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from metamodel.field_types.base import FieldType, JsonSchema, Reading, options, statistics
from metamodel.field_types.converting import INTO_TEXT, text_converter
from metamodel.field_types.folding import check_characters, text_of
from metamodel.field_types.operators import CONTAINS, IS_MISSING, MATCHES
from metamodel.field_types.string import too_long

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field

DEFAULT_LENGTH = 1_000_000


class LongTextField(FieldType):
    """A text of any length, e.g. the findings of a report. It is kept to the character, blanks included."""

    name = "long_text"
    label_zh = "长文本"
    label_en = "Long text"
    rule_type = "text"
    widget = "textarea"
    operators = (CONTAINS, MATCHES, IS_MISSING)
    options_schema = options({"max_length": {"type": "integer", "minimum": 1, "maximum": 10_000_000}})
    export_format = statistics("A", "strL", "$CHAR")
    converts_from = INTO_TEXT

    def column_type(self, field: Field) -> TypeEngine[Any]:
        return Text()

    def json_schema(self, field: Field) -> JsonSchema:
        return {"type": "string", "maxLength": _length(field)}

    def converter(self, field: Field, source: Field) -> Callable[[Any], Any]:
        return text_converter(self.reader(field), source)

    def browser_reading(self, field: Field) -> Reading:
        return {"as": "long_text", "most": _length(field)}

    def reader(self, field: Field) -> Callable[[Any], str | None]:
        limit = _length(field)

        def read(value: Any) -> str | None:
            if value is None:
                return None
            text: str = value if value.__class__ is str else text_of(value)
            if not text or text.isspace():
                return None
            if len(text) > limit:
                raise too_long(limit)
            if "\0" in text or not text.isascii():
                check_characters(text)
            return text

        return read


def _length(field: Field) -> int:
    return int(field.options.get("max_length", DEFAULT_LENGTH))

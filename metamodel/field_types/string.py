"""Short text."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import re2
from sqlalchemy import Text
from sqlalchemy.types import TypeEngine

from metamodel.field_types.base import FieldType, JsonSchema, Reading, ValueProblem, options, statistics
from metamodel.field_types.converting import INTO_TEXT, text_converter
from metamodel.field_types.folding import check_characters, text_of
from metamodel.field_types.formats import FORMATS
from metamodel.field_types.operators import TEXTS

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field

DEFAULT_LENGTH = 500


class StringField(FieldType):
    """A short text, e.g. a name or an accession number. Blanks around it are taken off."""

    name = "string"
    label_zh = "文本"
    label_en = "Text"
    rule_type = "text"
    widget = "text"
    operators = TEXTS
    options_schema = options(
        {
            "max_length": {"type": "integer", "minimum": 1, "maximum": 10_000},
            "pattern": {"type": "string", "minLength": 1, "maxLength": 1000},
            "format": {"enum": sorted(FORMATS)},
        }
    )
    export_format = statistics("A", "str", "$CHAR")
    converts_from = INTO_TEXT

    def column_type(self, field: Field) -> TypeEngine[Any]:
        return Text()

    def json_schema(self, field: Field) -> JsonSchema:
        schema: JsonSchema = {"type": "string", "maxLength": _length(field)}
        if pattern := field.options.get("pattern"):
            schema["pattern"] = f"^(?:{pattern})$"
        return schema

    def converter(self, field: Field, source: Field) -> Callable[[Any], Any]:
        return text_converter(self.reader(field), source)

    def browser_reading(self, field: Field) -> Reading:
        """The server alone holds a text against its pattern or format."""
        return {"as": "text", "most": _length(field)}

    def reader(self, field: Field) -> Callable[[Any], str | None]:
        read = _plain_reader(_length(field))
        checks = _checks(field)
        if not checks:
            return read

        def checked(value: Any) -> str | None:
            text = read(value)
            if text is not None:
                for check in checks:
                    check(text)
            return text

        return checked


def _length(field: Field) -> int:
    return int(field.options.get("max_length", DEFAULT_LENGTH))


def _plain_reader(limit: int) -> Callable[[Any], str | None]:
    def read(value: Any) -> str | None:
        if value is None:
            return None
        text: str = (value if value.__class__ is str else text_of(value)).strip()
        if not text:
            return None
        if len(text) > limit:
            raise too_long(limit)
        if "\0" in text or not text.isascii():
            check_characters(text)
        return text

    return read


def too_long(limit: int) -> ValueProblem:
    """The problem of a text with more than `limit` characters."""
    return ValueProblem(
        "too_long", f"文本超过 {limit:,} 个字符", f"the text is longer than {limit:,} characters"
    )


def _checks(field: Field) -> list[Callable[[str], None]]:
    checks: list[Callable[[str], None]] = []
    if pattern := field.options.get("pattern"):
        checks.append(_pattern_check(pattern))
    if name := field.options.get("format"):
        checks.append(FORMATS[name].check)
    return checks


def _pattern_check(pattern: str) -> Callable[[str], None]:
    """The pattern is RE2's, so that no pattern can take more than linear time."""
    compiled = re2.compile(pattern)

    def check(text: str) -> None:
        if compiled.fullmatch(text) is None:
            raise ValueProblem("pattern", "文本不符合规定的格式", "the text does not match the pattern")

    return check

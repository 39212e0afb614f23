"""What types that are converted into one another share: which pairs make sense, and what has two readings."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Final

from metamodel.field_types.base import ValueProblem

if TYPE_CHECKING:
    from metamodel.catalogue.model import Field

TEXTS: Final = ("string", "long_text")
NUMBERS: Final = ("integer", "decimal", "float")
CHOICES: Final = ("choice", "multi_choice")
INTO_TEXT: Final = (*TEXTS, *NUMBERS, "boolean", "date", "datetime", "time", *CHOICES)


def text_converter(read: Callable[[Any], Any], source: Field) -> Callable[[Any], Any]:
    """Into text as people read it: 是, 否; the codes of a multiple choice as files write them."""
    if source.type.name not in ("boolean", "multi_choice"):
        return read
    text = source.type.to_text(source, "zh" if source.type.name == "boolean" else None)
    return lambda value: read(text(value))


def several() -> ValueProblem:
    """The problem of a list where one value is wanted."""
    return ValueProblem("several", "有多个选项，只能保留一个", "there are several choices, only one can stay")

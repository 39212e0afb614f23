"""Numbers as files write them: decimal marks, thousands separators, full-width digits."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from metamodel.field_types.base import JsonSchema, ValueProblem
from metamodel.field_types.folding import folded

PLAIN: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]{1,4})?")
MOST_CHARACTERS: Final = 400

MARKS: Final[JsonSchema] = {
    "decimal_mark": {"enum": [".", ","]},
    "thousands": {"enum": ["", ",", ".", " ", "'"]},
}


def _both(mark: JsonSchema, separator: str) -> JsonSchema:
    return {
        "properties": {"decimal_mark": mark, "thousands": {"const": separator}},
        "required": ["thousands"] + (["decimal_mark"] if mark == {"const": ","} else []),
    }


# One character can't be both the decimal mark and the thousands separator.
MARKS_DIFFER: Final[JsonSchema] = {"not": {"anyOf": [_both({"const": ","}, ","), _both({"const": "."}, ".")]}}


def not_a_number() -> ValueProblem:
    """The problem of a text that is no number."""
    return ValueProblem("not_a_number", "不是数字", "this is not a number")


def out_of_range() -> ValueProblem:
    """The problem of a number that the column can't hold."""
    return ValueProblem("out_of_range", "数字超出可存储的范围", "the number is beyond what can be stored")


def number_text(options: Mapping[str, Any]) -> Callable[[str], str]:
    """A function from a file's text to a plain ASCII number ('1.234,5' with its options is '1234.5').

    It gives "" for blank text.

    Raises (the function):
        ValueProblem: when the text is no number in these marks.
    """
    mark = options.get("decimal_mark", ".")
    separator = options.get("thousands", "")
    groups = rf"[+-]?[0-9]{{1,3}}(?:{re.escape(separator)}[0-9]{{3}})+(?![0-9])"
    grouped = re.compile(groups) if separator else None

    def plain(text: str) -> str:
        clean = folded(text)
        if grouped is not None and grouped.match(clean):
            clean = clean.replace(separator, "")
        if mark != ".":
            if "." in clean:
                raise not_a_number()
            clean = clean.replace(mark, ".")
        if clean and (len(clean) > MOST_CHARACTERS or PLAIN.fullmatch(clean) is None):
            raise not_a_number()
        return clean

    return plain

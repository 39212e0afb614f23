"""Dates and times of day as files write them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, time
from typing import Any, Final

from metamodel.field_types.base import JsonSchema, ValueProblem
from metamodel.field_types.folding import folded

TEXT_FORMAT: Final[JsonSchema] = {"enum": ["ymd", "dmy", "mdy"]}

_YEAR_FIRST: Final = re.compile(
    r"([0-9]{4})(?:([-/.])([0-9]{1,2})\2([0-9]{1,2})|年([0-9]{1,2})月([0-9]{1,2})日)"
)
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_YEAR_LAST: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})")
_TIME: Final = re.compile(r"([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:\.0{1,6})?)?")
_ZONE: Final = re.compile(r"[0-9](Z|[+-][0-9]{2}:?[0-9]{2})$", re.IGNORECASE)
_SPLIT: Final = re.compile(r"\s*[T\s]\s*")


def date_text(options: Mapping[str, Any]) -> Callable[[str], date]:
    """A function from non-blank folded text to a date. The year may always come first.

    Option `text_format` says what "05/03/2026" means: "dmy" or "mdy"; with "ymd" it is refused.

    Raises (the function):
        ValueProblem: when the text is no date of the years 1 to 9999.
    """
    text_format = options.get("text_format", "ymd")

    def read(text: str) -> date:
        if match := _YEAR_FIRST.fullmatch(text):
            return _date(match[1], match[3] or match[5], match[4] or match[6])
        if text_format == "ymd":
            if match := _COMPACT.fullmatch(text):
                return _date(match[1], match[2], match[3])
        elif match := _YEAR_LAST.fullmatch(text):
            first, second = match[1], match[3]
            day, month = (first, second) if text_format == "dmy" else (second, first)
            return _date(match[4], month, day)
        raise not_a_date()

    return read


def _date(year: str, month: str, day: str) -> date:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        raise not_a_date() from None


def time_text(text: str) -> time:
    """Read non-blank folded text: '9:05', '14:20:00'.

    Raises:
        ValueProblem: when it is no time of day.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        raise zoned() if _ZONE.search(text) else not_a_time()
    try:
        return time(int(match[1]), int(match[2]), int(match[3] or 0))
    except ValueError:
        raise not_a_time() from None


def date_and_time(text: str) -> tuple[str, str]:
    """Split folded text at its first blank or T.

    Raises:
        ValueProblem: when there is no time in it, since none may be invented.
    """
    parts = _SPLIT.split(folded(text), maxsplit=1)
    if len(parts) != 2:
        zh, en = "缺少时间部分，例如 2026-03-05 14:20", "the time is missing, e.g. 2026-03-05 14:20"
        raise ValueProblem("no_time", zh, en)
    return parts[0], parts[1]


def looks_iso(text: str) -> bool:
    """Whether `text` starts like 2026-03-05, so that Python's own fast parser may read it."""
    return text[4:5] == "-" and text[7:8] == "-"


def not_a_date() -> ValueProblem:
    """The problem of a text that is no date."""
    return ValueProblem("not_a_date", "不是有效日期", "this is not a valid date")


def not_a_time() -> ValueProblem:
    """The problem of a text that is no time of day."""
    return ValueProblem("not_a_time", "不是有效时间", "this is not a valid time of day")


def zoned() -> ValueProblem:
    """The problem of a moment with a time zone: fields hold local time."""
    return ValueProblem(
        "time_zone", "时间不能带时区，请填写本地时间", "a time zone is not taken here: give local time"
    )


def too_fine() -> ValueProblem:
    """The problem of fractions of a second."""
    return ValueProblem("too_precise", "时间精确到秒，不能含小数秒", "times are kept to the second")

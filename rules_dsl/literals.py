"""Reading and writing constants: numbers, quoted text, dates and times."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Final, TypeVar

Moment = TypeVar("Moment", date, datetime, time)

_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_DATETIME: Final = re.compile(r"\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2})?")
_TIME: Final = re.compile(r"\d{2}:\d{2}(:\d{2})?")
_PAIRS: Final = {"'": "'", '"': '"', "“": "”", "‘": "’"}
LARGEST: Final = Decimal("1e300")
SMALLEST: Final = Decimal("1e-300")


def read_number(text: str) -> Decimal | None:
    """The exact number in `text`, or None when its magnitude is outside 1e-300 to 1e300."""
    try:
        value = Decimal(text)
    except InvalidOperation:  # an exponent of more than 18 digits
        return None
    if value != 0 and not SMALLEST <= abs(value) <= LARGEST:
        return None
    return value


def write_number(value: Decimal) -> str:
    """The shortest usual notation of `value`: `0.5`, `1000`, `1E+30`."""
    plain = value.normalize() if value else Decimal(0)
    exponent = int(plain.as_tuple().exponent)
    return format(plain, "f") if -20 <= exponent <= 15 else str(plain)


def plain_digits(value: Decimal | int) -> str:
    """All digits of `value` without an exponent and without idle zeros: -8.10 is `-8.1`."""
    digits = format(Decimal(value), "f")
    shortest = digits.rstrip("0").rstrip(".") if "." in digits else digits
    return "0" if shortest == "-0" else shortest


def unquote(text: str) -> str:
    """The content of a quoted text; a doubled quote stands for one."""
    opening, closing = text[0], _PAIRS[text[0]]
    content = text[1:-1]
    return content.replace(opening * 2, opening) if opening == closing else content


def quote(text: str) -> str:
    """`text` in single quotes."""
    doubled = text.replace("'", "''")
    return f"'{doubled}'"


def read_date(text: str) -> date | None:
    """The date in ISO `text` (2026-03-05), or None."""
    return _parsed(date.fromisoformat, text) if _DATE.fullmatch(text) else None


def read_datetime(text: str) -> datetime | None:
    """The date with time in `text` (2026-03-05 14:20, also with seconds or a T), or None."""
    return _parsed(datetime.fromisoformat, text) if _DATETIME.fullmatch(text) else None


def read_time(text: str) -> time | None:
    """The time in `text` (14:20 or 14:20:05), or None."""
    return _parsed(time.fromisoformat, text) if _TIME.fullmatch(text) else None


def write_moment(value: date | time) -> str:
    """ISO 8601 as the language writes it after `@`."""
    return value.isoformat()


def _parsed(read: Callable[[str], Moment], text: str) -> Moment | None:
    try:
        return read(text)
    except ValueError:  # shaped like one, but no such day or minute
        return None

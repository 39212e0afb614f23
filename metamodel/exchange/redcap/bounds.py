"""The smallest and largest value of a field, from a dictionary's text."""

from __future__ import annotations

import re
from datetime import date, datetime, time
from decimal import Decimal

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")


def bound(type_name: str, text: str) -> int | float | str | None:
    """The bound as a definition holds it: a number, an ISO text, "today" or "now"; None when it is none."""
    text = text.strip()
    if type_name in {"integer", "decimal", "float"}:
        return _number(text)
    if type_name in {"date", "datetime"} and text.lower() in {"today", "now"}:
        return text.lower()
    if type_name == "date":
        return _date(text)
    if type_name == "datetime":
        return _datetime(text)
    return _time(text) if type_name == "time" else None


def _number(text: str) -> int | float | None:
    if not _NUMBER.fullmatch(text):
        return None
    number = Decimal(text.replace(",", "."))
    return int(number) if number == number.to_integral_value() else float(number)


def _date(text: str) -> str | None:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        return None


def _datetime(text: str) -> str | None:
    try:
        return datetime.fromisoformat(text).isoformat(" ")
    except ValueError:
        return None


def _time(text: str) -> str | None:
    try:
        return time.fromisoformat(text).isoformat()
    except ValueError:
        return None

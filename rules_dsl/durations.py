"""Durations of the calendar: their units and words, and what a written duration adds up to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from rules_dsl.errors import Language
from rules_dsl.nodes import Binary, Duration, Node, Unary

DAY: Final = 86_400
LONGEST_YEARS: Final = 10_000

# (months, seconds) of one unit
_SIZES: Final[dict[str, tuple[int, int]]] = {
    "year": (12, 0),
    "month": (1, 0),
    "week": (0, 7 * DAY),
    "day": (0, DAY),
    "hour": (0, 3_600),
    "minute": (0, 60),
    "second": (0, 1),
}
_CHINESE: Final = {
    "year": ("年", "岁"),
    "month": ("个月", "月"),
    "week": ("周", "星期", "个星期"),
    "day": ("天", "日"),
    "hour": ("小时", "个小时"),
    "minute": ("分钟",),
    "second": ("秒", "秒钟"),
}
UNITS: Final = frozenset(_SIZES)
UNIT_OF_WORD: Final = {
    **{word: unit for unit in _SIZES for word in (unit, unit + "s")},
    **{word: unit for unit, words in _CHINESE.items() for word in words},
}


@dataclass(frozen=True)
class Span:
    """A length of the calendar: months first, then seconds. The two do not add up to one number."""

    months: int
    seconds: int

    def __neg__(self) -> Span:
        return Span(-self.months, -self.seconds)

    def __add__(self, other: Span) -> Span:
        return Span(self.months + other.months, self.seconds + other.seconds)

    @property
    def has_hours(self) -> bool:
        """Whether it is no whole number of days."""
        return self.seconds % DAY != 0


def span_of_unit(count: int, unit: str) -> Span:
    """`count` times one `unit`."""
    months, seconds = _SIZES[unit]
    return Span(count * months, count * seconds)


def is_too_long(count: int, unit: str) -> bool:
    """Whether it is more than 10,000 years, which no date can be moved by."""
    span = span_of_unit(count, unit)
    return span.months > LONGEST_YEARS * 12 or span.seconds > LONGEST_YEARS * 366 * DAY


def read_span(node: Node) -> Span | None:
    """What `node` adds up to where it is written of durations alone (`1 year + 6 months`), else None."""
    match node:
        case Duration(count=count, unit=unit):
            return span_of_unit(count, unit)
        case Unary(op="-", item=item):
            span = read_span(item)
            return None if span is None else -span
        case Binary(op="+" | "-" as op, left=left, right=right):
            first = read_span(left)
            second = None if first is None else read_span(right)
            if first is None or second is None:
                return None
            return first + (second if op == "+" else -second)
        case _:
            return None


def write_duration(count: int, unit: str, language: Language) -> str:
    """`3 months` or `3 个月`."""
    if language == "zh":
        return f"{count} {_CHINESE[unit][0]}"
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"

"""Values as the Python back end meets them: read from a record by type, compared, calculated with."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from rules_dsl import literals
from rules_dsl.types import RuleType
from rules_dsl.values import Missing

RELATIVE: Final = 1e-9
NEAR: Final = 1.0 - RELATIVE
LARGEST: Final = 1.7976931348623157e308
EXPONENT_LIMIT: Final = 700.0

Compare = Callable[[Any, Any], bool]
EXACT: Final[dict[str, Compare]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def nearly_equal(left: float, right: float) -> bool:
    """Whether two doubles differ by at most 1e-9 of the larger magnitude."""
    if left == right:
        return True
    if (left > 0) != (right > 0):
        return False
    small, large = sorted((abs(left), abs(right)))
    return small >= large * NEAR


NEARLY: Final[dict[str, Compare]] = {
    "=": nearly_equal,
    "<>": lambda left, right: not nearly_equal(left, right),
    "<": lambda left, right: left < right and not nearly_equal(left, right),
    "<=": lambda left, right: left < right or nearly_equal(left, right),
    ">": lambda left, right: left > right and not nearly_equal(left, right),
    ">=": lambda left, right: left > right or nearly_equal(left, right),
}


def divide(left: float, right: float) -> float | None:
    """True division; None by zero."""
    return None if right == 0 else left / right


def power(base: float, exponent: float) -> float | None:
    """`base` to `exponent`; None where it is undefined, above about e**700 or for exponents beyond 1e9."""
    if base == 0:
        return None if exponent < 0 else 1.0 if exponent == 0 else 0.0
    if (base < 0 and exponent != math.floor(exponent)) or abs(exponent) > 1e9:
        return None
    if abs(exponent) < 1e-200:
        return 1.0
    size = exponent * math.log(abs(base))
    if size > EXPONENT_LIMIT:
        return None
    return 0.0 if size < -EXPONENT_LIMIT else math.pow(base, exponent)


ARITHMETIC: Final[dict[str, Callable[[float, float], float | None]]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": divide,
    "^": power,
}


def to_double(value: Any) -> float | None:
    """A stored number as a double; None for what is no finite number."""
    number = float(value)
    return number if -LARGEST <= number <= LARGEST else None


def _decimal(value: Any) -> Any:
    return Decimal(repr(value)) if isinstance(value, float) else value


def _date(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.date()
    return literals.read_date(value) if isinstance(value, str) else value


def _datetime(value: Any) -> Any:
    if isinstance(value, str):
        return literals.read_datetime(value)
    if isinstance(value, datetime):
        return value.replace(microsecond=0)
    return midnight(value)


def _time(value: Any) -> Any:
    if isinstance(value, time):
        return value.replace(microsecond=0)
    return literals.read_time(value) if isinstance(value, str) else value


READERS: Final[dict[RuleType, Callable[[Any], Any]]] = {
    RuleType.DECIMAL: _decimal,
    RuleType.NUMBER: to_double,
    RuleType.DATE: _date,
    RuleType.DATETIME: _datetime,
    RuleType.TIME: _time,
}


def is_missing(value: object) -> bool:
    """Whether a record's value counts as missing."""
    return value is None or isinstance(value, Missing)


def midnight(value: date) -> datetime:
    """The start of a day."""
    return datetime(value.year, value.month, value.day)


def related_records(record: Mapping[str, Any], path: str) -> list[Mapping[str, Any]]:
    """The records that `path` reaches: the list stored under it, or lists nested one in another."""
    found = record.get(path)
    if isinstance(found, Iterable) and not isinstance(found, str | Mapping):
        return list(found)
    head, dot, rest = path.partition(".")
    if not dot:
        return []
    outer = record.get(head)
    if isinstance(outer, str | Mapping) or not isinstance(outer, Iterable):
        return []
    return [inner for record in outer for inner in related_records(record, rest)]

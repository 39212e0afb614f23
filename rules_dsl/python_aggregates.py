"""Aggregates of the Python back end, over present values and over related records."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final

from rules_dsl.python_values import LARGEST

MOST_SPREAD: Final = 1e150
LEAST_SPREAD: Final = 1e-150


def _finite(value: float) -> float | None:
    return value if -LARGEST <= value <= LARGEST else None


def _total(values: Iterable[float]) -> float:
    """One after the other, as every back end does; Python's own `sum` compensates from version 3.12 on."""
    total = 0.0
    for value in values:
        total += value
    return total


def _sum(values: Sequence[float]) -> float | None:
    return _finite(_total(values)) if values else None


def _mean(values: Sequence[float]) -> float | None:
    return _finite(_total(values) / len(values)) if values else None


def _smallest(values: Sequence[Any]) -> Any:
    return min(values, default=None)


def _largest(values: Sequence[Any]) -> Any:
    return max(values, default=None)


def _median(values: Sequence[float]) -> float | None:
    """The middle value, or the mean of the two in the middle."""
    if not values:
        return None
    ordered = sorted(values)
    low, high = ordered[(len(ordered) - 1) // 2], ordered[len(ordered) // 2]
    return low if low == high else _finite((low + high) / 2)


def _stdev(values: Sequence[float]) -> float | None:
    """The sample standard deviation.

    Distances are taken from the smallest value, so that close values lose no digits and equal ones give
    exactly 0; squares stay clear of the limits of a double.
    """
    if len(values) < 2 or max(map(abs, values)) > MOST_SPREAD:
        return None
    smallest = min(values)
    distances = [value - smallest for value in values]
    total = _total(distances)
    correction = total * total / len(values) if total >= LEAST_SPREAD else 0.0
    squares = _total(distance * distance for distance in distances if distance >= LEAST_SPREAD)
    return math.sqrt(max(squares - correction, 0.0) / (len(values) - 1))


OF_VALUES: Final[dict[str, Callable[[Sequence[Any]], Any]]] = {
    "count": lambda values: float(len(values)),
    "min": _smallest,
    "max": _largest,
    "sum": _sum,
    "mean": _mean,
    "median": _median,
    "stdev": _stdev,
}


def _any(truths: Sequence[bool | None]) -> bool | None:
    return True if True in truths else None if None in truths else False


def _all(truths: Sequence[bool | None]) -> bool | None:
    return False if False in truths else None if None in truths else True


def _of_present(kind: str) -> Callable[[Sequence[Any]], Any]:
    aggregate = OF_VALUES[kind]
    return lambda values: aggregate([value for value in values if value is not None])


OF_RECORDS: Final[dict[str, Callable[[Sequence[Any]], Any]]] = {
    "any": _any,
    "all": _all,
    "count": lambda truths: float(sum(truth is True for truth in truths)),
    **{kind: _of_present(kind) for kind in ("min", "max", "sum", "mean", "median", "stdev")},
}


def _latest(pairs: Sequence[tuple[Any, Any]]) -> Any:
    """The value beside the greatest `by`; of equal ones the greatest present value."""
    dated = [pair for pair in pairs if pair[0] is not None]
    if not dated:
        return None
    last = max(by for by, _ in dated)
    return max((value for by, value in dated if by == last and value is not None), default=None)


def _earliest(pairs: Sequence[tuple[Any, Any]]) -> Any:
    """The value beside the least `by`; of equal ones the least present value."""
    dated = [pair for pair in pairs if pair[0] is not None]
    if not dated:
        return None
    first = min(by for by, _ in dated)
    return min((value for by, value in dated if by == first and value is not None), default=None)


BY_ORDER: Final[dict[str, Callable[[Sequence[tuple[Any, Any]]], Any]]] = {
    "latest": _latest,
    "earliest": _earliest,
}

"""Aggregates of the Python back end, over present values and over related records."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, Final

from rules_dsl.python_values import LARGEST


def _finite(value: float) -> float | None:
    return value if -LARGEST <= value <= LARGEST else None


def _sum(values: Sequence[float]) -> float | None:
    return _finite(sum(values)) if values else None


def _mean(values: Sequence[float]) -> float | None:
    return _finite(sum(values) / len(values)) if values else None


def _smallest(values: Sequence[Any]) -> Any:
    return min(values, default=None)


def _largest(values: Sequence[Any]) -> Any:
    return max(values, default=None)


OF_VALUES: Final[dict[str, Callable[[Sequence[Any]], Any]]] = {
    "count": lambda values: float(len(values)),
    "min": _smallest,
    "max": _largest,
    "sum": _sum,
    "mean": _mean,
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
    **{kind: _of_present(kind) for kind in ("min", "max", "sum", "mean")},
}

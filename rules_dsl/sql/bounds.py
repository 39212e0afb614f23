"""How small and how large a double can get, so that only arithmetic that may overflow needs a guard.

PostgreSQL aborts the query on overflow and underflow where IEEE gives infinity or zero.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from rules_dsl.typed import (
    Apply,
    Arithmetic,
    Conditional,
    Constant,
    Double,
    FirstPresent,
    Negative,
    OfRecords,
    OfValues,
    Typed,
)
from rules_dsl.types import RuleType

Bounds: TypeAlias = tuple[float, float]

WHOLE_RANGE: Final[Bounds] = (5e-324, 1.7976931348623157e308)
_INTEGERS: Final[Bounds] = (1.0, 1e19)
_DECIMALS: Final[Bounds] = (1e-20, 1e30)
_SMALL: Final[Bounds] = (1e-20, 1e20)
_CANCELLED: Final = 1e-17
_SAFE_LOW: Final = 1e-290
SAFE_HIGH: Final = 1e290
MOST_ADDED: Final = 1e140  # such values, and the squares that PostgreSQL adds for a mean, add up to a double


def bounds(node: Typed) -> Bounds:
    """The smallest magnitude other than zero and the largest that `node` can have."""
    match node:
        case Constant(value=value):
            size = abs(float(value or 0))
            return (size, size) if size else (1.0, 1.0)
        case Double(item=item):
            return _stored(item.type)
        case Negative(item=item):
            return bounds(item)
        case Arithmetic(op=op, left=left, right=right):
            return _combined(op, bounds(left), bounds(right))
        case Conditional(then=then, otherwise=otherwise):
            return _either([bounds(then), bounds(otherwise)])
        case FirstPresent(items=items):
            return _either([bounds(item) for item in items])
        case OfValues(kind="min" | "max", items=items):
            return _either([bounds(item) for item in items])
        case OfValues(kind="count") | OfRecords(kind="count"):
            return _SMALL
        case Apply(function=function) if function.small:
            return _SMALL
        case _:
            return WHOLE_RANGE


def is_safe(op: str, left: Bounds, right: Bounds) -> bool:
    """Whether `op` on such numbers stays far from the limits of a double."""
    low, high = _combined(op, left, right)
    underflows = op in ("*", "/") and low < _SAFE_LOW
    return high <= SAFE_HIGH and not underflows


def _stored(kind: RuleType) -> Bounds:
    if kind is RuleType.INTEGER:
        return _INTEGERS
    return _DECIMALS if kind is RuleType.DECIMAL else WHOLE_RANGE


def _either(options: list[Bounds]) -> Bounds:
    return min(low for low, _ in options), max(high for _, high in options)


def _combined(op: str, left: Bounds, right: Bounds) -> Bounds:
    match op:
        case "+" | "-":
            return min(left[0], right[0]) * _CANCELLED, left[1] + right[1]
        case "*":
            return left[0] * right[0], left[1] * right[1]
        case "/":
            return left[0] / max(right[1], 1e-300), left[1] / max(right[0], 1e-300)
        case _:
            return WHOLE_RANGE

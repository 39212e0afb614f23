"""Which doubles are nearly equal to a constant: one closed range, so that comparing takes no calculation."""

from __future__ import annotations

from math import inf, nextafter

from rules_dsl.python_values import NEAR


def near_range(value: float) -> tuple[float, float]:
    """The least and the greatest double that `nearly_equal` finds equal to `value`."""
    if value == 0:
        return 0.0, 0.0
    low, high = _of_magnitude(abs(value))
    return (low, high) if value > 0 else (-high, -low)


def _of_magnitude(size: float) -> tuple[float, float]:
    """The range around a positive number; its upper end is where rounding still gives `size` back."""
    high = size / NEAR
    while high * NEAR > size:
        high = nextafter(high, 0.0)
    while nextafter(high, inf) * NEAR <= size:
        high = nextafter(high, inf)
    return size * NEAR, high

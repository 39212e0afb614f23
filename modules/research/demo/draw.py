"""Chance, always the same for the same seed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Draw:
    """Draws from a seeded generator."""

    def __init__(self, seed: str) -> None:
        self._random = Random(seed)

    def chance(self, share: float) -> bool:
        return self._random.random() < share

    def uniform(self, low: float, high: float) -> float:
        return self._random.uniform(low, high)

    def whole(self, low: int, high: int) -> int:
        return self._random.randint(low, high)

    def choice(self, items: Sequence[Item]) -> Item:
        return self._random.choice(items)

    def pick(self, weights: Mapping[Item, float]) -> Item:
        """One of the keys, as often as its weight says."""
        return self._random.choices(tuple(weights), tuple(weights.values()))[0]

    def some(self, shares: Mapping[Item, float]) -> list[Item]:
        """Each key with its own probability."""
        return [item for item, share in shares.items() if self._random.random() < share]

    def normal(self, mean: float, deviation: float, low: float, high: float, digits: int = 1) -> float:
        return round(min(high, max(low, self._random.gauss(mean, deviation))), digits)

    def around(self, median: float, spread: float, low: float, high: float, digits: int = 1) -> float:
        """Lognormal: two thirds lie between `median / e^spread` and `median * e^spread`."""
        found = self._random.lognormvariate(log(median), spread)
        return round(min(high, max(low, found)), digits)

    def days(self, mean: float) -> int:
        """Days until something that happens at an even rate, `mean` days on average."""
        return int(self._random.expovariate(1 / mean))

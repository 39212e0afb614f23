"""What an evaluation may cost: quantifiers multiply, so their work is counted and stopped at a limit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final

from rules_dsl.errors import RuleTooCostly
from rules_dsl.typed import OfRecords, Typed

MAX_STEPS: Final = 20_000_000


class Budget:
    """The steps that one evaluation has left; a step is one part of a rule for one related record."""

    __slots__ = ("_left",)

    def __init__(self) -> None:
        self._left = MAX_STEPS

    def spend(self, steps: int) -> None:
        """Count `steps` before they are done.

        Raises:
            RuleTooCostly: when there are not so many left.
        """
        self._left -= steps
        if self._left < 0:
            raise RuleTooCostly(limit=MAX_STEPS)


def count_steps(frame: tuple[Any, Any, Any], steps: int) -> None:
    """Take `steps` off the budget around the outermost frame of the Python back end, if there is one."""
    around = frame[2]
    while around.__class__ is tuple:
        around = around[2]
    if around is not None:
        around.spend(steps)


def parts(node: Typed) -> Iterator[Typed]:
    """The expressions directly below a checked one."""
    for field in fields(node):
        value = getattr(node, field.name)
        for part in value if isinstance(value, list | tuple) else (value,):
            if isinstance(part, Typed):
                yield part


def steps_for_each(node: OfRecords) -> int:
    """How many parts of the rule run for each record; inner quantifiers count for themselves."""
    waiting, size = list(parts(node)), 1
    while waiting:
        part = waiting.pop()
        size += 1
        if not isinstance(part, OfRecords):
            waiting.extend(parts(part))
    return size


def has_quantifier(node: Typed) -> bool:
    """Whether any part ranges over related records."""
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, OfRecords):
            return True
        waiting.extend(parts(part))
    return False

"""What a row of a file asks for: values for one record, named by the way down to it from the root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

Identity = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Step:
    """One record on the way: its type's code and how it is told from the others under its parent.

    A `key` names it in the whole database; else event and repeat key do. Neither: a new record.
    """

    type: str
    key: Any = None
    event: str = ""
    repeat_key: int | None = None
    repeats: bool = False
    id: int | None = None  # of this installation, for types without a key


@dataclass(frozen=True, slots=True)
class Target:
    """The record at the end of `steps` (the root's first), and the values and missing codes it gets."""

    row: int
    steps: tuple[Step, ...]
    values: Mapping[str, Any]
    missing: Mapping[str, str] = field(default_factory=dict)

    @property
    def type(self) -> str:
        return self.steps[-1].type

    def identity(self) -> Identity | None:
        return identity_of(self.steps)


def identity_of(steps: tuple[Step, ...]) -> Identity | None:
    """What two rows have in common when they speak of one record; None: of a record of its own."""
    last = steps[-1]
    if last.key is not None:
        return (last.type, "key", last.key)
    if last.id is not None:
        return (last.type, "id", last.id)
    if len(steps) == 1 or (last.repeats and last.repeat_key is None):
        return None
    above = identity_of(steps[:-1])
    return None if above is None else (last.type, above, last.event, last.repeat_key or 1)

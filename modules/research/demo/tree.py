"""What a synthetic patient is made of: records with those below them, by the codes of a database."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from modules.research.demo.draw import Draw
from modules.research.demo.persons import Person

Values = dict[str, Any]


@dataclass
class Node:
    """One record to be, and the records below it."""

    type: str
    values: Values
    below: list[Node] = field(default_factory=list)

    def add(self, type: str, values: Values) -> Node:
        """Put a record below this one."""
        node = Node(type, values)
        self.below.append(node)
        return node

    def all(self, type: str) -> Iterator[Node]:
        """Those of a record type, at any depth."""
        for node in self.below:
            if node.type == type:
                yield node
            yield from node.all(type)


@dataclass(frozen=True, eq=False)
class Disease:
    """A disease database and whom it is about. `male` is the share of men, `age` mean and deviation.

    `case` tells one person's story as records; the last day is the last on which anything happened.
    """

    code: str
    prefix: str
    male: float
    age: tuple[float, float]
    share: float  # of all patients over all databases
    case: Callable[[Draw, Person, date], Node]
    planted: Mapping[str, str] = field(default_factory=dict)  # record type -> field whose check may be broken

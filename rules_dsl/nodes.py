"""The nodes of a parsed rule: immutable, comparable, each knowing its place in the text and its depth."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final, TypeAlias, TypeVar

Result = TypeVar("Result")

Span: TypeAlias = tuple[int, int]
NOWHERE: Final[Span] = (0, 0)

LiteralValue: TypeAlias = Decimal | str | bool | date | datetime | time | None


@dataclass(frozen=True, kw_only=True)
class Node:
    """A part of a rule. `span` is its place in the text and takes no part in comparisons."""

    span: Span = field(default=NOWHERE, compare=False, repr=False)
    depth: int = field(default=1, compare=False, repr=False, init=False)

    def __post_init__(self) -> None:
        below = max((child.depth for child in self.children()), default=0)
        object.__setattr__(self, "depth", below + 1)

    def children(self) -> tuple[Node, ...]:
        """The nodes directly below this one, in the order of the text."""
        return ()


@dataclass(frozen=True)
class Literal(Node):
    """A constant: `kind` is number, text, boolean, date, datetime, time or missing."""

    kind: str
    value: LiteralValue


@dataclass(frozen=True)
class Duration(Node):
    """A length of the calendar, as in `3 months`: `unit` is year, month, week, day, hour, minute, second."""

    count: int
    unit: str


@dataclass(frozen=True)
class Field(Node):
    """A field by its path, as written between the brackets: code, name or `exam.lesion.size`."""

    path: str


@dataclass(frozen=True)
class Unary(Node):
    """`op` is `-` or `not`."""

    op: str
    item: Node

    def children(self) -> tuple[Node, ...]:
        return (self.item,)


@dataclass(frozen=True)
class Binary(Node):
    """Arithmetic (`+ - * / ^`), a comparison (`= <> < <= > >=`) or a text test.

    The text tests are `contains`, `starts with`, `matches` and `has`.
    """

    op: str
    left: Node
    right: Node

    def children(self) -> tuple[Node, ...]:
        return (self.left, self.right)


@dataclass(frozen=True)
class Logic(Node):
    """`and` or `or` over two or more items."""

    op: str
    items: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        return self.items


@dataclass(frozen=True)
class In(Node):
    """Whether `item` equals one of `options`."""

    item: Node
    options: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        return (self.item, *self.options)


@dataclass(frozen=True)
class Between(Node):
    """`low <= item <= high`."""

    item: Node
    low: Node
    high: Node

    def children(self) -> tuple[Node, ...]:
        return (self.item, self.low, self.high)


@dataclass(frozen=True)
class IsMissing(Node):
    """Whether `item` has no value; never unknown."""

    item: Node

    def children(self) -> tuple[Node, ...]:
        return (self.item,)


@dataclass(frozen=True)
class Call(Node):
    """A function by its English name, or as written where no such function is known."""

    name: str
    args: tuple[Node, ...]

    def children(self) -> tuple[Node, ...]:
        return self.args


def walk(node: Node) -> Iterator[Node]:
    """Every node of the tree, without recursion, parents before children."""
    waiting = [node]
    while waiting:
        current = waiting.pop()
        yield current
        waiting.extend(reversed(current.children()))


def fold(node: Node, combine: Callable[[Node, list[Result]], Result]) -> Result:
    """Bottom-up value of the tree, without recursion: `combine` gets each node and its children's values."""
    waiting: list[tuple[Node, bool]] = [(node, False)]
    results: list[Result] = []
    while waiting:
        current, below_done = waiting.pop()
        if not below_done:
            waiting.append((current, True))
            waiting.extend((child, False) for child in reversed(current.children()))
            continue
        first = len(results) - len(current.children())
        values = results[first:]
        del results[first:]
        results.append(combine(current, values))
    return results[0]

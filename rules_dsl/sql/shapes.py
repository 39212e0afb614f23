"""Shapes of SQL: comparisons by operator, sums, and `and`/`or` over many items."""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from typing import Any, Final

from sqlalchemy import Boolean, ColumnElement, and_, func, not_, or_, type_coerce
from sqlalchemy.sql.elements import Grouping

Element = ColumnElement[Any]

OPERATORS: Final[dict[str, Callable[[Any, Any], Any]]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}
_MOST_SIDE_BY_SIDE: Final = 100


def compare(op: str, left: Element, right: Element) -> Element:
    """`left op right`, unknown when a side is NULL."""
    result: Element = OPERATORS[op](left, right)
    return result


def sum_of(items: Sequence[Element]) -> Element:
    """The items added from left to right."""
    total = items[0]
    for item in items[1:]:
        total = total + item
    return total


def negated(item: Element) -> Element:
    """`not` in and around parentheses, whatever the item is and is used in."""
    return Grouping(not_(Grouping(type_coerce(item, Boolean()))))


def first_present(items: Sequence[Element]) -> Element:
    """COALESCE, in steps that stay below SQLite's limit of 127 arguments."""
    if len(items) == 1:
        return items[0]
    found: Element = func.coalesce(*items[:_MOST_SIDE_BY_SIDE], type_=items[0].type)
    rest = items[_MOST_SIDE_BY_SIDE:]
    return first_present([found, *rest]) if rest else found


def combined(op: str, items: Sequence[Element]) -> Element:
    """`and` or `or` over the items.

    SQLite reads a chain as nested as it is long and stops at 1,000 levels, so a long chain becomes a
    balanced one of parentheses.
    """
    join = and_ if op == "and" else or_
    if len(items) > _MOST_SIDE_BY_SIDE:
        middle = len(items) // 2
        halves = [combined(op, items[:middle]), combined(op, items[middle:])]
        # as a plain operator: SQLAlchemy would flatten nested and_ and or_ into one chain again
        chained: Element = Grouping(halves[0]).op(op.upper(), is_comparison=True)(Grouping(halves[1]))
        return chained
    return join(*(type_coerce(item, Boolean()) for item in items))

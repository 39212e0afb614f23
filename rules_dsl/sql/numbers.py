"""Comparing numbers in SQL: stored ones exactly, computed ones within the tolerance."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from math import floor
from typing import Any, Final

from sqlalchemy import func

from rules_dsl.nearness import near_range
from rules_dsl.python_values import EXACT, NEAR
from rules_dsl.sql.kit import BaseKit, Element
from rules_dsl.sql.resolver import SqlColumn
from rules_dsl.sql.shapes import compare
from rules_dsl.sql.sqlite import SqliteKit
from rules_dsl.typed import Constant, Exactly, Typed
from rules_dsl.types import RuleType

FLIPPED: Final = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_LEAST, _MOST = -(2**63), 2**63 - 1


def compare_nearly(kit: BaseKit, op: str, left: Element, right: Element) -> Element:
    """The comparisons of `python_values.NEARLY`."""

    def compared(a: Element, b: Element) -> Element:
        zero = kit.number(0.0)
        size_a, size_b = func.abs(a), func.abs(b)
        close = kit.when(size_a < size_b, size_a, size_b) >= kit.when(
            size_a < size_b, size_b, size_a
        ) * kit.number(NEAR)
        near = (a == b) | (((a > zero) == (b > zero)) & close)
        match op:
            case "=":
                return near
            case "<>":
                return ~near
            case "<=" | ">=":
                return compare(op[0], a, b) | near
            case _:
                return compare(op, a, b) & ~near

    return kit.let([left, right], compared)


def compare_nearly_to(kit: BaseKit, op: str, item: Element, value: float) -> Element:
    """The same with a constant: its neighbourhood is a range, and an order needs but one end of it."""
    low, high = (kit.number(end) for end in near_range(value))
    match op:
        case "=":
            return kit.let([item], lambda number: (number >= low) & (number <= high))
        case "<>":
            return kit.let([item], lambda number: (number < low) | (number > high))
        case "<" | ">=":
            return compare(op, item, low)
        case _:
            return compare(op, item, high)


def compare_stored(kit: BaseKit, node: Exactly, column: Callable[[Typed], SqlColumn]) -> Element:
    """An exact comparison of fields and literals; `column` finds the column of a field."""
    left, right, op = node.left, node.right, node.op
    if isinstance(left, Constant) and isinstance(right, Constant):
        return _constants(kit, op, left.value, right.value)
    if isinstance(left, Constant):
        left, right, op = right, left, FLIPPED[op]
    stored = column(left)
    if isinstance(right, Constant) and right.type in (RuleType.INTEGER, RuleType.DECIMAL):
        if stored.type is RuleType.INTEGER or isinstance(kit, SqliteKit):
            return _with_scaled(kit, op, stored, right.value)
        return compare(op, stored.element, kit.decimal(Decimal(right.value)))
    return _columns(kit, op, stored, column(right))


def _constants(kit: BaseKit, op: str, left: Any, right: Any) -> Element:
    if left is None or right is None:
        return kit.missing(RuleType.BOOLEAN)
    return kit.boolean(EXACT[op](left, right))


def _with_scaled(kit: BaseKit, op: str, stored: SqlColumn, value: int | Decimal) -> Element:
    """A column of whole units against a literal: between two units only the order remains."""
    units = Fraction(value) * 10**stored.scale
    below = floor(units)
    is_whole = units == below
    if is_whole and _LEAST <= below <= _MOST:
        return compare(op, stored.element, kit.integer(below))
    if op in ("=", "<>"):
        return _if_present(kit, stored, op == "<>")
    if not _LEAST <= below <= _MOST:
        return _if_present(kit, stored, (below > 0) == (op in ("<", "<=")))
    return compare("<=" if op in ("<", "<=") else ">", stored.element, kit.integer(below))


def _if_present(kit: BaseKit, stored: SqlColumn, answer: bool) -> Element:
    return kit.when(stored.element.is_not(None), kit.boolean(answer))


def _columns(kit: BaseKit, op: str, left: SqlColumn, right: SqlColumn) -> Element:
    if left.scale == right.scale or not isinstance(kit, SqliteKit):
        return compare(op, left.element, right.element)
    scale = max(left.scale, right.scale)
    sides = [
        side.element * kit.integer(10 ** (scale - side.scale)) if side.scale < scale else side.element
        for side in (left, right)
    ]
    return compare(op, *sides)

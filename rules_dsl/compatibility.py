"""Which types go together: bringing two expressions to one type for comparing or choosing between them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from rules_dsl import literals
from rules_dsl.typed import Constant, Double, Midnight, Negative, Reference, Typed
from rules_dsl.types import DATED, NUMERIC, TEXTUAL, RuleType

_MOMENT_READERS: Final = {
    RuleType.DATE: (literals.read_date, literals.read_datetime),
    RuleType.DATETIME: (literals.read_datetime, literals.read_date),
    RuleType.TIME: (literals.read_time,),
}


def is_stored(item: Typed) -> bool:
    """Whether a number is a field or a literal, and so compares exactly."""
    return isinstance(item, Reference | Constant)


def as_double(item: Typed) -> Typed:
    """A number as an IEEE double; a computed one is one already, a missing literal stays missing."""
    if isinstance(item, Constant):
        value = None if item.value is None else float(item.value)
        return Constant(value, type=RuleType.NUMBER)
    if isinstance(item, Negative):
        return item
    return item if item.type is RuleType.NUMBER and not isinstance(item, Reference) else _double(item)


def _double(item: Typed) -> Typed:
    return Double(item, type=RuleType.NUMBER)


def number_constant(value: Decimal) -> Constant:
    """A literal number: an int where it is whole and fits 64 bits, else a Decimal."""
    if value == value.to_integral_value() and abs(value) < 2**63:
        return Constant(int(value), type=RuleType.INTEGER)
    return Constant(value, type=RuleType.DECIMAL)


def as_datetime(item: Typed) -> Typed:
    """A date or datetime as a datetime."""
    return Midnight(item, type=RuleType.DATETIME) if item.type is RuleType.DATE else item


def as_moment(item: Typed, wanted: RuleType) -> Typed | None:
    """A text literal as the date, datetime or time it writes; None when it writes none."""
    if not isinstance(item, Constant) or not isinstance(item.value, str):
        return None
    for read in _MOMENT_READERS[wanted]:
        value = read(item.value)
        if value is not None:
            return Constant(value, type=_type_of_moment(read))
    return None


def _type_of_moment(read: object) -> RuleType:
    if read is literals.read_date:
        return RuleType.DATE
    return RuleType.TIME if read is literals.read_time else RuleType.DATETIME


def reread_texts(items: Sequence[Typed]) -> list[Typed]:
    """`items`, with text literals read as dates or times where another item is one."""
    wanted = next((item.type for item in items if item.type in _MOMENT_READERS), None)
    if wanted is None:
        return list(items)
    return [as_moment(item, wanted) or item for item in items]


def common_type(items: Sequence[Typed]) -> RuleType | None:
    """The one type that `items` can take together, or None when they don't go together."""
    types = {item.type for item in items} - {RuleType.MISSING}
    if not types:
        return RuleType.MISSING
    if len(types) == 1:
        return next(iter(types))
    for family, joint in ((NUMERIC, RuleType.NUMBER), (TEXTUAL, RuleType.TEXT), (DATED, RuleType.DATETIME)):
        if types <= family:
            return joint
    return None


def convert(item: Typed, wanted: RuleType) -> Typed:
    """`item` as `wanted`, a type that `common_type` gave; missing literals take the type."""
    if item.type is RuleType.MISSING:
        return replace(item, type=wanted)
    if wanted in NUMERIC:
        return as_double(item)
    return as_datetime(item) if wanted is RuleType.DATETIME else item

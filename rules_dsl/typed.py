"""The checked rule that back ends run: every node has its type, every field its scope, nothing is implicit.

A back end never decides what an expression means; whatever depends on types has been settled here by the
checker: which comparisons are exact, where a stored number becomes a double, where a date becomes a time.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rules_dsl.functions import Function
from rules_dsl.patterns import Pattern
from rules_dsl.types import RuleType


@dataclass(frozen=True, kw_only=True)
class Typed:
    """A checked expression and its type.

    `span` is its place in the rule as written; None for a step that the checker put in.
    """

    type: RuleType = field(default=RuleType.BOOLEAN)
    span: tuple[int, int] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True)
class Constant(Typed):
    """A value of its type's Python class; None is missing."""

    value: Any


@dataclass(frozen=True)
class Reference(Typed):
    """A field of the record `outward` scopes out: 0 is the innermost quantifier's record."""

    path: str
    outward: int


@dataclass(frozen=True)
class Reason(Typed):
    """The missing code of a field, found like a `Reference`.

    Missing when the field has a value, or when nobody recorded why it has none.
    """

    path: str
    outward: int


@dataclass(frozen=True)
class Moment(Typed):
    """`today` or `now` of the context."""

    name: str


@dataclass(frozen=True)
class Double(Typed):
    """A stored number as an IEEE double."""

    item: Typed


@dataclass(frozen=True)
class Midnight(Typed):
    """A date as the datetime at its start."""

    item: Typed


@dataclass(frozen=True)
class Shifted(Typed):
    """A date or datetime moved by a calendar duration: first by `months`, where a day that the month does
    not have becomes its last one, then by `seconds`, which are whole days for a date.

    Missing when either step leaves the years 1 to 9999.
    """

    item: Typed
    months: int
    seconds: int


@dataclass(frozen=True)
class Written(Typed):
    """A stored whole or decimal number as text, exactly and without idle zeros: -8.10 is `-8.1`."""

    item: Typed


@dataclass(frozen=True)
class Arithmetic(Typed):
    """`+ - * / ^` on doubles; missing when a side is, when dividing by zero or when out of range."""

    op: str
    left: Typed
    right: Typed


@dataclass(frozen=True)
class Negative(Typed):
    """A double with its sign changed."""

    item: Typed


@dataclass(frozen=True)
class Exactly(Typed):
    """A comparison of values as they are: texts by code point, dates, booleans, stored numbers."""

    op: str
    left: Typed
    right: Typed


@dataclass(frozen=True)
class OneOf(Typed):
    """Whether a text, date or time is one of many constants of its type."""

    item: Typed
    values: Sequence[Any]


@dataclass(frozen=True)
class Nearly(Typed):
    """A comparison of doubles of which one is computed: equal within 1e-9 of the larger magnitude."""

    op: str
    left: Typed
    right: Typed


@dataclass(frozen=True)
class Combined(Typed):
    """Three-valued `and` or `or`."""

    op: str
    items: Sequence[Typed]


@dataclass(frozen=True)
class Not(Typed):
    """Three-valued `not`."""

    item: Typed


@dataclass(frozen=True)
class Absent(Typed):
    """Whether a value is missing (for a condition: unknown); never unknown itself."""

    item: Typed


@dataclass(frozen=True)
class TextTest(Typed):
    """`contains` or `starts with`, folding ASCII letters."""

    op: str
    item: Typed
    part: Typed


@dataclass(frozen=True)
class Matches(Typed):
    """Whether the pattern is found anywhere in the text."""

    item: Typed
    pattern: Pattern


@dataclass(frozen=True)
class Holds(Typed):
    """Whether a multi-choice value holds a code."""

    item: Typed
    code: str


@dataclass(frozen=True)
class Conditional(Typed):
    """`then` where the condition is true, else `otherwise`."""

    condition: Typed
    then: Typed
    otherwise: Typed


@dataclass(frozen=True)
class FirstPresent(Typed):
    """The first item that is not missing."""

    items: Sequence[Typed]


@dataclass(frozen=True)
class Apply(Typed):
    """A plain function on present arguments; literal arguments are Python values."""

    function: Function
    arguments: Sequence[Typed]
    literals: Sequence[Any]


@dataclass(frozen=True)
class OfValues(Typed):
    """`min max sum mean median stdev count` of the present ones among listed values."""

    kind: str
    items: Sequence[Typed]


@dataclass(frozen=True)
class OfRecords(Typed):
    """`any all count min max sum mean median stdev latest earliest` over related records.

    `body` is a condition for any, all and count, a value for the others (and for a count of present
    values, wrapped in a condition); None counts the records. For latest and earliest it is the value of the
    record whose `by` is greatest or least; records without a `by` don't count. Of equal ones latest takes
    the greatest value, earliest the least, a missing value only when all are.
    """

    kind: str
    path: str
    outward: int
    body: Typed | None
    by: Typed | None = None

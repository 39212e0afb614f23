"""Building blocks of SQL that both databases share; each database has a kit with its own words."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, TypeAlias

from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnClause,
    ColumnElement,
    Float,
    Integer,
    String,
    case,
    cast,
    func,
    literal,
    literal_column,
    null,
)
from sqlalchemy.sql.elements import BindParameter, TypeCoerce
from sqlalchemy.types import TypeEngine

from rules_dsl.functions.texts import MOST_COUNT
from rules_dsl.sql.bounds import Bounds, is_safe
from rules_dsl.sql.let import Let
from rules_dsl.sql.resolver import SqlColumn
from rules_dsl.types import RuleType

Element: TypeAlias = ColumnElement[Any]

EXPONENT_LIMIT = 700.0
FIRST_DAY, LAST_DAY = date(1, 1, 1), date(9999, 12, 31)


def _is_plain(value: Element) -> bool:
    """Whether repeating `value` costs nothing: it is a column or a bound constant."""
    inner = value.clause if isinstance(value, TypeCoerce) else value
    return isinstance(inner, BindParameter | ColumnClause)


class BaseKit(ABC):
    """What a checked rule needs of SQL, apart from the shape of the rule."""

    types: ClassVar[dict[RuleType, TypeEngine[Any]]]

    def __init__(self) -> None:
        self._lets = 0

    # values

    def number(self, value: float) -> Element:
        return literal(value, Float())

    def integer(self, value: int) -> Element:
        return literal(value, BigInteger())

    def boolean(self, value: bool) -> Element:
        return literal(value, Boolean())

    def text(self, value: str) -> Element:
        return literal(value, String())

    def missing(self, kind: RuleType) -> Element:
        return cast(null(), self.types.get(kind, String()))

    def constant(self, value: Any, kind: RuleType) -> Element:
        """A bound value of `kind`."""
        if value is None:
            return self.missing(kind)
        if isinstance(value, Decimal):
            return self.decimal(value)
        return literal(self.stored(value), self.types.get(kind, String()))

    @abstractmethod
    def stored(self, value: Any) -> Any:
        """A Python value as this database keeps it."""

    @abstractmethod
    def decimal(self, value: Decimal) -> Element: ...

    @abstractmethod
    def stored_double(self, column: SqlColumn) -> Element:
        """A stored number as a double."""

    # shapes

    def when(self, condition: Element, value: Element, otherwise: Element | None = None) -> Element:
        return case((condition, value), else_=otherwise)

    def call(self, name: str, *args: Element) -> Element:
        element: Element = getattr(func, name)(*args, type_=Float())
        return element

    def let(
        self, values: Sequence[Element], body: Callable[..., Element], repeat_plain: bool = True
    ) -> Element:
        """`body` over `values`; plain columns and constants are simply repeated unless told not to."""
        self._lets += 1
        alias = f"let{self._lets}"
        names: list[Element] = []
        computed: list[Element] = []
        for value in values:
            if repeat_plain and _is_plain(value):
                names.append(value)
                continue
            names.append(literal_column(f"{alias}.v{len(computed)}", value.type))
            computed.append(value)
        built = body(*names)
        return Let(alias, computed, built) if computed else built

    # numbers

    def arithmetic(self, op: str, left: Element, right: Element, sides: tuple[Bounds, Bounds]) -> Element:
        """`left op right` on doubles, missing where the result is undefined or out of range."""
        if op == "^":
            # a constant repeated in a CASE would be folded, and fail, before the CASE is reached
            return self.let([left, right], self._power, repeat_plain=False)
        if is_safe(op, *sides):
            return self.plain(op, left, right)
        return self.guarded(op, left, right)

    def plain(self, op: str, left: Element, right: Element) -> Element:
        match op:
            case "+":
                return left + right
            case "-":
                return left - right
            case "*":
                return left * right
            case _:
                return left / func.nullif(right, self.number(0.0), type_=Float())

    @abstractmethod
    def guarded(self, op: str, left: Element, right: Element) -> Element:
        """`plain` for numbers that may overflow."""

    @abstractmethod
    def added(self, values: Sequence[Element]) -> Element:
        """The values from left to right, missing where a total on the way is beyond the largest double."""

    def _power(self, base: Element, exponent: Element) -> Element:
        """The same cases, in the same order, as `python_values.power`."""
        zero, one = self.number(0.0), self.number(1.0)
        of_zero = case((exponent < zero, None), (exponent == zero, one), else_=zero)
        undefined = (base < zero) & (exponent != self.call("floor", exponent))
        result = case(
            (base.is_(None) | exponent.is_(None), None),
            (base == zero, of_zero),
            (undefined | (self.call("abs", exponent) > self.number(1e9)), None),
            (self.call("abs", exponent) < self.number(1e-200), one),
            else_=self.let(
                [exponent * self.call("ln", self.call("abs", base))],
                lambda size: case(
                    (size > self.number(EXPONENT_LIMIT), None),
                    (size < self.number(-EXPONENT_LIMIT), zero),
                    else_=self.call("power", base, exponent),
                ),
            ),
        )
        return cast(result, Float())

    @abstractmethod
    def extreme(self, kind: str, items: Sequence[Element]) -> Element:
        """The smallest (`min`) or largest (`max`) present item."""

    # texts

    @abstractmethod
    def ordered_text(self, text: Element) -> Element:
        """A text that compares by code point."""

    def in_order(self, value: Element) -> Element:
        """A value of any type as it sorts: texts by code point."""
        return self.ordered_text(value) if isinstance(value.type, String) else value

    @abstractmethod
    def lower(self, text: Element) -> Element: ...

    @abstractmethod
    def upper(self, text: Element) -> Element: ...

    @abstractmethod
    def trim(self, text: Element) -> Element: ...

    def length(self, text: Element) -> Element:
        return cast(func.length(text), Float())

    def concat(self, texts: Sequence[Element]) -> Element:
        joined = texts[0]
        for text in texts[1:]:
            joined = joined.concat(text)
        return joined

    def substring(self, text: Element, start: int, length: int) -> Element:
        return func.substr(text, literal(start, Integer()), literal(length, Integer()), type_=String())

    @abstractmethod
    def text_number(self, text: Element) -> Element: ...

    def divide(self, left: Element, right: Element) -> Element:
        return self.guarded("/", left, right)

    def middle(self, low: Element, high: Element) -> Element:
        """The mean of two numbers, of which neither may be missing."""
        mean = self.guarded("/", self.guarded("+", low, high), self.number(2.0))
        return self.when(low == high, low, mean)

    def fixed(self, number: Element, units: Element, digits: int) -> Element:
        """`units` are whole, below 1e15; the digits of the fraction follow a 1 that is cut off again."""
        scale = self.integer(10**digits)

        def joined(count: Element) -> Element:
            whole = cast(count.op("/")(scale), BigInteger())
            sign = self.when(
                (number < self.number(0.0)) & (count > self.integer(0)), self.text("-"), self.text("")
            )
            text = sign.concat(self.digits(whole))
            if digits == 0:
                return text
            fraction = func.substr(self.digits(count - whole * scale + scale), 2, type_=String())
            return text.concat(self.text(".")).concat(fraction)

        return self.let([cast(units, BigInteger())], joined)

    def digits(self, whole: Element) -> Element:
        """A whole number as text."""
        return cast(whole, self.types[RuleType.TEXT])

    @abstractmethod
    def written(self, column: SqlColumn) -> Element:
        """A stored whole or decimal number as its shortest text."""

    def replace(self, text: Element, old: Element, new: Element) -> Element:
        return func.replace(text, old, new, type_=self.types[RuleType.TEXT])

    @abstractmethod
    def position(self, text: Element, part: Element) -> Element: ...

    def _count(self, count: Element) -> Element:
        """A number of characters: whole, not negative, and no larger than an integer holds."""
        most = self.number(MOST_COUNT)
        clamped = self.let(
            [count],
            lambda x: case((x < self.number(0.0), self.number(0.0)), (x > most, most), else_=x),
        )
        return cast(self.call("trunc", clamped), Integer())

    def left(self, text: Element, count: Element) -> Element:
        return func.substr(text, 1, self._count(count), type_=self.types[RuleType.TEXT])

    def right(self, text: Element, count: Element) -> Element:
        def last(whole: Element, wanted: Element) -> Element:
            skipped = func.length(whole, type_=Integer()) - wanted
            start = case((skipped > 0, skipped + 1), (skipped <= 0, 1))
            return func.substr(whole, start, type_=self.types[RuleType.TEXT])

        return self.let([text, self._count(count)], last)

    @abstractmethod
    def text_part(self, text: Element, separator: Element, number: int) -> Element: ...

    @abstractmethod
    def md5(self, text: Element) -> Element: ...

    @abstractmethod
    def hmac(self, text: Element, key: Element) -> Element: ...

    @abstractmethod
    def contains(self, text: Element, part: Element) -> Element: ...

    @abstractmethod
    def starts_with(self, text: Element, part: Element) -> Element: ...

    @abstractmethod
    def matches(self, text: Element, pattern: str) -> Element: ...

    @abstractmethod
    def holds(self, codes: Element, code: str) -> Element: ...

    # dates

    @abstractmethod
    def midnight(self, day: Element) -> Element: ...

    @abstractmethod
    def part(self, moment: Element, part: str) -> Element: ...

    @abstractmethod
    def seconds(self, moment: Element) -> Element: ...

    @abstractmethod
    def add_days(self, moment: Element, days: Element) -> Element: ...

    @abstractmethod
    def add_months(self, moment: Element, count: Element, size: int) -> Element: ...

    @abstractmethod
    def add_seconds(self, moment: Element, seconds: int) -> Element: ...

    def shifted(self, moment: Element, months: int, seconds: int) -> Element:
        """The steps of `functions.dates.shifted`."""
        if months:
            moment = self.add_months(moment, self.number(float(months)), 1)
        return self.add_seconds(moment, seconds) if seconds or not months else moment

    @abstractmethod
    def date_of(self, moment: Element) -> Element: ...

    def age_months(self, birth: Element, at: Element) -> Element:
        def completed(born: Element, then: Element) -> Element:
            years = self.part(then, "year") - self.part(born, "year")
            months = years * self.number(12.0) + (self.part(then, "month") - self.part(born, "month"))
            early = self.part(then, "day") < self.part(born, "day")
            return months - self.when(early, self.number(1.0), self.number(0.0))

        return self.let([birth, at], completed)

    def age_years(self, birth: Element, at: Element) -> Element:
        def completed(born: Element, then: Element) -> Element:
            birthday = self.part(born, "month") * self.number(100.0) + self.part(born, "day")
            today = self.part(then, "month") * self.number(100.0) + self.part(then, "day")
            years = self.part(then, "year") - self.part(born, "year")
            return years - self.when(today < birthday, self.number(1.0), self.number(0.0))

        return self.let([birth, at], completed)

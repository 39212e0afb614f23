"""PostgreSQL's words: NUMERIC decimals, real dates, JSONB choices, and guards against aborted queries."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    Numeric,
    Text,
    Time,
    case,
    cast,
    collate,
    extract,
    func,
    literal,
    type_coerce,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from rules_dsl.functions.dates import MOST_DAYS
from rules_dsl.functions.texts import BLANKS
from rules_dsl.sql.kit import FIRST_DAY, LAST_DAY, BaseKit, Element
from rules_dsl.sql.resolver import SqlColumn
from rules_dsl.types import RuleType

_LARGEST = 1.7976931348623157e308
_HALF_STEP = 2.0**970  # beyond the largest double: less than this rounds back to it
_LOG_LARGEST = 709.7827128933
_LOG_SMALLEST = -745.0
_NUMBER_SHAPE = r"^[+-]?[0-9]{1,15}(\.[0-9]{1,15})?$"


class PostgresqlKit(BaseKit):
    """See `BaseKit`."""

    types: ClassVar[dict[RuleType, TypeEngine[Any]]] = {
        RuleType.INTEGER: BigInteger(),
        RuleType.DECIMAL: Numeric(),
        RuleType.NUMBER: Float(),
        RuleType.TEXT: Text(),
        RuleType.CHOICE: Text(),
        RuleType.CHOICES: JSONB(),
        RuleType.BOOLEAN: Boolean(),
        RuleType.DATE: Date(),
        RuleType.DATETIME: DateTime(),
        RuleType.TIME: Time(),
    }

    def stored(self, value: Any) -> Any:
        return value

    def decimal(self, value: Decimal) -> Element:
        return literal(value, Numeric())

    def stored_double(self, column: SqlColumn) -> Element:
        if column.type is RuleType.NUMBER:
            return column.element
        return cast(column.element, Float())

    def guarded(self, op: str, left: Element, right: Element) -> Element:
        guard = self._guarded_sum if op in "+-" else self._guarded_product
        return self.let([left, right], lambda a, b: guard(op, a, b))

    def _guarded_sum(self, op: str, a: Element, b: Element) -> Element:
        """Signs that agree overflow when one magnitude passes what the other leaves free."""
        added = -b if op == "-" else b
        zero = self.number(0.0)
        agree = (a > zero) == (added > zero)
        over = func.abs(a) - (self.number(_LARGEST) - func.abs(b)) >= self.number(_HALF_STEP)
        return self.when((agree & over).is_not(True), self.plain(op, a, b))

    def _guarded_product(self, op: str, a: Element, b: Element) -> Element:
        """By logarithms, which can't overflow themselves."""
        zero = self.number(0.0)
        log_a, log_b = self.call("ln", func.abs(a)), self.call("ln", func.abs(b))
        size = log_a + log_b if op == "*" else log_a - log_b
        is_zero = (a == zero) | (b == zero) if op == "*" else a == zero
        undefined = a.is_(None) | b.is_(None)
        return case(
            (undefined if op == "*" else undefined | (b == zero), None),
            (is_zero, zero),
            (size > self.number(_LOG_LARGEST), None),
            (size < self.number(_LOG_SMALLEST), zero),
            else_=self.plain(op, a, b),
        )

    def extreme(self, kind: str, items: Sequence[Element]) -> Element:
        """GREATEST and LEAST pass over NULLs."""
        name = "least" if kind == "min" else "greatest"
        result: Element = getattr(func, name)(*items, type_=items[0].type)
        return result

    def ordered_text(self, text: Element) -> Element:
        return collate(text, "C")

    def lower(self, text: Element) -> Element:
        return func.lower(collate(text, "C"), type_=Text())

    def upper(self, text: Element) -> Element:
        return func.upper(collate(text, "C"), type_=Text())

    def trim(self, text: Element) -> Element:
        return func.btrim(text, self.text(BLANKS), type_=Text())

    def text_number(self, text: Element) -> Element:
        def read(written: Element) -> Element:
            digits = func.length(func.translate(written, "+-.", ""))
            shaped = written.op("~", is_comparison=True)(self.text(_NUMBER_SHAPE)) & (digits <= 15)
            return self.when(shaped, cast(written, Float()) + self.number(0.0))

        return self.let([text], read)

    def contains(self, text: Element, part: Element) -> Element:
        return func.strpos(self.lower(text), part, type_=Integer()) > 0

    def starts_with(self, text: Element, part: Element) -> Element:
        return func.starts_with(self.lower(text), part, type_=Boolean())

    def matches(self, text: Element, pattern: str) -> Element:
        return collate(text, "C").op("~", is_comparison=True)(self.text(pattern))

    def holds(self, codes: Element, code: str) -> Element:
        held: Element = type_coerce(codes, JSONB()).has_key(code)
        return held

    def midnight(self, day: Element) -> Element:
        return cast(day, DateTime())

    def part(self, moment: Element, part: str) -> Element:
        return cast(extract(part, moment), Float())

    def seconds(self, moment: Element) -> Element:
        return cast(extract("epoch", moment), Float())

    def add_days(self, moment: Element, days: Element) -> Element:
        """Checked as a count of days from the first one, since PostgreSQL fails far outside the calendar."""
        has_time = isinstance(moment.type, DateTime)
        span = (LAST_DAY - FIRST_DAY).days

        def shifted(start: Element, shift: Element) -> Element:
            whole = cast(func.trunc(shift), Integer())
            position = (cast(start, Date()) - literal(FIRST_DAY, Date())) + whole
            moved = start + (func.make_interval(0, 0, 0, whole) if has_time else whole)
            inside = self.when(type_coerce(position, Integer()).between(0, span), moved)
            return self.when(func.abs(shift) <= self.number(MOST_DAYS), inside)

        return self.let([moment, days], shifted)

    def date_of(self, moment: Element) -> Element:
        return cast(moment, Date())

"""PostgreSQL's words: NUMERIC decimals, real dates, JSONB choices, and guards against aborted queries."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from hashlib import sha256
from typing import Any, ClassVar

from sqlalchemy import (
    BigInteger,
    Boolean,
    Date,
    DateTime,
    Float,
    Integer,
    Interval,
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
from sqlalchemy.sql.elements import BindParameter, Cast, TypeCoerce
from sqlalchemy.types import TypeEngine

from rules_dsl.errors import SqlCannotRun
from rules_dsl.functions.dates import MOST_DAYS, MOST_MONTHS
from rules_dsl.functions.texts import BLANKS
from rules_dsl.sql.added import Added
from rules_dsl.sql.kit import FIRST_DAY, LAST_DAY, BaseKit, Element
from rules_dsl.sql.resolver import SqlColumn
from rules_dsl.types import RuleType

_LARGEST = 1.7976931348623157e308
_HALF_STEP = 2.0**970  # beyond the largest double: less than this rounds back to it
_FIRST_SECOND = -62135596800.0  # 0001-01-01, in seconds of Unix
_LAST_SECOND = 253402300799.0  # 9999-12-31 23:59:59
_BLOCK = 64  # bytes that SHA-256 takes at a time
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

    def added(self, values: Sequence[Element]) -> Element:
        return Added(values)

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

    def written(self, column: SqlColumn) -> Element:
        if column.type is RuleType.INTEGER:
            return self.digits(column.element)
        return cast(func.trim_scale(column.element), Text())

    def position(self, text: Element, part: Element) -> Element:
        return cast(func.strpos(text, part), Float())

    def text_part(self, text: Element, separator: Element, number: int) -> Element:
        def found(whole: Element, between: Element) -> Element:
            without = func.length(func.replace(whole, between, ""))
            cuts = (func.length(whole) - without).op("/")(func.nullif(func.length(between), 0))
            only = whole if number == 1 else self.missing(RuleType.TEXT)
            piece = func.split_part(whole, between, number, type_=Text())
            return case((between == "", only), (cuts >= number - 1, piece))

        return self.let([text, separator], found)

    def md5(self, text: Element) -> Element:
        return func.md5(func.convert_to(text, "UTF8"), type_=Text())

    def hmac(self, text: Element, key: Element) -> Element:
        """Of the built-in SHA-256 (RFC 2104); its padded keys are bound values, so that no log shows them."""
        constant = key.clause if isinstance(key, TypeCoerce) else key
        if not isinstance(constant, BindParameter):
            if isinstance(constant, Cast):  # a missing key
                return self.missing(RuleType.TEXT)
            raise SqlCannotRun(
                reason="the key of hmac must be written out here",
                reason_zh="hmac 的密钥在此必须直接写出",
            )
        secret = str(constant.value).encode()
        block = (sha256(secret).digest() if len(secret) > _BLOCK else secret).ljust(_BLOCK, b"\0")
        inner_key, outer_key = (literal(bytes(byte ^ pad for byte in block)) for pad in (0x36, 0x5C))
        inner = func.sha256(inner_key.op("||")(func.convert_to(text, "UTF8")))
        return func.encode(func.sha256(outer_key.op("||")(inner)), "hex", type_=Text())

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
        return cast(extract("isodow" if part == "weekday" else part, moment), Float())

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

    def add_months(self, moment: Element, count: Element, size: int) -> Element:
        """Checked as a count of months, since PostgreSQL fails far outside the calendar."""

        def moved(start: Element, units: Element) -> Element:
            months = cast(func.trunc(units), Integer()) * size
            position = cast(extract("year", start) * 12 + extract("month", start), Integer()) + months
            inside = type_coerce(position, Integer()).between(13, 9999 * 12 + 12)
            end = cast(start + func.make_interval(0, months), moment.type)
            return self.when(func.abs(units) <= self.number(MOST_MONTHS / size), self.when(inside, end))

        return self.let([moment, count], moved)

    def add_seconds(self, moment: Element, seconds: int) -> Element:
        step = literal(timedelta(seconds=seconds), Interval())

        def moved(start: Element) -> Element:
            position = self.seconds(start) + self.number(float(seconds))
            inside = position.between(self.number(_FIRST_SECOND), self.number(_LAST_SECOND))
            return self.when(inside, cast(start + step, moment.type))

        return self.let([moment], moved)

    def date_of(self, moment: Element) -> Element:
        return cast(moment, Date())

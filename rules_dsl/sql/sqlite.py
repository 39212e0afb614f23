"""SQLite's words: exact decimals as scaled integers, dates and times as ISO text, choices as JSON text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from inspect import signature
from typing import Any, ClassVar, Protocol

from sqlalchemy import (
    BigInteger,
    Boolean,
    Float,
    Integer,
    String,
    case,
    cast,
    func,
    literal,
    literal_column,
    select,
)
from sqlalchemy.types import TypeEngine

from rules_dsl.functions.dates import MOST_DAYS, MOST_MONTHS
from rules_dsl.functions.texts import BLANKS, hmac_sha256, md5, text_part
from rules_dsl.patterns import Pattern
from rules_dsl.sql.extreme import Extreme
from rules_dsl.sql.kit import BaseKit, Element
from rules_dsl.sql.resolver import SqlColumn
from rules_dsl.sql.shapes import sum_of
from rules_dsl.types import RuleType

_INFINITY = literal_column("9e999", Float())
_FIRST_DAY = "0001-01-01"
_PLACES = {"year": (1, 4), "month": (6, 2), "day": (9, 2)}


class _SqliteConnection(Protocol):
    def create_function(self, name: str, narg: int, func: Any, /, *, deterministic: bool = ...) -> None: ...


def prepare_sqlite(connection: _SqliteConnection) -> None:
    """Teach a new sqlite3 connection the functions that SQLite lacks: `matches`, `part`, `md5`, `hmac`."""

    def matches(pattern: str, text: str) -> bool:
        return Pattern(pattern).search(text)

    functions: dict[str, Callable[..., Any]] = {
        "matches": matches,
        "part": text_part,
        "md5": md5,
        "hmac": hmac_sha256,
    }
    for name, function in functions.items():
        count = len(signature(function).parameters)
        connection.create_function(f"zhenshu_{name}", count, _of_present(function), deterministic=True)


def _finite(number: Element) -> Element:
    below = func.nullif(number, _INFINITY, type_=Float())
    return func.nullif(below, -_INFINITY, type_=Float())


def _of_present(function: Callable[..., Any]) -> Callable[..., Any]:
    """`function`, NULL where an argument is."""

    def apply(*values: Any) -> Any:
        return None if None in values else function(*values)

    return apply


class SqliteKit(BaseKit):
    """See `BaseKit`."""

    types: ClassVar[dict[RuleType, TypeEngine[Any]]] = {
        RuleType.INTEGER: BigInteger(),
        RuleType.DECIMAL: Float(),
        RuleType.NUMBER: Float(),
        RuleType.TEXT: String(),
        RuleType.CHOICE: String(),
        RuleType.CHOICES: String(),
        RuleType.BOOLEAN: Boolean(),
        RuleType.DATE: String(),
        RuleType.DATETIME: String(),
        RuleType.TIME: String(),
    }

    def stored(self, value: Any) -> Any:
        if isinstance(value, datetime):
            return value.isoformat(sep=" ")
        return value.isoformat() if isinstance(value, date | time) else value

    def decimal(self, value: Decimal) -> Element:
        return self.number(float(value))

    def stored_double(self, column: SqlColumn) -> Element:
        if column.type is RuleType.NUMBER:
            return column.element
        double = cast(column.element, Float())
        return double / self.number(10.0**column.scale) if column.scale else double

    def guarded(self, op: str, left: Element, right: Element) -> Element:
        """SQLite overflows to infinity, which becomes missing here."""
        return _finite(self.plain(op, left, right))

    def added(self, values: Sequence[Element]) -> Element:
        """An infinite total stays so, or becomes NaN, which is NULL here."""
        return _finite(sum_of(values))

    def call(self, name: str, *args: Element) -> Element:
        """SQLAlchemy puts a Python `floor` that fails on NULL over SQLite's own, so `ceil` does its work."""
        if name == "floor":
            return self.number(0.0) - super().call("ceil", self.number(0.0) - args[0])
        return super().call(name, *args)

    def extreme(self, kind: str, items: Sequence[Element]) -> Element:
        return Extreme(kind, items)

    def ordered_text(self, text: Element) -> Element:
        return text

    def lower(self, text: Element) -> Element:
        return func.lower(text, type_=String())

    def upper(self, text: Element) -> Element:
        return func.upper(text, type_=String())

    def trim(self, text: Element) -> Element:
        return func.trim(text, self.text(BLANKS), type_=String())

    def text_number(self, text: Element) -> Element:
        """Digits as a whole number divided by a power of ten: SQLite's own cast is not always nearest."""
        first = func.substr(text, 1, 1)
        unsigned = case((first.in_(["+", "-"]), func.substr(text, 2)), else_=text)

        def read(written: Element, digits: Element) -> Element:
            point = func.instr(digits.concat("."), ".", type_=Integer())
            decimals = func.max(func.length(digits) - point, 0, type_=Integer())
            whole = cast(func.replace(digits, ".", ""), Float())
            value = whole / func.pow(self.number(10.0), decimals, type_=Float())
            signed = self.when(func.substr(written, 1, 1) == "-", self.number(0.0) - value, value)
            glob = digits.op("GLOB", is_comparison=True)
            shaped = (
                glob("[0-9]*")
                & glob("*[0-9]")
                & ~glob("*[^0-9.]*")
                & ~glob("*.*.*")
                & (func.length(func.replace(digits, ".", "")) <= 15)
            )
            return self.when(shaped, signed)

        return self.let([text, unsigned], read)

    def written(self, column: SqlColumn) -> Element:
        if not column.scale:
            return self.digits(column.element)
        scale = self.integer(10**column.scale)

        def joined(units: Element) -> Element:
            size = func.abs(units, type_=BigInteger())
            whole = cast(size.op("/")(scale), BigInteger())
            padded = func.substr(self.digits(size - whole * scale + scale), 2, type_=String())
            fraction = func.rtrim(
                self.text(".").concat(func.rtrim(padded, "0", type_=String())), ".", type_=String()
            )
            sign = self.when(units < self.integer(0), self.text("-"), self.text(""))
            return sign.concat(self.digits(whole)).concat(fraction)

        return self.let([cast(column.element, BigInteger())], joined)

    def position(self, text: Element, part: Element) -> Element:
        return cast(func.instr(text, part), Float())

    def text_part(self, text: Element, separator: Element, number: int) -> Element:
        return func.zhenshu_part(text, separator, self.integer(number), type_=String())

    def md5(self, text: Element) -> Element:
        return func.zhenshu_md5(text, type_=String())

    def hmac(self, text: Element, key: Element) -> Element:
        return func.zhenshu_hmac(text, key, type_=String())

    def contains(self, text: Element, part: Element) -> Element:
        return func.instr(self.lower(text), part, type_=Integer()) > 0

    def starts_with(self, text: Element, part: Element) -> Element:
        folded = self.lower(text)
        return self.let([part], lambda start: func.substr(folded, 1, func.length(start)) == start)

    def matches(self, text: Element, pattern: str) -> Element:
        return func.zhenshu_matches(self.text(pattern), text, type_=Boolean())

    def holds(self, codes: Element, code: str) -> Element:
        def held(stored: Element) -> Element:
            each = func.json_each(stored).table_valued("value")
            found = select(literal(1)).select_from(each).where(each.c.value == self.text(code)).exists()
            return self.when(stored.is_not(None), found)

        return self.let([codes], held)

    def midnight(self, day: Element) -> Element:
        return day.concat(self.text(" 00:00:00"))

    def part(self, moment: Element, part: str) -> Element:
        if part == "weekday":  # SQLite counts from Sunday, 0
            day = cast(func.strftime("%w", moment, type_=String()), Integer())
            return cast((day + 6) % 7 + 1, Float())
        if part in ("hour", "minute"):
            return self.let([moment], lambda clock: self._clock(clock, part))
        start, length = _PLACES[part]
        return cast(func.substr(moment, start, length), Float())

    def _clock(self, clock: Element, part: str) -> Element:
        """Hours stand before the first colon, whether a date goes before them or not."""
        colon = func.instr(clock, ":", type_=Integer())
        start = colon - 2 if part == "hour" else colon + 1
        return cast(func.substr(clock, start, 2), Float())

    def seconds(self, moment: Element) -> Element:
        return cast(func.strftime("%s", moment), Float())

    def add_days(self, moment: Element, days: Element) -> Element:
        def shifted(start: Element, shift: Element) -> Element:
            modifier = cast(cast(shift, BigInteger()), String()).concat(" days")
            only_date = func.length(start) == 10
            moved = case((only_date, func.date(start, modifier)), else_=func.datetime(start, modifier))
            inside = self.let(
                [moved],
                lambda end: self.when((end >= "0001-01-01") & (end < "9999-12-32"), end),
            )
            return self.when(func.abs(shift) <= self.number(MOST_DAYS), inside)

        return self.let([moment, days], shifted)

    def add_months(self, moment: Element, count: Element, size: int) -> Element:
        """SQLite runs a day that the month lacks over into the next one: then that one's eve is meant."""

        def moved(start: Element, units: Element) -> Element:
            months = cast(cast(units, BigInteger()) * self.integer(size), String()).concat(" months")
            days = cast(cast(func.substr(start, 9, 2), Integer()) - 1, String()).concat(" days")
            inside = self.let(
                [func.date(start, "start of month", months, days, type_=String())],
                lambda day: self._cut(day, start),
            )
            return self.when(func.abs(units) <= self.number(MOST_MONTHS / size), inside)

        return self.let([moment, count], moved)

    def _cut(self, day: Element, start: Element) -> Element:
        whole = func.substr(day, 9, 2) == func.substr(start, 9, 2)
        eve = func.date(day, "start of month", "-1 days", type_=String())
        cut = case((whole, day), else_=eve).concat(func.substr(start, 11, type_=String()))
        return self.when(day >= _FIRST_DAY, cut)

    def add_seconds(self, moment: Element, seconds: int) -> Element:
        modifier = self.text(f"{seconds:+d} seconds")

        def moved(start: Element) -> Element:
            by_day = func.date(start, modifier, type_=String())
            by_second = func.datetime(start, modifier, type_=String())
            end = case((func.length(start) == 10, by_day), else_=by_second)
            return self.let([end], lambda it: self.when(it >= _FIRST_DAY, it))

        return self.let([moment], moved)

    def date_of(self, moment: Element) -> Element:
        return func.substr(moment, 1, 10, type_=String())

"""Hypothesis strategies: well-typed rules as text, and records for them to run on."""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Any

from hypothesis import strategies as st

from rules_dsl import Missing, RuleType
from rules_dsl.literals import quote

TYPES: dict[str, Any] = {
    "i": RuleType.INTEGER,
    "j": RuleType.INTEGER,
    "d": RuleType.DECIMAL,
    "e": RuleType.DECIMAL,
    "f": RuleType.NUMBER,
    "g": RuleType.NUMBER,
    "t": RuleType.TEXT,
    "u": RuleType.TEXT,
    "c": RuleType.CHOICE,
    "m": RuleType.CHOICES,
    "b": RuleType.BOOLEAN,
    "day": RuleType.DATE,
    "at": RuleType.DATETIME,
    "clock": RuleType.TIME,
    "r": {
        "n": RuleType.DECIMAL,
        "k": RuleType.CHOICE,
        "q": RuleType.BOOLEAN,
        "on": RuleType.DATE,
        "note": RuleType.TEXT,
    },
}

integers = st.integers(-20, 20) | st.integers(-(2**53), 2**53)
decimals = st.decimals("-1000000000", "1000000000", places=2)
floats = st.floats(-100, 100) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.sampled_from("abAB1.- 结节éÉ𝒜'"), max_size=6)
codes = st.sampled_from(["1", "2", "a"])
dates = st.dates(date(1900, 1, 1), date(2100, 1, 1)) | st.dates()
moments = st.builds(
    datetime.combine, dates, st.times().map(lambda clock: clock.replace(microsecond=0, fold=0))
)
clocks = st.times().map(lambda clock: time(clock.hour, clock.minute, clock.second))


def maybe(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | values | st.sampled_from([Missing(), Missing("refused"), Missing("未查")])


related = st.fixed_dictionaries(
    {
        "n": maybe(st.decimals(-100, 100, places=2)),
        "k": maybe(codes),
        "q": maybe(st.booleans()),
        "on": maybe(st.sampled_from([date(2026, 1, 5), date(2026, 2, 28), date(2024, 2, 29)])),
        "note": maybe(texts),
    }
)
records = st.fixed_dictionaries(
    {
        **dict.fromkeys("ij", maybe(integers)),
        **dict.fromkeys("de", maybe(decimals)),
        **dict.fromkeys("fg", maybe(floats)),
        **dict.fromkeys("tu", maybe(texts)),
        "c": maybe(codes),
        "m": maybe(st.lists(codes, unique=True)),
        "b": maybe(st.booleans()),
        "day": maybe(dates),
        "at": maybe(moments),
        "clock": maybe(clocks),
        "r": st.lists(related, max_size=3),
    }
)

number_literals = st.sampled_from(
    ["0", "1", "2.5", "0.1", "100", "8.10", "-3", "1e9", "12345678901234567890"]
)
number_fields = st.sampled_from([f"[{name}]" for name in "ijdefg"])
text_literals = texts.map(quote)


def _call(name: str, *parts: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.tuples(*parts).map(lambda written: f"{name}({', '.join(written)})")


def _between(op: st.SearchStrategy[str], left: Any, right: Any) -> st.SearchStrategy[str]:
    return st.tuples(left, op, right).map(lambda parts: f"({parts[0]} {parts[1]} {parts[2]})")


comparison = st.sampled_from(["=", "<>", "<", "<=", ">", ">="])


of_records = st.sampled_from(
    [
        "count([r])",
        "max([r.n])",
        "min([r.n])",
        "median([r.n])",
        "count([r.n])",
        "count([r], [n] > 5)",
        "latest([r], [on], [n])",
        "earliest([r], -[n], [n] * 2)",
    ]
)


def numbers(depth: int) -> st.SearchStrategy[str]:
    simple = number_fields | number_literals
    if depth == 0:
        return simple
    below = numbers(depth - 1)
    return st.one_of(
        simple,
        _between(st.sampled_from("+-*/"), below, below),
        below.map(lambda written: f"-({written})"),
        _call("round", below, st.sampled_from(["0", "1", "2", "-2"])),
        *[_call(name, below) for name in ("abs", "floor", "ceil", "sqrt")],
        *[_call(name, below, below) for name in ("min", "max", "sum", "mean", "count")],
        _call("if", conditions(depth - 1), below, below),
        _call("coalesce", below, below),
        _call("length", some_text(depth - 1)),
        _call("number", some_text(depth - 1)),
        _call("datediff", some_date(depth - 1), some_date(depth - 1), st.sampled_from(["'d'", "'y'", "'h'"])),
        _call("age_years", some_date(depth - 1), some_date(depth - 1)),
        *[_call(name, some_date(depth - 1)) for name in ("year", "month", "day")],
        _call("age_months", some_date(depth - 1), some_date(depth - 1)),
        _call("weekday", some_date(depth - 1)),
        *[_call(name, st.sampled_from(["[at]", "[clock]", "now()"])) for name in ("hour", "minute")],
        _call("mod", below, below),
        _call("sign", below),
        _call("median", below, below, below),
        _call("position", some_text(depth - 1), some_text(depth - 1)),
        of_records,
    )


def some_text(depth: int) -> st.SearchStrategy[str]:
    simple = st.sampled_from(["[t]", "[u]", "[c]"]) | text_literals
    if depth == 0:
        return simple
    below = some_text(depth - 1)
    return st.one_of(
        simple,
        *[_call(name, below) for name in ("lower", "upper", "trim")],
        _call("concat", below, below),
        _call("substring", below, st.sampled_from("123"), st.sampled_from("123")),
        _call("replace", below, below, below),
        *[_call(name, below, numbers(depth - 1)) for name in ("left", "right")],
        _call("part", below, below, st.sampled_from("123")),
        _call("format", numbers(depth - 1), st.sampled_from(["0", "2", "7"])),
        _call("text", st.sampled_from(["[i]", "[j]", "[d]", "[e]", "-12.50"])),
        _call("md5", below),
        _call("hmac", below, text_literals),
        st.sampled_from(["latest([r], [on], [note])", "earliest([r], [n], [k])"]),
        st.sampled_from(list("ijdftcmb")).map(lambda name: f"missing_reason([{name}])"),
        _call("if", conditions(depth - 1), below, below),
        _call("coalesce", below, below),
    )


durations = st.builds(
    lambda count, unit: f"{count} {unit}",
    st.sampled_from([0, 1, 2, 13, 400, 9000]),
    st.sampled_from(["days", "weeks", "months", "years", "天", "个月"]),
)


def some_date(depth: int) -> st.SearchStrategy[str]:
    simple = st.sampled_from(["[day]", "[at]", "today()", "@2024-02-29", "@2026-03-05T14:20"])
    if depth == 0:
        return simple
    below = some_date(depth - 1)
    return st.one_of(
        simple,
        _call("add_days", below, number_fields | st.sampled_from(["1", "-400", "0.9", "1e6"])),
        *[
            _call(name, below, number_fields | st.sampled_from(["1", "-13", "1.9"]))
            for name in ("add_months", "add_years")
        ],
        _between(st.sampled_from("+-"), below, durations),
        st.sampled_from(["latest([r], [n], [on])", "earliest([r], [on], [on])"]),
        _call("date_of", below),
        _call("max", st.just("[day]"), st.just("today()")),
        _call("if", conditions(depth - 1), st.just("[day]"), st.just("today()")),
    )


patterns = st.sampled_from([r"^a", r"\d$", r"[^a-z]{2}", r"(a|结)+", r"\.", r"^$", r"\s\w?", "b.?A"]).map(
    quote
)


def conditions(depth: int) -> st.SearchStrategy[str]:
    values, written = numbers(max(depth - 1, 0)), some_text(max(depth - 1, 0))
    simple = st.one_of(
        st.sampled_from(["[b]", "true", "[m] has '1'", "[c] in ('1', 'a')", "[clock] < '12:30'"]),
        _between(comparison, number_fields, number_fields | number_literals),
        _between(comparison, values, values),
        _between(comparison, st.sampled_from(["[t]", "[u]"]), text_literals),
        _between(comparison, some_date(max(depth - 1, 0)), some_date(0)),
        _between(comparison, _between(st.just("-"), some_date(0), some_date(0)), durations),
        st.sampled_from(["exists([r])", "exists([r], [note] contains 'a')", "[at] + 90 minutes > now()"]),
        st.sampled_from(["any([r], missing_reason([n]) = 'refused')", "missing_reason([day]) is missing"]),
        st.sampled_from(["latest([r], [on], [q])", "stdev([r.n]) < 12.3456789", "stdev([d], [e]) > 7.1"]),
        _between(st.sampled_from(["contains", "starts with"]), written, written),
        _between(st.just("matches"), written, patterns),
        st.sampled_from(["any([r], [n] > 5)", "all([r], [q])", "any([r], [k] = [c])", "all([r], [n] < [i])"]),
    )
    if depth == 0:
        return simple
    below = conditions(depth - 1)
    return st.one_of(
        simple,
        _between(st.sampled_from(["and", "or"]), below, below),
        below.map(lambda inner: f"not ({inner})"),
        (values | written | below).map(lambda inner: f"({inner}) is missing"),
        st.tuples(values, values, values).map(
            lambda parts: f"({parts[0]} between {parts[1]} and {parts[2]})"
        ),
    )


rules = st.one_of(numbers(3), some_text(2), some_date(2), conditions(3))

"""Generated rules give the same on Python, SQLite, PostgreSQL and in the browser."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from rules_dsl import FUNCTIONS, parse
from rules_dsl.nearness import near_range
from rules_dsl.python_values import nearly_equal
from tests.rules_dsl.back_ends import BackEnd, PythonBackEnd, SqlBackEnd, TypeScriptBackEnd
from tests.rules_dsl.strategies import TYPES, records, rules

PYTHON = PythonBackEnd()
ON_THE_SERVER_ONLY = [function.name for function in FUNCTIONS if not function.browser]
GENERATED = settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture],
)


def agree(one: Any, other: Any) -> bool:
    """Whether two back ends gave the same; numbers to 12 digits, all else exactly."""
    if isinstance(one, bool) or isinstance(other, bool) or one is None or other is None:
        return one is other
    if isinstance(one, str) or hasattr(one, "year"):
        return bool(one == other)
    return math.isclose(float(one), float(other), rel_tol=1e-12, abs_tol=1e-300)


def compare(rule: str, record: dict[str, Any], back_end: BackEnd) -> None:
    expected = PYTHON.value(rule, TYPES, record)
    found = back_end.value(rule, TYPES, record)

    assert agree(expected, found), f"{rule}: {expected!r} in Python, {found!r} on {back_end.name}"


@given(rules, records)
@GENERATED
def test_sqlite_gives_what_python_gives(sqlite: SqlBackEnd, rule: str, record: dict[str, Any]) -> None:
    compare(rule, record, sqlite)


@pytest.mark.postgresql
@given(rules, records)
@GENERATED
def test_postgresql_gives_what_python_gives(
    postgresql_back_end: SqlBackEnd, rule: str, record: dict[str, Any]
) -> None:
    compare(rule, record, postgresql_back_end)


@given(rules, records)
@settings(GENERATED, max_examples=400)
def test_the_browser_gives_what_python_gives(
    typescript: TypeScriptBackEnd, rule: str, record: dict[str, Any]
) -> None:
    assume(not any(f"{name}(" in rule for name in ON_THE_SERVER_ONLY))

    compare(rule, record, typescript)


@given(rules)
@settings(max_examples=200, deadline=None)
@example("not [a] is missing")
def test_reading_what_was_printed_gives_the_same_tree(rule: str) -> None:
    tree = parse(rule)

    assert parse(str(tree)) == tree
    assert str(parse(str(tree))) == str(tree)


@given(
    st.floats(allow_nan=False, allow_infinity=False) | st.integers(-100, 100).map(float),
    st.floats(-3e-9, 3e-9),
    st.floats(allow_nan=False, allow_infinity=False),
)
@settings(max_examples=500, deadline=None)
def test_the_neighbours_of_a_constant_are_those_that_nearly_equal_it(
    value: float, shift: float, other: float
) -> None:
    low, high = near_range(value)
    ends = [low, high, math.nextafter(low, -math.inf), math.nextafter(high, math.inf)]

    for number in (value, value * (1 + shift), other, *ends):
        if math.isfinite(number):
            assert (low <= number <= high) is nearly_equal(number, value)

"""No text exhausts the process: too large is refused at once, and what a back end can't run it says."""

from __future__ import annotations

import pytest

from rules_dsl import BadTree, RuleTooLarge, RuleType, SqlCannotRun, Tree, compile_python, parse
from tests.rules_dsl.back_ends import NOW, SqlBackEnd

TYPES = {"a": RuleType.INTEGER}


@pytest.mark.parametrize(
    "text",
    ["1" * 100_000, "(" * 10_000, "(" * 201 + "1" + ")" * 201, "not " * 4_900 + "true", "1" + "+1" * 9_000],
    ids=["long", "parentheses", "nested", "not", "sum"],
)
def test_a_huge_rule_is_refused(text: str) -> None:
    with pytest.raises(RuleTooLarge):
        parse(text)


def test_a_deep_stored_tree_is_refused() -> None:
    node: dict[str, object] = {"n": "field", "path": "a"}
    for _ in range(5_000):
        node = {"n": "unary", "op": "-", "item": node}

    with pytest.raises(BadTree):
        Tree.from_json({"v": 1, "root": node})


def test_a_rule_at_the_limit_still_runs_in_python() -> None:
    rule = parse("if([a] = 1, " * 190 + "7" + ", 0)" * 190)

    assert compile_python(rule, TYPES)({"a": 1}, NOW) == 7


def test_sqlite_says_when_a_rule_nests_too_deeply_for_it(sqlite: SqlBackEnd) -> None:
    with pytest.raises(SqlCannotRun):
        sqlite.value("if([a] = 1, " * 60 + "7" + ", 0)" * 60, TYPES, {"a": 1})


def test_sqlite_takes_many_listed_values_and_says_when_there_are_too_many(sqlite: SqlBackEnd) -> None:
    def median(count: int) -> str:
        return f"median({', '.join(f'[a] + {number}' for number in range(count))})"

    assert sqlite.value(median(999), TYPES, {"a": 1}) == 500
    with pytest.raises(SqlCannotRun):
        sqlite.value(median(1_001), TYPES, {"a": 1})


def test_a_text_can_not_grow_without_limit() -> None:
    doubled = "'aaaaaaaaaa'"
    for _ in range(60):
        doubled = f"replace({doubled}, 'a', 'aa')"

    assert compile_python(parse(doubled), TYPES)({}, NOW) is None


def test_a_long_chain_of_alternatives_runs_on_sqlite(sqlite: SqlBackEnd) -> None:
    codes = ", ".join(str(number) for number in range(3_000))

    assert sqlite.value(f"[a] in ({codes})", TYPES, {"a": 2_999}) is True

"""Every case in cases/*.yaml gives what it says, on Python, SQLite, PostgreSQL and in the browser."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

import rules_dsl
from rules_dsl import RuleError, check, parse
from rules_dsl.cases import Case, read_cases, same, told_by
from tests.rules_dsl.back_ends import NOW, BackEnd

FOLDER = Path(__file__).parent / "cases"


def cases() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("*.yaml")):
        yield from read_cases(yaml.safe_load(file.read_text(encoding="utf-8")), file.stem, NOW)


ALL = list(cases())
VALUES = [case for case in ALL if case.error is None]
ERRORS = [case for case in ALL if case.error is not None]


@pytest.mark.parametrize("case", VALUES, ids=lambda case: case.name)
def test_the_rule_gives_what_the_case_says(case: Case, back_end: BackEnd) -> None:
    if back_end.name in case.not_on:
        with pytest.raises(RuleError):
            back_end.value(case.rule, case.types, case.record, case.context)
        return

    found = back_end.value(case.rule, case.types, case.record, case.context)

    assert same(found, case.gives), f"{case.rule} gave {found!r} on {back_end.name}, not {case.gives!r}"


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case.name)
def test_the_rule_is_refused_where_the_case_says(case: Case) -> None:
    with pytest.raises(RuleError) as refused:
        check(parse(case.rule), case.types)

    found = told_by(refused.value)
    assert isinstance(refused.value, getattr(rules_dsl.errors, str(case.error)))
    assert {key: found[key] for key in case.wrong} == case.wrong
    assert re.search(r"[\u4e00-\u9fff]", refused.value.message("zh"))
    assert "{reason" not in refused.value.explain("en") + refused.value.explain("zh")


@pytest.mark.parametrize("case", VALUES, ids=lambda case: case.name)
def test_the_formatter_changes_no_meaning(case: Case) -> None:
    tree = parse(case.rule)

    assert parse(rules_dsl.format(tree, "en")) == tree
    assert parse(rules_dsl.format(tree, "zh")) == tree
    assert rules_dsl.Tree.from_json(tree.to_json()) == tree


def test_there_are_enough_cases_of_each_kind() -> None:
    assert len(VALUES) >= 550
    assert len(ERRORS) >= 75

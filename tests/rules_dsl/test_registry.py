"""The functions keep their promises: named twice, documented, and their examples true."""

from __future__ import annotations

import re
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from rules_dsl import FUNCTIONS, Function, Missing, RuleType, evaluate, parse
from rules_dsl.reference import with_tables
from tests.rules_dsl.back_ends import NOW

PAGE = Path(__file__).parents[2] / "docs/reference/expressions.md"
TYPES: dict[str, Any] = {
    "symptoms": RuleType.CHOICES,
    "weight": RuleType.DECIMAL,
    "lesion": {"size": RuleType.DECIMAL, "seen": RuleType.DATE},
}
RECORD = {
    "symptoms": ["cough"],
    "weight": Missing("refused"),
    "lesion": [
        {"size": Decimal("12.5"), "seen": date(2026, 1, 5)},
        {"size": Decimal(3), "seen": date(2026, 3, 5)},
    ],
}


def shown(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | datetime):
        return value.isoformat()
    return f"{value:g}" if isinstance(value, float | int | Decimal) else str(value)


def test_the_manual_lists_every_function_as_it_is() -> None:
    page = PAGE.read_text(encoding="utf-8")

    assert with_tables(page) == page


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.name)
def test_the_example_gives_what_it_says(function: Function) -> None:
    assert shown(evaluate(function.example, RECORD, TYPES, NOW)) == function.gives


def examples_of_the_manual() -> list[tuple[str, str]]:
    """The rows `| rule | gives |` of the manual."""
    return re.findall(r"^\| `([^`]+)` \| `([^`]+)` \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.parametrize(("rule", "gives"), examples_of_the_manual())
def test_an_example_of_the_manual_gives_what_it_says(rule: str, gives: str) -> None:
    assert shown(evaluate(rule, RECORD, TYPES, NOW)) == gives


def test_the_manual_has_examples() -> None:
    assert len(examples_of_the_manual()) >= 15


def test_names_are_unique_and_read_as_calls() -> None:
    names = [name for function in FUNCTIONS for name in (function.name, function.zh)]

    assert len(set(names)) == len(names)
    for function in FUNCTIONS:
        assert parse(f"{function.name}(1)") == parse(f"{function.zh}（1）")

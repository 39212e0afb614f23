"""The functions keep their promises: named twice, documented, and their examples true."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from rules_dsl import FUNCTIONS, Function, RuleType, evaluate
from rules_dsl.reference import chinese_words, with_tables
from tests.rules_dsl.back_ends import NOW

PAGE = Path(__file__).parents[2] / "docs/reference/expressions.md"
TYPES = {"symptoms": RuleType.CHOICES, "lesion": {"size": RuleType.DECIMAL}}
RECORD = {"symptoms": ["cough"], "lesion": [{"size": Decimal("12.5")}, {"size": Decimal(3)}]}


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


def test_names_are_unique_and_start_with_no_word_of_the_grammar() -> None:
    names = [name for function in FUNCTIONS for name in (function.name, function.zh)]

    assert len(set(names)) == len(names)
    assert not [name for name in names if name.startswith(tuple(chinese_words()))]

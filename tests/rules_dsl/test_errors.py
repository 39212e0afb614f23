"""An error shows where the rule is wrong, in English and in Chinese, and says what to do."""

from __future__ import annotations

import pytest

from rules_dsl import (
    RuleError,
    RuleSyntaxError,
    RuleType,
    RuleTypeError,
    UnknownField,
    check,
    parse,
    type_of_field,
)


def test_the_caret_stands_under_the_place() -> None:
    with pytest.raises(RuleSyntaxError) as wrong:
        parse("[age] > 1\nand [sex] &")

    assert (wrong.value.line, wrong.value.column) == (2, 11)
    assert wrong.value.caret() == "and [sex] &\n          ^"


def test_a_misspelt_field_is_suggested_in_both_languages() -> None:
    with pytest.raises(UnknownField) as wrong:
        check(parse("[ages] > 60"), {"age": RuleType.INTEGER})

    assert wrong.value.message("en") == "There is no field [ages] here."
    assert wrong.value.message("zh") == "此处没有字段 [ages]。"
    assert "[age]" in wrong.value.suggestion
    assert "[age]" in wrong.value.explain("zh")


def test_a_field_type_that_rules_do_not_know_is_an_error() -> None:
    assert type_of_field("multi-choice") is RuleType.CHOICES
    with pytest.raises(RuleError):
        type_of_field("hologram")


def test_a_date_without_its_sign_is_offered_with_it() -> None:
    with pytest.raises(RuleTypeError) as wrong:
        check(parse("[birth] > 1970-1-1"), {"birth": RuleType.DATE})

    assert wrong.value.message("en") == "1970-1-1 is read as a subtraction."
    assert wrong.value.message("zh") == "1970-1-1 会被读作减法。"
    assert (wrong.value.span, wrong.value.fixes) == ((10, 18), ("@1970-01-01",))


def test_a_subtraction_of_numbers_stays_one() -> None:
    assert check(parse("[age] > 1970-01-01"), {"age": RuleType.INTEGER}) is RuleType.BOOLEAN

"""Long rules are printed in lines, and mean the same."""

from __future__ import annotations

from typing import Literal

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rules_dsl import format, parse
from rules_dsl.layout import columns
from tests.rules_dsl.strategies import rules

LONG = (
    "any([lesion], [size] > 10 and [place] contains '右上叶' and not ([a] = 1 or [b] = 2)) "
    "or [sex] = 'f' and [age] >= 18 and [pregnancy] is not missing"
)


@given(rules, st.sampled_from(["en", "zh"]), st.sampled_from([20, 40, 100]))
@settings(max_examples=200, deadline=None)
@example(LONG, "zh", 20)
@example("-(-([i] + 1)) ^ -2 > [j] * (([d] + [e]) / 2 - ([f] - [g]))", "en", 20)
def test_a_rule_in_lines_is_the_same_rule(rule: str, language: Literal["en", "zh"], width: int) -> None:
    tree = parse(rule)
    text = format(tree, language, width)

    assert parse(text) == tree
    assert format(parse(text), language, width) == text


def test_a_rule_that_fits_stays_in_one_line() -> None:
    assert format(parse("[a]=1 and [b]=2"), "en", 100) == "[a] = 1 and [b] = 2"
    assert len(format(parse(LONG)).splitlines()) == 1


def test_items_of_and_and_or_take_a_line_each() -> None:
    assert format(parse(LONG), "en", 44).splitlines() == [
        "any(",
        "  [lesion],",
        "  [size] > 10",
        "  and [place] contains '右上叶'",
        "  and not ([a] = 1 or [b] = 2)",
        ")",
        "or [sex] = 'f'",
        "   and [age] >= 18",
        "   and [pregnancy] is not missing",
    ]


def test_arguments_are_indented_and_sums_and_lists_fill_their_lines() -> None:
    rule = "if([kind] in ('1','2','3','4','5','6','7','8'), round([alpha]+[beta]+[gamma]-[delta], 1), 0) > 3"

    assert format(parse(rule), "zh", 34).splitlines() == [
        "如果(",
        "  [kind] 属于 (",
        "    '1', '2', '3', '4', '5', '6',",
        "    '7', '8'",
        "  ),",
        "  四舍五入(",
        "    [alpha] + [beta] + [gamma]",
        "    - [delta],",
        "    1",
        "  ),",
        "  0",
        ") > 3",
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_lines_are_no_wider_than_wanted(language: Literal["en", "zh"]) -> None:
    text = format(parse(LONG), language, 44)

    assert max(columns(line) for line in text.splitlines()) <= 44


def test_a_chinese_character_is_two_columns_wide() -> None:
    rule = parse("[年龄] > 1 and [体重] > 2")

    assert columns(format(rule, "en")) == 25
    assert format(rule, "en", 25) == "[年龄] > 1 and [体重] > 2"
    assert format(rule, "en", 24) == "[年龄] > 1\nand [体重] > 2"


def test_a_deep_rule_has_its_lines_too() -> None:
    deep = "(".join(["not "] * 60) + "[a]" + ")" * 59

    assert parse(format(parse(deep), "en", 20)) == parse(deep)

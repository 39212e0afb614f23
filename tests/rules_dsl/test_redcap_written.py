"""Rules go back to REDCap: what came from there comes back the same, all else true for the same records."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from rules_dsl import (
    NotInRedcap,
    RedcapDictionary,
    RuleTooLarge,
    RuleType,
    check,
    evaluate,
    parse,
    print_redcap,
    translate_redcap,
)
from tests.rules_dsl.back_ends import NOW
from tests.rules_dsl.strategies import TYPES as ALL_TYPES
from tests.rules_dsl.strategies import conditions, records, rules
from tests.rules_dsl.test_equality import agree
from tests.rules_dsl.test_redcap import CONTENT, LOOKUP

TYPES = {name: kind for name, kind in ALL_TYPES.items() if isinstance(kind, RuleType)}
FLAT = RedcapDictionary(TYPES)


@pytest.mark.parametrize("case", CONTENT["translations"], ids=lambda case: case["redcap"])
def test_what_came_from_redcap_comes_back_the_same(case: dict[str, str]) -> None:
    translated = translate_redcap(case["redcap"], LOOKUP)

    assert translate_redcap(print_redcap(translated, LOOKUP), LOOKUP) == translated


@pytest.mark.parametrize("case", CONTENT["written"], ids=lambda case: case["ours"])
def test_our_own_rules_are_written_as_the_case_says(case: dict[str, str]) -> None:
    assert print_redcap(parse(case["ours"]), LOOKUP) == case["redcap"]


@pytest.mark.parametrize("case", CONTENT["unwritable"], ids=lambda case: case["ours"])
def test_what_redcap_can_not_say_is_refused_at_its_place(case: dict[str, str]) -> None:
    with pytest.raises(NotInRedcap) as refused:
        print_redcap(parse(case["ours"]), LOOKUP)

    assert refused.value.facts["reason"] == case["because"]
    assert refused.value.caret().startswith(case["ours"])
    assert refused.value.message("zh").startswith("REDCap 的逻辑无法表达：")


def test_a_stored_tree_is_refused_with_its_text() -> None:
    with pytest.raises(NotInRedcap) as refused:
        print_redcap(type(tree := parse("[note] matches 'a'")).from_json(tree.to_json()), LOOKUP)

    assert refused.value.caret() == "[note] matches 'a'\n^^^^^^^^^^^^^^^^^^"


def test_a_rule_that_grows_beyond_the_limit_is_refused() -> None:
    rule = "[score]"
    for _ in range(40):
        rule = f"if({rule} <> 1, {rule if len(rule) < 200 else '[score]'}, 2) * 1"

    with pytest.raises(RuleTooLarge):
        print_redcap(parse(" or ".join([f"not ({rule} = 1)"] * 8)), LOOKUP)


def without_empty_texts(record: dict[str, Any]) -> dict[str, Any]:
    """REDCap stores no empty text: it is a blank."""
    return {path: None if value == "" else value for path, value in record.items()}


CONDITIONS = """
[i] > 3 | [d] <> [e] | [c] = '1' | [c] <> 'a' | [b] | [m] has '1' | [i] in (1, 2) | [c] is missing | [i] = [j]
[c] is missing or [c] <> '1' | [m] is missing or not [m] has '2' | [t] contains 'a' | [day] < today()
not [t] starts with 'b' | [day] not between @2000-01-01 and @2020-12-31 | number([c]) + 1 > [i]
if([b], [i], number([c])) >= 1 | coalesce([i], [j]) = 1
"""
simple = st.sampled_from([rule.strip() for rule in CONDITIONS.strip().replace("\n", "|").split("|")])
mixed = st.recursive(
    simple,
    lambda below: st.one_of(
        st.lists(below, min_size=2, max_size=3).map(" or ".join).map("({})".format),
        st.lists(below, min_size=2, max_size=3).map(" and ".join).map("({})".format),
        below.map("not ({})".format),
        st.tuples(below, below, below).map(lambda them: f"if({', '.join(them)})"),
    ),
    max_leaves=8,
)


@given(mixed | rules | conditions(3), records)
@settings(
    max_examples=300,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
def test_what_is_written_means_the_same_when_it_is_read_again(rule: str, record: dict[str, Any]) -> None:
    tree, record = parse(rule), without_empty_texts(record)
    try:
        written = print_redcap(tree, FLAT)
    except NotInRedcap:
        assume(False)

    ours = evaluate(tree, record, ALL_TYPES, NOW)
    theirs = evaluate(translate_redcap(written, FLAT), record, TYPES, NOW)
    if check(tree, ALL_TYPES) is RuleType.BOOLEAN:
        assert (ours is True) is (theirs is True), f"{written}: {theirs}, not {ours}"
    else:
        assert agree(ours, theirs), f"{written}: {theirs}, not {ours}"

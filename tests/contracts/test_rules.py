"""Expr and Value: a rule is JSON, gives true, false or unknown, and knows only what it is given."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from hypothesis import given

from rules_dsl import MISSING, UNKNOWN, Context, Missing, RuleError, Tree, evaluate, parse
from tests.rules_dsl.strategies import TYPES, rules

CONTEXT = Context(datetime(2026, 3, 5))


@given(rules)
def test_a_tree_survives_json(text: str) -> None:
    tree = parse(text)

    sent = json.loads(json.dumps(tree.to_json()))

    assert sent["v"] == 1
    assert Tree.from_json(sent) == tree == parse(str(tree))


@pytest.mark.parametrize(
    ("rule", "gives"),
    [("[i] > 1", True), ("[i] > 2", False), ("[j] > 1", UNKNOWN), ("not [j] > 1", UNKNOWN),
     ("[i] > 2 and [j] > 1", False), ("[i] > 1 or [j] > 1", True)],
)  # fmt: skip
def test_logic_has_three_values(rule: str, gives: bool | None) -> None:
    assert evaluate(rule, {"i": 2, "j": MISSING}, TYPES, CONTEXT) is gives


def test_a_missing_value_keeps_its_reason_and_is_no_value() -> None:
    refused = Missing("refused")

    assert (refused.code, bool(refused)) == ("refused", False)
    assert evaluate("[i] is missing", {"i": refused}, TYPES, CONTEXT) is True


def test_now_comes_from_the_context_alone() -> None:
    later = Context(datetime(2030, 1, 1))

    assert evaluate("year(today())", {}, {}, CONTEXT) == 2026
    assert evaluate("year(today())", {}, {}, later) == 2030


def test_nothing_that_was_not_passed_in_can_be_reached() -> None:
    for text in ("[__class__]", "open('/etc/passwd')", "[i].__class__"):
        with pytest.raises(RuleError):
            evaluate(text, {"i": 1}, TYPES, CONTEXT)

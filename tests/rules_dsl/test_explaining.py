"""A rule explained on one record: what each part gives, and the missing fields behind what is open."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import pytest

from rules_dsl import Context, FieldTypes, Missing, RuleType, UnknownField, explain, parse

NOW = Context(datetime(2026, 3, 5, 12))
TYPES: FieldTypes = {
    "age": RuleType.INTEGER,
    "smoker": RuleType.BOOLEAN,
    "start": RuleType.DATE,
    "weight": RuleType.DECIMAL,
    "lesion": {"size": RuleType.NUMBER},
}
RECORD = {"age": 71, "weight": Missing("refused"), "lesion": [{"size": 8.0}, {"size": 3.0}, {"size": None}]}


def told(rule: str, hidden: tuple[str, ...] = ()) -> list[tuple[Any, ...]]:
    """Depth, text and state of each part, with the value of one that has a value and what is missing."""
    tree = parse(rule)
    places = [(rule.index(text), rule.index(text) + len(text)) for text in hidden]
    found = []
    for part in explain(tree, TYPES, RECORD, NOW, places):
        more = [part.value] if part.state == "value" else [*part.why]
        more += [] if part.count is None else [part.count]
        found.append((part.depth, rule[slice(*part.span)], part.state.value, *more))
    return found


def test_every_part_tells_what_it_gives_outermost_first() -> None:
    assert told("[age] + 1 > 70 and not [smoker]") == [
        (0, "[age] + 1 > 70 and not [smoker]", "unknown", "smoker"),
        (1, "[age] + 1 > 70", "true"),
        (2, "[age] + 1", "value", 72.0),
        (3, "[age]", "value", 71),
        (1, "not [smoker]", "unknown", "smoker"),
        (2, "[smoker]", "missing", "smoker"),
    ]


def test_only_what_leaves_a_part_open_is_named() -> None:
    """A missing field is no reason where another part decides, nor in the branch that was not taken."""
    assert told("[age] > 90 or [weight] > 1")[0][2:] == ("unknown", "weight")
    assert told("[age] > 60 or [weight] > 1")[0][2:] == ("true",)
    assert told("if([age] > 60, [weight], [start] - today()) > 1")[0][2:] == ("unknown", "weight")
    assert told("[weight] is missing")[0][2:] == ("true",)
    assert told("coalesce([weight], [age]) > 1")[0][2:] == ("true",)
    assert told("[age] / 0 > 1")[0][2:] == ("unknown",)


def test_a_negation_within_its_words_is_one_part() -> None:
    assert told("[weight] is not missing") == [
        (0, "[weight] is not missing", "false"),
        (1, "[weight]", "missing", "weight"),
    ]
    assert told("[weight] not in (1, 2)") == [
        (0, "[weight] not in (1, 2)", "unknown", "weight"),
        (1, "[weight]", "missing", "weight"),
    ]


def test_dates_and_durations_tell_their_values() -> None:
    assert told("today() - 3 months < [start]") == [
        (0, "today() - 3 months < [start]", "unknown", "start"),
        (1, "today() - 3 months", "value", date(2025, 12, 5)),
        (2, "today()", "value", date(2026, 3, 5)),
        (1, "[start]", "missing", "start"),
    ]
    assert told("[start] - today() > 3 months")[0][2:] == ("unknown", "start")


def test_related_records_are_counted() -> None:
    assert told("any([lesion], [size] > 7) and max([lesion.size]) > 9") == [
        (0, "any([lesion], [size] > 7) and max([lesion.size]) > 9", "false"),
        (1, "any([lesion], [size] > 7)", "true"),
        (2, "[lesion]", "records", 3),
        (1, "max([lesion.size]) > 9", "false"),
        (2, "max([lesion.size])", "value", 8.0),
        (3, "[lesion.size]", "records", 3),
    ]


def test_what_is_hidden_hides_all_that_is_made_of_it() -> None:
    """Of a field that the reader may not see, no part tells anything; the other parts do."""
    assert told("[weight] is missing or [age] > 60", hidden=("[weight]",)) == [
        (0, "[weight] is missing or [age] > 60", "hidden"),
        (1, "[weight] is missing", "hidden"),
        (2, "[weight]", "hidden"),
        (1, "[age] > 60", "true"),
        (2, "[age]", "value", 71),
    ]
    assert [part[2] for part in told("any([lesion], [size] > 7)", hidden=("[size]",))] == [
        "hidden",
        "records",
    ]
    assert "hidden" not in {part[2] for part in told("[age] > 1 and not [smoker]")}


def test_a_rule_that_does_not_fit_is_refused() -> None:
    with pytest.raises(UnknownField):
        explain(parse("[aeg] > 1"), TYPES, RECORD, NOW)

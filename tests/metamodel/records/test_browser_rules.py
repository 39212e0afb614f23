"""Which rules a form's page gets to run; of what its reader may not see it learns nothing."""

from __future__ import annotations

import json
from typing import Any

from metamodel.catalogue import RecordType
from metamodel.masking import View
from metamodel.records import browser_rules
from tests.metamodel.catalogue.published import compiled
from tests.metamodel.live import a_document, a_field, a_type, choices

TEXT = {"result": "text"}
WRONG = {"zh": "错", "en": "Wrong"}
PATIENT = a_type(
    "patient",
    a_field("number"),
    a_field("height", "decimal", options={"scale": 1}, minimum=30, maximum="250"),
    a_field("weight", "decimal", options={"scale": 1}, missing_codes=["refused"]),
    a_field("index", "calculated", calculation="[bmi] * 2"),
    a_field("bmi", "decimal", options={"scale": 1}, calculation="[weight] / ([height] / 100)^2"),
    a_field("sex", "choice", value_set="sex"),
    a_field("pregnant", "boolean", shown_if="[sex] = '2'", required_if="[sex] = '2'"),
    a_field("note", checks=[{"expression": "[note] <> 'x' or [bmi] > 20", "message": WRONG}]),
    a_field("token", "calculated", calculation="md5([number])", options=TEXT),
    a_field("initials", "calculated", calculation="left([number], 1)", options=TEXT, identifying=True),
    a_field("largest", "calculated", calculation="max([visit], [size])"),
    key="number",
)  # fmt: skip
VISIT = a_type(
    "visit",
    a_field("size", "integer"),
    a_field("heavy", "boolean", shown_if="[weight] > 80"),
    parent="patient",
    repeats=True,
)
DATABASE = compiled(a_document("clinic", PATIENT, VISIT, value_sets={"sex": choices("1", "2")}))


def rules_of(code: str = "patient", masked: str = "", hidden: str = "", **more: Any) -> dict[str, Any]:
    kind: RecordType = DATABASE.record_type(code)
    away = frozenset(hidden.split())
    view = View(tuple(item for item in kind.fields if item.code not in away), frozenset(masked.split()), away)
    return browser_rules(kind, DATABASE, view, **more)


def left(rules: dict[str, Any]) -> set[tuple[str, str]]:
    return {(item["rule"], item["key"]) for item in rules["left"]}


def keys(rules: dict[str, Any], name: str) -> list[str]:
    return [item.get("field") or item["key"] for item in rules[name]]


def test_calculations_come_in_the_order_in_which_they_feed_each_other() -> None:
    rules = rules_of()

    assert keys(rules, "calculations") == ["bmi", "index"]
    assert [item["cast"] for item in rules["calculations"]] == [
        {"to": "decimal", "places": 1},
        {"to": "number"},
    ]


def test_what_only_the_server_can_run_is_named() -> None:
    assert left(rules_of()) == {
        ("calculation", "token"),  # md5
        ("calculation", "initials"),  # identifying
        ("calculation", "largest"),  # other records
    }


def test_fields_tell_how_they_are_read_and_what_they_need() -> None:
    rules = rules_of()

    assert rules["fields"]["height"] == {"as": "decimal", "places": 1}
    assert rules["fields"]["sex"] == {"as": "choice", "retired": []}
    assert "bmi" not in rules["fields"]
    assert rules["required"] == ["number"]
    assert keys(rules, "required_if") == ["pregnant"]
    (height,) = rules["ranges"]
    assert (height["type"], height["low"], height["high"]) == ("decimal", 30, 250)
    assert height["below"] == {"zh": "不能小于 30。", "en": "Must not be below 30."}


def test_a_rule_that_reads_a_masked_field_stays_with_all_that_follow_from_it() -> None:
    rules = rules_of(masked="weight")

    assert {("calculation", "bmi"), ("calculation", "index"), ("check", "note")} <= left(rules)
    assert rules["calculations"] == []
    assert '"weight"' not in json.dumps(rules["checks"])


def test_of_a_hidden_field_not_even_the_name_is_said() -> None:
    told = json.dumps(rules_of(hidden="weight pregnant"))

    assert "weight" not in told and "pregnant" not in told


def test_a_masked_field_is_still_shown_and_needed_by_rules_of_what_is_seen() -> None:
    rules = rules_of(masked="pregnant height")

    assert keys(rules, "skips") == keys(rules, "required_if") == ["pregnant"]
    assert ("range", "height") in left(rules)
    assert ("skip", "pregnant") in left(rules_of(masked="sex"))
    assert ("required", "pregnant") in left(rules_of(masked="sex"))


def test_a_rule_that_looks_at_an_ancestor_needs_the_value_of_it() -> None:
    assert left(rules_of("visit")) == {("skip", "heavy")}
    assert keys(rules_of("visit", around=["weight"]), "skips") == ["heavy"]


def test_headings_and_texts_are_skipped_by_rules_of_the_form() -> None:
    rules = rules_of(also={"_item_1": "[sex] = '1'", "_item_2": "[token] = 'a'"})

    assert keys(rules, "skips") == ["pregnant", "_item_1"]
    assert ("skip", "_item_2") in left(rules)


def test_other_spellings_of_a_field_lead_to_it() -> None:
    rules = rules_of(also={"_item_1": "[patient.height] > 1 and [height（中）] > 2"})

    assert rules["aliases"] == {"patient.height": "height", "height（中）": "height"}


def test_mistakes_of_a_draft_are_left_and_the_rest_works() -> None:
    fields = [
        a_field("a", "calculated", calculation="[b] + 1"),
        a_field("b", "calculated", calculation="[a] + 1"),
        a_field("c", shown_if="[nowhere] ="),
        a_field("d", "integer", checks=[{"expression": "[d] > 1", "message": WRONG}]),
    ]
    kind = compiled(a_document("draft", a_type("patient", *fields))).record_type("patient")

    rules = browser_rules(kind, None, View(kind.fields, frozenset(), frozenset()))

    assert left(rules) == {("calculation", "a"), ("calculation", "b"), ("skip", "c")}
    assert keys(rules, "checks") == ["d"]

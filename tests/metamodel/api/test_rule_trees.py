"""Rules as trees: what a builder of filters reads, writes and counts."""

from __future__ import annotations

from typing import Any

import pytest

from tests.metamodel.api.office import PATIENTS, Office, Person, has_chinese

OVER = {"database": "lung", "record_type": "patient"}
RULES = [
    "[height] >= 150 and (not [sex] in ('1', '2') or [pregnant] = true)",
    "not ([weight] is missing) and [born] between add_days(today(), -30) and today()",
    "any([lesion], [size] > 8 and [start] is not missing) and count([lesion], [size] > 3) >= 2",
    "[height] / 100 + -2 ^ 2 > round([weight], 1) or [record_id] matches '^A[0-9]+'",
    "[record_id] = '<script>alert(''x'')</script>' or [记录] contains '“引号”'",
]


def tree_of(person: Person, expression: str) -> dict[str, Any]:
    tree: dict[str, Any] = person.post("/rules/parse", OVER | {"expression": expression})["tree"]
    return tree


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_becomes_a_tree_and_the_tree_a_text_that_means_the_same(office: Office, rule: str) -> None:
    person = office.person("reader")
    tree = tree_of(person, rule)

    [texts] = person.post("/rules/format", {"trees": [tree]})["texts"]

    assert {tree_of(person, text) == tree for text in texts.values()} == {True}


def test_a_rule_that_does_not_fit_has_a_tree_and_a_reason(office: Office) -> None:
    wrong = office.person().post("/rules/parse", OVER | {"expression": "[heigt] > 150"})

    assert (wrong["ok"], wrong["error"]["code"]) == (False, "UnknownField")
    assert wrong["tree"]["root"]["left"] == {"n": "field", "path": "heigt"}


@pytest.mark.parametrize("rule", ["[height] >", "(" * 201 + "1" + ")" * 201, "[a] = 1 or " * 1800 + "true"])
def test_what_is_no_rule_has_a_reason_alone(office: Office, rule: str) -> None:
    wrong = office.person().post("/rules/parse", OVER | {"expression": rule})

    assert not wrong["ok"] and "tree" not in wrong
    assert has_chinese(wrong["error"]["zh"]) and wrong["error"]["en"]


@pytest.mark.parametrize("root", [None, [], {"n": "field"}, {"n": "field", "path": "a]\nb"}, {"n": "drop"}])
def test_what_is_no_tree_has_no_text(office: Office, root: Any) -> None:
    refusal = office.person().refused("POST", "/rules/format", {"trees": [{"v": 1, "root": root}]})

    assert refusal.told == (422, "TreeWrong")
    assert has_chinese(refusal.zh) and not has_chinese(refusal.en)


def counts(person: Person, *conditions: Any) -> list[Any]:
    found: list[Any] = person.post(f"{PATIENTS}/counts", {"conditions": list(conditions)})["counts"]
    return found


def test_each_condition_is_counted_alone_with_those_that_may_meet_it(office: Office) -> None:
    admin = office.person()
    for number, height in enumerate((150, 170, 180, None)):
        admin.add(record_id=str(number), height=height)
    tall, listed = (tree_of(admin, text)["root"] for text in ("[height] > 160", "[record_id] in ('1', '3')"))

    found = counts(admin, tall, listed, {"n": "logic", "op": "and", "items": [tall, listed]})

    assert [(item["count"], item["unknown"]) for item in found] == [(2, 1), (2, 0), (1, 1)]


def test_a_condition_that_is_wrong_spoils_no_other(office: Office) -> None:
    reader = office.person("reader")
    right, unknown, value, masked = (
        tree_of(reader, text)["root"] for text in ("[height] > 1", "[x] = 1", "[height]", "[name] = '王'")
    )

    found = counts(reader, unknown, value, masked, {"n": "nonsense"}, right)

    assert [item["count"] for item in found] == [None, None, None, None, 0]
    assert all(has_chinese(item["problem"]["zh"]) and item["problem"]["en"] for item in found[:4])


def test_counting_needs_the_right_to_view_records(office: Office) -> None:
    refusal = office.person("hospital_admin").refused("POST", f"{PATIENTS}/counts", {"conditions": []})

    assert refusal.told == (403, "Denied")


def test_a_filter_too_long_for_an_address_goes_in_the_body(office: Office) -> None:
    admin = office.person()
    for number in range(3):
        admin.add(record_id=str(number), height=150 + number)
    long = " or ".join(f"[height] = {height}" for height in range(151, 900))

    first = admin.post(f"{PATIENTS}/search", {"where": long, "order": "-record_id", "limit": 1})
    second = admin.post(f"{PATIENTS}/search", {"where": long, "order": "-record_id", "after": first["next"]})

    found = [item["values"]["record_id"] for item in first["items"] + second["items"]]
    assert (found, len(long) > 8190) == (["2", "1"], True)
    assert admin.post(f"{PATIENTS}/search/count", {"where": long}) == {"count": 2}
    assert admin.refused("POST", f"{PATIENTS}/search", {"where": "[height] >"}).told == (422, "QueryWrong")

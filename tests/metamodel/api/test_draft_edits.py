"""Editing a draft from a page: answers that tell the changes alone, and rules checked as they are typed."""

from __future__ import annotations

from typing import Any

from tests.metamodel.api.office import LUNG, Office, Person, has_chinese
from tests.metamodel.definitions.test_changes import patched

UNIT = {"edit": "set_field", "record_type": "patient", "field": "height", "set": {"unit": "cm"}}
MOVE = {"edit": "move_field", "record_type": "patient", "field": "sex", "index": 0}


def edited(person: Person, version: int, *edits: dict[str, Any], answer: str = "changes") -> dict[str, Any]:
    body = {"expected_version": version, "edits": list(edits)}
    return person.ask("POST", f"{LUNG}/draft/edits", body, query_string={"answer": answer})


def test_an_edit_answers_with_what_it_changed(office: Office) -> None:
    admin = office.person()
    draft = admin.get(f"{LUNG}/draft")

    answer = edited(admin, draft["version"], UNIT, MOVE)

    assert "document" not in answer
    now = admin.get(f"{LUNG}/draft")
    assert patched(draft["document"], answer["changes"]) == now["document"] != draft["document"]
    assert {key: now[key] for key in ("version", "saved", "by", "at", "problems")} == {
        key: value for key, value in answer.items() if key != "changes"
    }


def test_an_edit_that_makes_a_mistake_tells_its_problems(office: Office) -> None:
    admin = office.person()
    wrong = {"edit": "set_field", "record_type": "patient", "field": "height", "set": {"shown_if": "[hight]"}}

    answer = edited(admin, admin.get(f"{LUNG}/draft")["version"], wrong)

    [problem] = answer["problems"]
    assert problem["path"].endswith("/shown_if") and "hight" in problem["en"]


def test_a_new_field_appears_on_its_form_when_published(office: Office) -> None:
    admin = office.person()
    form = {"code": "basics", "record_type": "patient", "items": [{"field": "record_id"}, {"field": "sex"}]}
    add = {"edit": "add_field", "record_type": "patient", "field": {"code": "smoker", "type": "boolean"}}
    admin.edit("lung", {"edit": "add_form", "form": form}, add | {"after": "record_id"})
    admin.publish("lung")

    [shown] = admin.get(LUNG)["forms"]
    assert [item["field"] for item in shown["items"]] == ["record_id", "smoker", "sex"]


def check(person: Person, expression: str, **more: Any) -> dict[str, Any]:
    ask = {"database": "lung", "record_type": "patient", "expression": expression, "draft": True}
    return person.post("/rules/check", ask | more)


def test_a_rule_is_checked_over_the_draft(office: Office) -> None:
    admin = office.person()
    add = {"edit": "add_field", "record_type": "patient", "field": {"code": "smoker", "type": "boolean"}}
    admin.edit("lung", add)

    assert check(admin, "[smoker] = true") == {"ok": True, "type": "boolean", "problems": []}
    assert not check(admin, "[smoker] = true", draft=False)["ok"]
    wrong = check(admin, "[smokr] = true")
    assert (wrong["ok"], wrong["error"]["code"], wrong["error"]["column"]) == (False, "UnknownField", 1)


def test_a_rule_is_checked_over_a_database_that_was_never_published(office: Office) -> None:
    admin = office.person()
    document = {
        "kind": "database", "code": "fresh", "label": {"zh": "新库", "en": "Fresh"},
        "record_types": [{"code": "patient", "fields": [{"code": "age", "type": "integer", "minimum": "x"}]}],
    }  # fmt: skip
    admin.post("/databases", {"document": document})

    assert check(admin, "[age] > 18", database="fresh", field="age", rule="check")["ok"]


def test_a_rule_must_give_what_its_place_needs(office: Office) -> None:
    admin = office.person()

    number = check(admin, "[height] + 1", field="weight", rule="shown_if")
    text = check(admin, "[sex]", field="bmi", rule="calculation")

    for answer in (number, text):
        [problem] = answer["problems"]
        assert (answer["ok"], problem["code"]) == (False, "rule_type")
        assert has_chinese(problem["zh"]) and problem["en"]


def test_a_calculation_of_itself_is_found_while_it_is_typed(office: Office) -> None:
    [problem] = check(office.person(), "[bmi] + 1", field="bmi", rule="calculation")["problems"]
    assert problem["code"] == "circular"


def test_no_rule_is_checked_over_what_is_not_there(office: Office) -> None:
    ask = {"database": "nothing", "record_type": "patient", "expression": "true", "draft": True}
    assert office.person().refused("POST", "/rules/check", ask).told == (404, "NotFound")

"""Forms by REST: who gets which, in which language, and what they are told while they type."""

from __future__ import annotations

from typing import Any

import pytest

from tests.forms.test_making import by_key
from tests.metamodel.api.office import LUNG, PATIENTS, Office, Person

FORM = f"{LUNG}/forms/patient"
CHECK = f"{FORM}/check"


def look(person: Person, values: dict[str, Any], **more: Any) -> dict[str, Any]:
    return person.post(CHECK, {"values": values} | more)


def test_a_live_form_comes_in_the_language_that_is_asked_for(office: Office) -> None:
    admin = office.person()
    labels = {
        language: by_key(admin.ask("GET", FORM, headers={"Accept-Language": language})["schema"])["sex"][
            "label"
        ]
        for language in ("zh-CN", "en")
    }
    assert labels == {"zh-CN": "sex（中）", "en": "sex"}
    assert admin.get(FORM)["release"] == 1


def test_a_reader_gets_the_form_to_show_and_not_the_one_to_fill_in(office: Office) -> None:
    reader = office.person("reader")

    assert reader.refused("GET", FORM).told == (403, "Denied")
    shown = by_key(reader.get(FORM, mode="display")["schema"])

    assert shown["name"]["properties"]["masked"] is True
    assert "masked" not in shown["height"]["properties"]
    assert all(item["disabled"] for item in shown.values() if item["input"])


def test_the_form_of_a_draft_shows_what_is_not_published_yet(office: Office) -> None:
    admin = office.person()
    field = {"code": "smoker", "type": "boolean", "label": {"zh": "吸烟", "en": "Smoker"}}
    admin.edit("lung", {"edit": "add_field", "record_type": "patient", "field": field})

    draft = admin.get(f"{LUNG}/draft/forms/patient")

    assert by_key(draft["schema"])["smoker"]["label"] == "吸烟"
    assert draft["left_out"] == []
    assert "smoker" not in by_key(admin.get(FORM)["schema"])
    assert admin.refused("GET", f"{LUNG}/draft/forms/nobody").told == (404, "NotFound")


def test_a_published_change_is_in_the_next_form(office: Office) -> None:
    admin = office.person()
    assert "smoker" not in by_key(admin.get(FORM)["schema"])
    field = {"code": "smoker", "type": "boolean", "label": {"zh": "吸烟", "en": "Smoker"}}
    admin.edit("lung", {"edit": "add_field", "record_type": "patient", "field": field})
    admin.publish("lung")

    form = admin.get(FORM)

    assert form["release"] == 2
    assert "smoker" in by_key(form["schema"])


def test_values_being_typed_are_computed_skipped_and_checked_and_nothing_is_stored(office: Office) -> None:
    admin = office.person()

    man = look(admin, {"record_id": "1", "sex": "1", "height": "180", "weight": "81"})
    woman = look(admin, {"record_id": "1", "sex": "2", "height": "18", "weight": "x"})

    assert (man["hidden"], man["computed"], man["problems"]) == (["pregnant"], {"bmi": 25.0}, [])
    assert (woman["hidden"], woman["required"]) == ([], ["pregnant", "record_id"])
    problems = {(problem["field"], problem["code"]) for problem in woman["problems"]}
    assert problems == {("pregnant", "required"), ("height", "minimum"), ("weight", "not_a_number")}
    assert admin.keys() == []


def test_a_change_is_looked_at_together_with_what_is_stored(office: Office) -> None:
    admin = office.person()
    made = admin.add(record_id="1", sex="2", height=180, weight=81, pregnant=True)

    outlook = look(admin, {"sex": "1"}, record=made["id"])

    assert outlook["computed"] == {"bmi": 25.0}
    assert [(one["field"], one["severity"]) for one in outlook["problems"]] == [("pregnant", "warning")]
    assert outlook["hidden"] == []  # what has a value stays in sight
    assert look(admin, {"sex": "1", "pregnant": None}, record=made["id"])["hidden"] == ["pregnant"]
    assert admin.get(f"{PATIENTS}/{made['id']}")["version"] == 1


def test_a_reason_for_a_missing_value_is_looked_at_too(office: Office) -> None:
    admin = office.person()
    outlook = look(admin, {"record_id": "1"}, missing={"weight": "refused", "height": "refused"})
    assert [(one["field"], one["code"]) for one in outlook["problems"]] == [("height", "missing_code")]


def test_values_of_ancestors_are_used(office: Office) -> None:
    admin = office.person()
    made = admin.add(record_id="1", born="1980-05-01")
    visit = f"{LUNG}/forms/visit/check"

    below = admin.post(visit, {"values": {"on": "2020-05-01"}, "parent": made["id"]})
    nowhere = admin.post(visit, {"values": {"on": "2020-05-01"}, "parent": 999})

    assert below["computed"]["age"] == 40
    assert [problem["code"] for problem in nowhere["problems"]] == ["parent_missing"]


@pytest.mark.parametrize("body", [{}, {"values": []}, {"values": {}, "record": 0}, {"values": {}, "x": 1}])
def test_what_is_no_form_is_refused(office: Office, body: dict[str, Any]) -> None:
    assert office.person().refused("POST", CHECK, body).status == 422


def test_who_may_not_write_learns_nothing_by_trying(office: Office) -> None:
    admin, reader = office.person(), office.person("reader")
    made = admin.add(record_id="1", height=180)
    bodies: list[dict[str, Any]] = [{"values": {}}, {"values": {}, "record": made["id"]}]
    for body in bodies:
        assert reader.refused("POST", CHECK, body).told == (403, "Denied")
    assert admin.refused("POST", CHECK, {"values": {}, "record": 999}).told == (404, "NotFound")


def test_headings_and_texts_of_the_form_are_skipped_by_their_own_rules(office: Office) -> None:
    admin = office.person()
    items = [
        {"section": {"zh": "妊娠"}, "shown_if": "[sex] = '2'"},
        {"text": {"zh": "请核对"}, "shown_if": "[bmi] > 30"},
        {"field": "pregnant"},
    ]  # fmt: skip
    form = {"code": "crf", "record_type": "patient", "items": items}
    admin.edit("lung", {"edit": "add_form", "form": form})
    admin.publish("lung")

    man = look(admin, {"record_id": "1", "sex": "1", "height": "100", "weight": "81"})
    woman = look(admin, {"record_id": "1", "sex": "2"})

    assert set(man["hidden"]) == {"_item_0", "pregnant"}
    assert set(woman["hidden"]) == {"_item_1"}


def test_what_can_not_be_read_stays_in_sight(office: Office) -> None:
    unread = look(office.person(), {"record_id": "1", "sex": "1", "pregnant": "perhaps"})

    assert unread["hidden"] == []
    assert ("pregnant", "not_boolean") in [(one["field"], one["code"]) for one in unread["problems"]]


def test_a_form_to_fill_in_brings_the_rules_that_its_page_runs(office: Office) -> None:
    admin = office.person()

    rules = admin.get(FORM)["rules"]

    assert [item["field"] for item in rules["calculations"]] == ["bmi"]
    assert [item["key"] for item in rules["skips"]] == ["pregnant"]
    assert (rules["zone"], rules["left"]) == ("Asia/Shanghai", [])
    assert admin.get(FORM, mode="display")["rules"] is None


def test_the_draft_brings_its_rules_as_they_are_now(office: Office) -> None:
    admin = office.person()
    field = {
        "code": "double",
        "type": "calculated",
        "calculation": "[bmi] * 2",
        "label": {"zh": "二", "en": "2"},
    }
    admin.edit("lung", {"edit": "add_field", "record_type": "patient", "field": field})

    rules = admin.get(f"{LUNG}/draft/forms/patient")["rules"]

    assert [item["field"] for item in rules["calculations"]] == ["bmi", "double"]


def test_rules_of_a_visit_get_what_they_read_of_its_patient(office: Office) -> None:
    admin = office.person()
    made = admin.add(record_id="1", born="1980-05-01", name="Wang Fang")
    visit = f"{LUNG}/forms/visit"

    below = admin.get(visit, parent=made["id"])["rules"]
    nowhere = admin.get(visit)["rules"]

    assert below["around"] == {"born": "1980-05-01"}
    assert [item["field"] for item in below["calculations"]] == ["age"]
    assert nowhere["around"] == {}
    assert {"rule": "calculation", "key": "age"} in nowhere["left"]
    assert admin.refused("GET", f"{FORM}?record=999").told == (404, "NotFound")
    assert office.person("reader").refused("GET", f"{visit}?parent={made['id']}").told == (403, "Denied")

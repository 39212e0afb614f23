"""Fields that were taken out of a database are listed, and come back with their values."""

from __future__ import annotations

from typing import Any

from tests.metamodel.api.office import LUNG, PATIENTS, Office, Person

REMOVED = f"{LUNG}/draft/removed-fields"


def remove(code: str) -> dict[str, Any]:
    return {"edit": "remove_field", "record_type": "patient", "field": code}


def listed(person: Person, **params: Any) -> list[tuple[str, int, bool]]:
    return [(it["code"], it["release"], it["code_taken"]) for it in person.get(REMOVED, **params)["items"]]


def test_nothing_is_listed_where_nothing_was_removed(office: Office) -> None:
    assert office.person().get(REMOVED) == {"items": [], "next": None}


def test_what_the_draft_or_an_earlier_release_dropped_is_listed_the_last_one_first(office: Office) -> None:
    admin = office.person()
    admin.edit("lung", remove("bmi"), remove("height"))
    admin.publish("lung")
    admin.edit("lung", remove("weight"))

    assert listed(admin) == [("weight", 2, False), ("height", 1, False), ("bmi", 1, False)]
    assert listed(admin, record_type="elsewhere") == []
    page = admin.get(REMOVED, limit=2)
    assert [item["code"] for item in admin.get(REMOVED, after=page["next"])["items"]] == ["bmi"]


def test_a_field_comes_back_by_its_id_with_its_values(office: Office) -> None:
    admin = office.person()
    record = admin.add(record_id="1", height=180)
    admin.edit("lung", remove("bmi"), remove("height"))
    admin.publish("lung")
    [height] = [item for item in admin.get(REMOVED)["items"] if item["code"] == "height"]

    admin.edit("lung", {"edit": "restore_field", "record_type": "patient", "id": height["id"]})
    admin.publish("lung")

    assert admin.get(f"{PATIENTS}/{record['id']}")["values"]["height"] == 180
    assert [code for code, *_ in listed(admin)] == ["bmi"]


def test_a_field_whose_code_is_taken_is_said_not_to_come_back(office: Office) -> None:
    admin = office.person()
    admin.edit("lung", remove("bmi"))
    admin.publish("lung")
    new = {"code": "bmi", "type": "string", "id": "fnew2222"}
    admin.edit("lung", {"edit": "add_field", "record_type": "patient", "field": new})

    assert listed(admin) == [("bmi", 1, True)]
    back = {
        "expected_version": admin.get(f"{LUNG}/draft")["version"],
        "edits": [
            {"edit": "restore_field", "record_type": "patient", "id": admin.get(REMOVED)["items"][0]["id"]}
        ],
    }
    assert admin.refused("POST", f"{LUNG}/draft/edits", back).told == (422, "EditRefused")


def test_reading_the_list_needs_a_look_at_the_database(office: Office) -> None:
    assert office.person().refused("GET", "/databases/nothing/draft/removed-fields").told == (404, "NotFound")
    assert office.person("reader").get(REMOVED)["items"] == []
    assert office.person("hospital_admin").refused("GET", REMOVED).told == (403, "Denied")

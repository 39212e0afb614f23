"""Changing a live database with data in it, edit by edit: nothing stored is lost."""

from __future__ import annotations

from typing import Any

import pytest

from tests.metamodel.api.office import LUNG, PATIENTS, Office, Person

VALUES = {"record_id": "1", "name": "王五", "sex": "2", "height": 160.5, "pregnant": False}


@pytest.fixture
def admin(office: Office) -> Person:
    """A research administrator of a database that holds a patient."""
    admin = office.person()
    admin.add(**VALUES)
    return admin


def patient(admin: Person) -> dict[str, Any]:
    [record] = admin.get(PATIENTS)["items"]
    values: dict[str, Any] = record["values"]
    return {code: value for code, value in values.items() if value is not None}


def fields(admin: Person) -> list[str]:
    return [item["code"] for item in admin.get(LUNG)["record_types"][0]["fields"]]


def change(admin: Person, edit: str, field: str, **more: Any) -> None:
    admin.edit("lung", {"edit": edit, "record_type": "patient", "field": field} | more)
    admin.publish("lung")


def test_an_added_field_is_empty_and_can_be_filled(admin: Person) -> None:
    made = {"code": "note", "label": {"zh": "备注", "en": "Note"}, "type": "string"}
    admin.edit("lung", {"edit": "add_field", "record_type": "patient", "field": made, "after": "name"})
    admin.publish("lung")

    record = admin.get(PATIENTS)["items"][0]
    admin.ask("PATCH", f"{PATIENTS}/{record['id']}", {"version": record["version"], "values": {"note": "好"}})

    assert patient(admin) == VALUES | {"note": "好"}
    assert fields(admin)[:3] == ["record_id", "name", "note"]


def test_a_renamed_field_keeps_its_values_its_history_and_the_rules_that_use_it(admin: Person) -> None:
    change(admin, "rename_field", "sex", code="gender")

    assert patient(admin) == {("gender" if code == "sex" else code): VALUES[code] for code in VALUES}
    record = admin.get(PATIENTS, where="[gender] = '2'")["items"][0]
    [step] = admin.get(f"{PATIENTS}/{record['id']}/revisions")["items"]
    assert {"field": "gender", "old": None, "new": "2"} in step["changes"]
    pregnant = next(
        item for item in admin.get(LUNG)["record_types"][0]["fields"] if item["code"] == "pregnant"
    )
    assert pregnant["shown_if"] == "[gender] = '2'"


def test_reordering_moves_nothing_but_the_order(admin: Person) -> None:
    change(admin, "move_field", "height", index=0)

    assert fields(admin)[0] == "height"
    assert patient(admin) == VALUES


@pytest.mark.parametrize("away", ["hide_field", "remove_field"])
def test_a_hidden_or_removed_field_comes_back_with_its_values(admin: Person, away: str) -> None:
    change(admin, away, "pregnant")
    shown = [item["code"] for item in admin.get(LUNG)["record_types"][0]["fields"] if not item["hidden"]]
    change(admin, "restore_field", "pregnant")

    assert "pregnant" not in shown
    assert patient(admin) == VALUES


def test_a_field_that_a_rule_needs_can_not_be_removed_alone(admin: Person) -> None:
    draft = admin.edit("lung", {"edit": "remove_field", "record_type": "patient", "field": "height"})
    refusal = admin.refused("POST", f"{LUNG}/plans")

    assert draft["problems"][0]["path"].endswith("/calculation")
    assert (refusal.told, refusal.is_bilingual) == ((422, "DefinitionInvalid"), True)
    assert patient(admin) == VALUES

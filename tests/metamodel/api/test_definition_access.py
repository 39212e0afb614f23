"""What a definition says is for those who work on it, or may view records of all its types."""

from __future__ import annotations

from typing import Any

import pytest

from tests.metamodel.api.office import LUNG, Office, Person
from tests.metamodel.exchange.redcap_files import dictionary, variable
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.grants import GrantFilter, NewGrant, add_grant, list_grants, revoke_grant
from zhenshu.security.grants.model import CLEAR

WHOLE = (
    f"{LUNG}/definition", f"{LUNG}/draft", f"{LUNG}/draft/changes", f"{LUNG}/draft/removed-fields",
    f"{LUNG}/draft/forms/patient", f"{LUNG}/releases", f"{LUNG}/releases/1", f"{LUNG}/releases/1/changes",
    f"{LUNG}/releases/1/definition", "/definitions/database/lung",
)  # fmt: skip


def statuses(person: Person) -> set[int]:
    return {person.caller.get(path).status_code for path in WHOLE}


def give(office: Office, person: Person, resource: str, *actions: str, **more: Any) -> None:
    """This grant alone."""
    with office.instance.write(SYSTEM, Channel.API) as uow:
        for grant in list_grants(uow, GrantFilter(state="active")):
            revoke_grant(uow, grant.id, "test")
        new = NewGrant("user", str(person.caller.user_id), resource, actions, **({"classes": CLEAR} | more))
        add_grant(uow, new)


@pytest.mark.parametrize("role", ["reader", "researcher", "research_admin"])
def test_a_definition_needs_a_grant(office: Office, role: str) -> None:
    admin, person = office.person(name="designer"), office.person(role)

    assert statuses(person) == {200}
    give(office, admin, "", "view", "design", "approve")

    assert statuses(person) == {403}
    assert person.get("/databases")["items"] == [] and person.get("/search", q="sex")["items"] == []
    assert statuses(admin) == {200}


def test_a_grant_on_one_record_type_tells_of_no_other(office: Office) -> None:
    person = office.person("reader")
    types = [each["code"] for each in person.get(LUNG)["record_types"]]
    give(office, person, "lung.patient", "view")

    assert len(types) > 1 and [each["code"] for each in person.get(LUNG)["record_types"]] == ["patient"]
    assert statuses(person) == {403}
    other = next(each for each in types if each != "patient")
    rule = {"database": "lung", "expression": "1 = 1"}
    assert person.refused("POST", "/rules/parse", rule | {"record_type": other}).told == (403, "Denied")
    assert person.post("/rules/parse", rule | {"record_type": "patient"})["ok"]
    named = rule | {"record_type": "patient", "expression": f"count([{other}]) > 0"}
    assert not person.post("/rules/parse", named)["ok"]
    assert (
        person.refused("POST", "/rules/check", rule | {"record_type": "patient", "draft": True}).status == 403
    )


def test_whoever_may_not_know_of_identities_does_not_read_the_definition(office: Office) -> None:
    person = office.person("reader")
    give(office, person, "lung", "view", classes={"plain": "show", "identifying": "hide"})

    assert statuses(person) == {403}
    assert "name" not in [field["code"] for field in person.get(LUNG)["record_types"][0]["fields"]]


def test_imports_of_a_database_are_for_its_designers(office: Office) -> None:
    admin = office.person()
    made = admin.import_definition(("trial.csv", dictionary(variable("no")).content), code="trial")
    paths = [
        f"/imports/{made['import']}",
        f"/imports/{made['import']}/report",
        "/databases/trial/imports",
    ]
    assert [admin.caller.get(path).status_code for path in paths] == [200] * 3
    assert admin.get("/definitions/import-targets/trial")["exists"]

    give(office, admin, "lung", "view", "design")

    assert [admin.caller.get(path).status_code for path in paths] == [404, 404, 403]
    assert not admin.get("/definitions/import-targets/trial")["exists"]
    assert not any(each["kind"] == "draft" for each in admin.get("/me/waiting")["items"])

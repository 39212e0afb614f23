"""Mass assignment: what the system itself sets can't be sent, in any body, file or document."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from sqlalchemy import select

from metamodel.storage import SYSTEM_COLUMNS
from tests.attack.bodies import body_of, objects, query_of
from tests.attack.castle import Castle, address, code_of, endpoints, route_name
from tests.attack.unchanged import unchanged
from tests.attack.ward import CODE
from tests.metamodel.api.office import Person
from zhenshu.security.roles import ROLES
from zhenshu.security.tables import account
from zhenshu.web.api import PUBLIC, Endpoint

PATIENTS = f"/databases/{CODE}/records/patient"
WITH_BODY = [endpoint for endpoint in endpoints() if isinstance(endpoint.body, Mapping)]

# What systems like this one take from a body that they should not.
NAMES = sorted(
    {
        *SYSTEM_COLUMNS, "active", "admin", "approved_by", "created_by_id", "directory", "granted_by",
        "grants", "is_admin", "is_system", "kind", "mine", "must_change_password", "owner_id",
        "password_hash", "permissions", "role", "roles", "state", "subject", "subject_id", "user_id",
        "view_as", "__proto__",
        "__class__",
    }
)  # fmt: skip
# Objects in bodies that take names which no schema of the API knows, and who looks at those names instead.
OPEN = {
    ("/document", "the schema of definitions"),
    ("/edits/*", "the edits' own schemas"),
    ("/conditions/*", "the reader of trees"),
    ("/trees/*", "the reader of trees"),
    ("/parameters", "the masking method's own schema"),
    ("/values", "the record type"),
    ("/records/*/values", "the record type"),
    ("/missing", "the record type"),
    ("/records/*/missing", "the record type"),
    ("/options", "the import, which takes those it knows"),
}


def test_every_object_in_a_body_is_closed_or_read_by_one_who_knows_its_names() -> None:
    left_open = {
        (route_name(endpoint), path)
        for endpoint in WITH_BODY
        for path, schema in objects(endpoint.body)
        if schema.get("additionalProperties") is not False
    }
    known = {path for path, _ in OPEN}
    assert {where for where in left_open if where[1] not in known} == set()


def roles_for(endpoint: Endpoint) -> Iterator[str]:
    for role in ROLES:
        if not isinstance(endpoint.needs, tuple) or endpoint.needs in role.permissions:
            yield role.name


def test_no_body_takes_a_name_that_its_endpoint_does_not_declare(castle: Castle) -> None:
    people = {role.name: castle.person(role.name).caller for role in ROLES}
    with unchanged(castle):
        for endpoint in WITH_BODY:
            caller = people[next(roles_for(endpoint))]
            if endpoint.needs is PUBLIC:
                caller = castle.site.stranger()
            assert isinstance(endpoint.body, Mapping)
            for name in NAMES:
                if name not in endpoint.body.get("properties", {}):
                    body = json.dumps(body_of(endpoint) | {name: 1})
                    response = caller.call(
                        endpoint.method, address(endpoint), data=body, query_string=query_of(endpoint),
                        headers={"Content-Type": "application/json"},
                    )  # fmt: skip
                    told = response.status_code, code_of(response)
                    assert told == (422, "NotValid"), (route_name(endpoint), name, response.text)


def test_no_name_is_taken_twice(castle: Castle) -> None:
    """Else one check would read the first, and another the second."""
    person = castle.person("research_admin").caller
    body = '{"values": {"sex": "1"}, "values": {"sex": "2"}}'

    with unchanged(castle):
        response = person.post(PATIENTS, data=body, headers={"Content-Type": "application/json"})
    assert response.status_code == 400


@pytest.fixture
def admin(castle: Castle) -> Person:
    return castle.person("research_admin")


@pytest.mark.parametrize("name", [*SYSTEM_COLUMNS, "c1", "b1", "_seq", "rowid", "release"])
def test_system_columns_are_no_values(castle: Castle, admin: Person, name: str) -> None:
    before = admin.get(f"{PATIENTS}/1")
    with unchanged(castle):
        added = admin.caller.post(PATIENTS, json={"values": {"sex": "1", name: 1}})
        changed = admin.caller.call("PATCH", f"{PATIENTS}/1", json={"version": 3, "values": {name: 1}})
        many = admin.caller.post(f"{PATIENTS}/bulk", json={"records": [{"values": {name: 1}}]})
    assert [added.status_code, changed.status_code] == [422, 422]
    assert many.get_json()["ids"] == [None]
    assert admin.get(f"{PATIENTS}/1") == before


@pytest.mark.parametrize("name", ["owner", "created_by", "row_version", "status", "patient", "grade"])
def test_a_file_sets_no_system_column(castle: Castle, admin: Person, name: str) -> None:
    def load(**options: Any) -> int:
        file = admin.upload("a.csv", f"no,sex,{name}\nFROM-FILE,1,99\n")
        body = {"file_id": file, "record_type": "patient", "options": options}
        return int(admin.post(f"/databases/{CODE}/record-imports", body)["job"])

    with pytest.raises(Exception, match=name):
        admin.finish(load())
    admin.finish(load(ignore_unknown=True, owner=99, status="trashed"))

    [found] = admin.get(PATIENTS, where="[no] = 'FROM-FILE'")["items"]
    made_by = admin.caller.user_id, 1, "research_admin"
    assert (found["owner"], found["version"], found["created_by"]) == made_by


def test_nobody_writes_their_own_role_or_password_rules(castle: Castle) -> None:
    """What a user may change of the own account is its language and password, and nothing on the way."""
    reader = castle.person("reader")

    def stored() -> Any:
        with castle.instance.engine.connect() as conn:
            row = conn.execute(select(account).where(account.c.user_id == reader.caller.user_id)).one()
            return {name: value for name, value in row._mapping.items() if name != "language"}

    before = stored()
    for extra in ({"roles": ["research_admin"]}, {"must_change_password": False}, {"user_id": 1}):
        response = reader.caller.call("PUT", "/session/language", json={"language": "en"} | extra)
        assert response.status_code == 422
    assert reader.caller.call("PUT", "/session/language", json={"language": "en"}).status_code < 300
    assert stored() == before

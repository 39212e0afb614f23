"""Asking for access: asked, granted or refused by others, used, revoked, ended; each step on record."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from tests.metamodel.api.office import LUNG, PATIENTS, Json, Office, Person
from zhenshu.audit import audit_entry
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.grants import revoke_grant
from zhenshu.security.grants.tables import access_grant
from zhenshu.security.requests import sweep_requests, write_uses

REQUESTS = "/access/requests"
MONTH = timedelta(days=30)


def soon(wait: timedelta = MONTH) -> str:
    return (datetime.now(UTC) + wait).isoformat(timespec="seconds").replace("+00:00", "Z")


def wanted(**more: Any) -> Json:
    return {
        "database": "lung",
        "actions": ["view"],
        "grade": 2,
        "ends_at": soon(),
        "reason": "肺结节课题",
    } | more


@pytest.fixture
def closed(office: Office) -> Office:
    """An office in which researchers and readers hold no grant."""
    with office.instance.write(SYSTEM, Channel.API) as uow:
        c = access_grant.c
        ids = select(c.id).where(c.subject_value.in_(["researcher", "reader"]))
        for grant_id in uow.conn.scalars(ids).all():
            revoke_grant(uow, grant_id, "test")
    return office


def steps(person: Person, request: Json) -> list[tuple[str, str, str]]:
    found = person.get(f"{REQUESTS}/{request['id']}")["steps"]
    return [(each["step"], each["by"], each["reason"]) for each in found]


def told(person: Person) -> list[str]:
    return [each["kind"] for each in person.get("/notices")["items"]]


def test_from_the_question_to_the_revocation(closed: Office) -> None:
    admin, asker = closed.person("research_admin", "chen"), closed.person("researcher", "wang")
    admin.add(record_id="R1", name="王小明")
    assert asker.refused("GET", PATIENTS).status in (403, 404)

    request = asker.post(REQUESTS, wanted(actions=["view", "export"]))
    assert told(admin) == ["access.asked"]
    assert [each["kind"] for each in admin.get("/me/waiting")["items"]] == ["access_request"]

    admin.post(f"{REQUESTS}/{request['id']}/grant", {"actions": ["view"], "reason": "先看看"})
    shown = asker.get(PATIENTS)["items"][0]["values"]
    assert shown["record_id"] == "R1"
    assert shown["name"] != "王小明"
    assert told(asker) == ["access.granted"]
    assert admin.get("/me/waiting")["items"] == []

    admin.post(f"{REQUESTS}/{request['id']}/revoke", {"reason": "课题结束"})
    assert asker.refused("GET", PATIENTS).status in (403, 404)
    assert steps(asker, request) == [
        ("ask", "wang", "肺结节课题"),
        ("grant", "chen", "先看看"),
        ("revoke", "chen", "课题结束"),
    ]
    assert asker.get(f"{REQUESTS}/{request['id']}")["request"]["state"] == "revoked"


def test_uses_are_counted_and_shown(closed: Office) -> None:
    admin, asker = closed.person("research_admin", "chen"), closed.person("researcher", "wang")
    request = asker.post(REQUESTS, wanted())
    admin.post(f"{REQUESTS}/{request['id']}/grant", {})
    for _ in range(3):
        asker.get(PATIENTS)
    write_uses(closed.instance)
    asker.get(PATIENTS)
    write_uses(closed.instance)

    uses = admin.get(f"{REQUESTS}/{request['id']}")["uses"]
    assert [(each["resource"], each["action"], each["count"] >= 4) for each in uses] == [
        ("lung.patient", "view", True)
    ]


@pytest.mark.parametrize(
    "more",
    [
        {"actions": ["view", "add"]},
        {"identifying": True},
        {"grade": 1},
        {"ends_at": soon(2 * MONTH)},
        {"record_type": "visit"},
    ],
)
def test_nobody_grants_more_than_was_asked_for(closed: Office, more: Json) -> None:
    admin, asker = closed.person("research_admin", "chen"), closed.person("researcher", "wang")
    request = asker.post(REQUESTS, wanted(record_type="patient", grade=0))

    refusal = admin.refused("POST", f"{REQUESTS}/{request['id']}/grant", more)

    assert refusal.told == (422, "WiderThanAsked")
    assert refusal.is_bilingual
    assert asker.refused("GET", PATIENTS).status in (403, 404)


def test_nobody_decides_on_a_request_of_their_own(closed: Office) -> None:
    admin = closed.person("research_admin", "chen")
    request = admin.post(REQUESTS, wanted())

    for act, body in (("grant", {}), ("refuse", {"reason": "nein"}), ("revoke", {"reason": "nein"})):
        assert admin.refused("POST", f"{REQUESTS}/{request['id']}/{act}", body).told == (403, "OwnRequest")
    assert told(admin) == []


@pytest.mark.parametrize("role", ["researcher", "reader", "hospital_admin", "audit_admin"])
def test_who_manages_no_grants_decides_nothing_and_sees_only_the_own(closed: Office, role: str) -> None:
    asker, other = closed.person("researcher", "wang"), closed.person(role, "other")
    request = asker.post(REQUESTS, wanted())

    for act in ("grant", "refuse", "revoke"):
        body = {} if act == "grant" else {"reason": "x"}
        assert other.refused("POST", f"{REQUESTS}/{request['id']}/{act}", body).status == 403
    assert other.refused("GET", f"{REQUESTS}/{request['id']}").told == (404, "NotFound")
    assert other.refused("POST", f"{REQUESTS}/{request['id']}/withdraw").told == (404, "NotFound")
    assert [other.get(REQUESTS, box=box)["items"] for box in ("mine", "waiting", "all")] == [[], [], []]


def test_the_security_administrator_decides_without_seeing_a_record(closed: Office) -> None:
    security, asker = closed.person("security_admin"), closed.person("researcher", "wang")
    request = asker.post(REQUESTS, wanted())

    assert told(security) == ["access.asked"]
    security.post(f"{REQUESTS}/{request['id']}/grant", {})

    assert asker.get(PATIENTS)["items"] == []
    assert security.refused("GET", PATIENTS).status == 403


def test_one_of_two_deciders_is_first(closed: Office) -> None:
    first, second = closed.person("research_admin", "chen"), closed.person("security_admin", "li")
    asker = closed.person("researcher", "wang")
    request = asker.post(REQUESTS, wanted())
    first.post(f"{REQUESTS}/{request['id']}/refuse", {"reason": "写明课题"})

    refusal = second.refused("POST", f"{REQUESTS}/{request['id']}/grant", {})

    assert refusal.told == (409, "RequestSettled")
    assert refusal.is_bilingual
    assert told(asker) == ["access.refused"]
    assert told(second) == []  # nothing waits any more


def test_a_withdrawn_request_is_decided_by_nobody(closed: Office) -> None:
    admin, asker = closed.person("research_admin", "chen"), closed.person("researcher", "wang")
    request = asker.post(REQUESTS, wanted())
    assert asker.refused("POST", REQUESTS, wanted()).told == (409, "AskedAlready")

    asker.post(f"{REQUESTS}/{request['id']}/withdraw")

    assert admin.refused("POST", f"{REQUESTS}/{request['id']}/grant", {}).told == (409, "RequestSettled")
    assert asker.post(REQUESTS, wanted())["state"] == "asked"


@pytest.mark.parametrize(
    ("role", "more"),
    [
        ("researcher", {"actions": ["delete"]}),
        ("reader", {"actions": ["add"]}),
        ("researcher", {"identifying": True}),
        ("hospital_admin", {}),
        ("security_admin", {}),
        ("audit_admin", {}),
        ("researcher", {"ends_at": "2020-01-01T00:00:00Z"}),
        ("researcher", {"ends_at": soon(timedelta(days=400))}),
    ],
)
def test_what_could_never_be_had_is_not_asked_for(closed: Office, role: str, more: Json) -> None:
    refusal = closed.person(role).refused("POST", REQUESTS, wanted(**more))

    assert refusal.told == (422, "AskWrong")
    assert refusal.is_bilingual


def test_what_is_not_there_is_not_asked_for(closed: Office) -> None:
    asker = closed.person("researcher")
    for more in ({"database": "nowhere"}, {"record_type": "nothing"}):
        assert asker.refused("POST", REQUESTS, wanted(**more)).told == (404, "NotFound")


def test_a_grant_ends_by_itself_and_that_is_the_last_step(closed: Office) -> None:
    admin, asker = closed.person("research_admin", "chen"), closed.person("researcher", "wang")
    request = asker.post(REQUESTS, wanted())
    admin.post(f"{REQUESTS}/{request['id']}/grant", {})
    with closed.instance.write(SYSTEM, Channel.API) as uow:
        ended = update(access_grant).where(access_grant.c.request_id == request["id"])
        uow.conn.execute(ended.values(ends_at=uow.at))

    assert asker.refused("GET", PATIENTS).status in (403, 404)
    assert asker.get(REQUESTS, state="ended")["items"][0]["id"] == request["id"]
    assert asker.get(REQUESTS, state="granted")["items"] == []
    sweep_requests(closed.instance)
    sweep_requests(closed.instance)

    assert [step for step, _, _ in steps(asker, request)] == ["ask", "grant", "end"]
    assert told(asker) == ["access.ended", "access.granted"]


def test_every_step_is_in_the_trail_without_what_was_typed(closed: Office) -> None:
    admin, asker = closed.person("research_admin", "chen"), closed.person("researcher", "wang")
    request = asker.post(REQUESTS, wanted(reason="机密的理由"))
    admin.post(f"{REQUESTS}/{request['id']}/grant", {"reason": "机密的答复"})
    admin.post(f"{REQUESTS}/{request['id']}/revoke", {"reason": "机密的收回"})

    with closed.instance.read(SYSTEM, Channel.API) as uow:
        query = select(audit_entry).where(audit_entry.c.resource_kind == "access_request")
        entries = uow.conn.execute(query.order_by(audit_entry.c.id)).all()
    assert [(each.action, each.subject_name) for each in entries] == [
        ("ask", "wang"),
        ("grant", "chen"),
        ("revoke", "chen"),
    ]
    assert "机密" not in str(entries)


def test_lists_are_paged_newest_first(closed: Office) -> None:
    asker = closed.person("researcher", "wang")
    made = [asker.post(REQUESTS, wanted(record_type=each))["id"] for each in ("patient", "visit")]
    made.append(asker.post(REQUESTS, wanted())["id"])

    first = asker.get(REQUESTS, limit=2)
    second = asker.get(REQUESTS, limit=2, after=first["next"])

    assert [each["id"] for each in first["items"] + second["items"]] == made[::-1]


def test_the_database_is_named_where_it_may_not_be_seen(closed: Office) -> None:
    admin, asker = closed.person("research_admin"), closed.person("researcher", "wang")
    request = asker.post(REQUESTS, wanted(record_type="patient"))

    known = admin.get(LUNG)
    assert request["database"] == {"code": "lung", "label": known["label"]}
    assert request["record_type"]["label"] == known["record_types"][0]["label"]
    assert asker.refused("GET", f"{LUNG}/records/patient/1").status in (403, 404)

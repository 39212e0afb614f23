"""Access in an emergency: identities in clear for minutes, told at once, reviewed afterwards."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.metamodel.api.office import LUNG, PATIENTS, Json, Office, Person
from tests.metamodel.api.test_access_requests import closed
from zhenshu.audit import audit_entry
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.grants import NewGrant, add_grant
from zhenshu.security.grants.tables import access_grant
from zhenshu.security.requests.tables import emergency_access

__all__ = ["closed"]  # a fixture

EMERGENCIES = "/access/emergencies"
NAME = "王小明"
REASON = "抢救中需要核对患者身份"
TAKE: Json = {"database": "lung", "scope": "database", "minutes": 10, "reason": REASON}


def name_seen(person: Person) -> str:
    return str(person.get(PATIENTS)["items"][0]["values"]["name"])


def masked_reading(office: Office, person: Person) -> None:
    """A grant to read, identities masked."""
    with office.instance.write(SYSTEM, Channel.API) as uow:
        add_grant(uow, NewGrant("user", str(person.caller.user_id), "lung", ["view"], grade=2, reason="test"))


@pytest.fixture
def doctor(closed: Office) -> Person:
    closed.person("research_admin", "chen").add(record_id="R1", name=NAME)
    person = closed.person("researcher", "wang")
    masked_reading(closed, person)
    return person


def over(office: Office, emergency: Json) -> None:
    """Let its time pass."""
    with office.instance.write(SYSTEM, Channel.API) as uow:
        past = uow.at - timedelta(seconds=1)
        c = emergency_access.c
        grant = select(c.grant_id).where(c.id == emergency["id"]).scalar_subquery()
        uow.conn.execute(update(access_grant).where(access_grant.c.id == grant).values(ends_at=past))
        uow.conn.execute(update(emergency_access).where(c.id == emergency["id"]).values(ends_at=past))


def test_identities_are_in_clear_while_it_holds(closed: Office, doctor: Person) -> None:
    security = closed.person("security_admin")
    assert name_seen(doctor) != NAME

    taken = doctor.post(EMERGENCIES, TAKE)

    assert name_seen(doctor) == NAME
    assert [each["id"] for each in doctor.get(f"{EMERGENCIES}/running")["items"]] == [taken["id"]]
    assert [each["kind"] for each in security.get("/notices")["items"]] == ["access.emergency"]
    over(closed, taken)
    assert name_seen(doctor) != NAME
    assert doctor.get(f"{EMERGENCIES}/running")["items"] == []


def test_it_opens_reading_and_nothing_else(doctor: Person) -> None:
    doctor.post(EMERGENCIES, TAKE)
    record = doctor.get(PATIENTS)["items"][0]

    assert doctor.refused("POST", PATIENTS, {"values": {"record_id": "R9"}}).status == 403
    change = {"version": 1, "values": {"name": "x"}}
    assert doctor.refused("PATCH", f"{PATIENTS}/{record['id']}", change).status == 403


def test_it_is_ended_by_its_owner_alone(closed: Office, doctor: Person) -> None:
    taken = doctor.post(EMERGENCIES, TAKE)
    other = closed.person("researcher", "li")
    assert other.refused("POST", f"{EMERGENCIES}/{taken['id']}/end").told == (404, "NotFound")
    assert other.refused("GET", f"{EMERGENCIES}/{taken['id']}").told == (404, "NotFound")

    doctor.post(f"{EMERGENCIES}/{taken['id']}/end")

    assert name_seen(doctor) != NAME
    assert doctor.refused("POST", f"{EMERGENCIES}/{taken['id']}/end").told == (409, "EmergencyOver")


def test_it_is_reviewed_once_by_the_security_administrator_when_it_is_over(
    closed: Office, doctor: Person
) -> None:
    security, admin = closed.person("security_admin", "sun"), closed.person("research_admin", "zhou")
    taken = doctor.post(EMERGENCIES, TAKE)
    review = f"{EMERGENCIES}/{taken['id']}/review"
    assert security.refused("POST", review, {"remark": "早了"}).told == (409, "ReviewRefused")
    over(closed, taken)
    assert [each["kind"] for each in security.get("/me/waiting")["items"]] == ["emergency"]
    assert admin.refused("POST", review, {"remark": "不归我"}).told == (403, "NotForYou")

    done = security.post(review, {"remark": "情况属实"})

    assert (done["reviewed_by"], done["remark"]) == ("sun", "情况属实")
    assert security.refused("POST", review, {"remark": "再来"}).told == (409, "ReviewRefused")
    assert security.get("/me/waiting")["items"] == []
    assert doctor.get("/notices")["items"][0]["kind"] == "access.emergency_reviewed"
    assert [each["id"] for each in security.get(EMERGENCIES, state="reviewed")["items"]] == [taken["id"]]


@pytest.mark.parametrize("role", ["reader", "hospital_admin", "security_admin", "audit_admin"])
def test_other_roles_may_not(closed: Office, role: str) -> None:
    assert closed.person(role).refused("POST", EMERGENCIES, TAKE).status == 403


def test_who_may_not_view_the_database_may_not(closed: Office) -> None:
    assert closed.person("researcher").refused("POST", EMERGENCIES, TAKE).told == (403, "Denied")


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"reason": "太短"}, "BadRequest"),
        ({"reason": " " * 20}, "AskWrong"),
        ({"minutes": 61}, "AskWrong"),
        ({"minutes": 0}, "BadRequest"),
        ({"database": "nowhere"}, "NotFound"),
    ],
)
def test_what_is_wrong_is_refused(doctor: Person, more: Json, code: str) -> None:
    refusal = doctor.refused("POST", EMERGENCIES, TAKE | more)

    assert refusal.status in (404, 422)
    assert doctor.get(f"{EMERGENCIES}/running")["items"] == []
    if code != "BadRequest":
        assert refusal.code == code


def test_one_runs_at_a_time_on_a_database(doctor: Person) -> None:
    doctor.post(EMERGENCIES, TAKE)

    assert doctor.refused("POST", EMERGENCIES, TAKE | {"record_type": "patient"}).told == (422, "AskWrong")


def test_it_is_in_the_trail_without_the_reason(closed: Office, doctor: Person) -> None:
    taken = doctor.post(EMERGENCIES, TAKE)
    doctor.post(f"{EMERGENCIES}/{taken['id']}/end")

    with closed.instance.read(SYSTEM, Channel.API) as uow:
        query = select(audit_entry).where(audit_entry.c.action.in_(["emergency", "emergency_end"]))
        entries = uow.conn.execute(query.order_by(audit_entry.c.id)).all()
    assert [(each.action, each.subject_name) for each in entries] == [
        ("emergency", "wang"),
        ("emergency_end", "wang"),
    ]
    assert REASON not in str(entries)


def test_an_emergency_for_one_patient_shows_that_one_alone(closed: Office, doctor: Person) -> None:
    """In their own records; lists, where others stand beside, go on as before."""
    keeper, security = closed.person("research_admin", "qian"), closed.person("security_admin")
    other = keeper.add(record_id="R2", name="李四")
    first, *_ = (item["id"] for item in keeper.get(PATIENTS)["items"])
    keeper.post(
        f"{LUNG}/records/visit", {"values": {"on": "2026-03-05"}, "parent": first, "event": "baseline"}
    )

    taken = doctor.post(EMERGENCIES, TAKE | {"scope": "patient", "identifier": " R1 "})

    assert (taken["scope"], taken["record_type"]["code"], taken["record"]) == ("patient", "patient", first)
    assert doctor.get(f"{PATIENTS}/{first}")["values"]["name"] == NAME
    assert doctor.get(f"{PATIENTS}/{first}/revisions")["items"][0]["changes"]
    assert doctor.get(f"{PATIENTS}/{other['id']}")["values"]["name"] != "李四"
    assert {item["values"]["name"] for item in doctor.get(PATIENTS)["items"]}.isdisjoint({NAME, "李四"})
    assert doctor.refused("GET", PATIENTS, query_string={"where": "[name] = '王小明'"}).told == (
        403,
        "QueryNotAllowed",
    )
    assert len(doctor.get(f"{LUNG}/records/visit", parent=first)["items"]) == 1
    [told] = [item for item in security.get("/notices")["items"] if item["kind"] == "access.emergency"]
    assert "一名患者" in told["zh"] and NAME not in told["zh"]
    with closed.instance.read(SYSTEM, Channel.API) as uow:
        c = audit_entry.c
        read = select(c.action).where(c.subject_name == "wang", c.action.in_(["emergency", "read"]))
        assert set(uow.conn.scalars(read)) == {"emergency", "read"}
    doctor.post(f"{EMERGENCIES}/{taken['id']}/end")
    assert doctor.get(f"{PATIENTS}/{first}")["values"]["name"] != NAME


def test_it_reaches_the_patient_whom_ones_own_rows_do_not(closed: Office) -> None:
    """The patient in front of one may be another's."""
    keeper, doctor = closed.person("research_admin", "chen"), closed.person("researcher", "zhao")
    first = keeper.add(record_id="R1", name=NAME, sex="1")
    keeper.add(record_id="R2", name="李四", sex="2", pregnant=False)
    with closed.instance.write(SYSTEM, Channel.API) as uow:
        rule = "[patient.sex] = '2'"
        add_grant(uow, NewGrant("user", str(doctor.caller.user_id), "lung", ["view"], where=rule))
    assert doctor.caller.get(f"{PATIENTS}/{first['id']}").status_code == 404
    by_record = TAKE | {"scope": "patient", "record_type": "patient", "record": first["id"]}
    assert doctor.refused("POST", EMERGENCIES, by_record).status == 404  # an id is no patient's name

    doctor.post(EMERGENCIES, TAKE | {"scope": "patient", "identifier": "R1"})

    assert doctor.get(f"{PATIENTS}/{first['id']}")["values"]["name"] == NAME
    assert doctor.caller.get(f"{PATIENTS}/{first['id']}/revisions").status_code == 200


def test_a_patient_who_is_not_there_is_refused_and_the_look_is_in_the_trail(
    closed: Office, doctor: Person
) -> None:
    refused = doctor.refused("POST", EMERGENCIES, TAKE | {"scope": "patient", "identifier": "R999"})

    assert refused.told == (404, "NotFound") and "R999" not in refused.en
    unnamed = doctor.refused("POST", EMERGENCIES, TAKE | {"scope": "patient"})
    assert unnamed.told == (422, "AskWrong")
    with closed.instance.read(SYSTEM, Channel.API) as uow:
        c = audit_entry.c
        looked = select(c.subject_name).where(c.action == "emergency_look")
        assert set(uow.conn.scalars(looked)) == {"wang"}

"""Forgetting a patient by REST: found, looked at, confirmed, and then nobody can name them any more."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from metamodel.filters.tables import saved_filter
from tests.metamodel.api.office import LUNG, PATIENTS, Office, Person
from zhenshu.audit import audit_entry
from zhenshu.jobs.tables import job
from zhenshu.notices import News, notify
from zhenshu.notices.tables import notice
from zhenshu.security import SYSTEM, Channel

NAME, NUMBER = "欧阳克", "MRN-88"
BODY = {"record_type": "patient", "format": "csv"}


@pytest.fixture
def admin(office: Office) -> Person:
    return office.person()


@pytest.fixture
def patient(office: Office, admin: Person) -> int:
    """One who is named in a filter, in the arguments and the label of jobs, and in a notice."""
    admin.add(record_id=NUMBER, name=NAME)
    admin.add(record_id="MRN-1", name="李四")
    rule: dict[str, Any] = {"record_type": "patient", "where": f"[name] = '{NAME}'"}
    admin.post(f"{LUNG}/filters", rule | {"name": "一位"})
    admin.post(f"{LUNG}/filters", rule | {"name": "另一位", "where": "[name] = '李四'"})
    admin.post(f"{LUNG}/record-exports", BODY | {"where": f"[record_id] = '{NUMBER}'"})
    admin.import_records(f"{NAME}.csv", "record_id\n2\n")
    with office.instance.write(SYSTEM, Channel.API) as uow:
        news = News("x", "x", f"{NAME} 的检查", f"Exam of {NAME}", "")
        notify(uow, {int(admin.caller.user_id)}, news)
    return int(admin.post("/patients/find", {"database": "lung", "identifier": NUMBER})["patient"])


def test_a_patient_is_found_looked_at_and_forgotten(office: Office, admin: Person, patient: int) -> None:
    path = f"/patients/{patient}/forgetting"

    seen = admin.get(path)

    assert (seen["forgotten"], seen["destroyed_at"], seen["identifiers"]) == (False, None, 1)
    assert {each["record_type"]: each["records"] for each in seen["affected"]} == {"patient": 1}
    assert seen["traces"] == {"filters": 1, "notices": 1, "reasons": 0, "jobs": 1, "files": 1}
    assert NAME not in str(seen["traces"])
    wrong = admin.refused("POST", path, {"reason": "asked for it", "confirm": "yes"})
    assert wrong.told == (422, "NotConfirmed") and admin.get(path)["traces"] == seen["traces"]

    done = admin.post(path, {"reason": "asked for it", "confirm": seen["phrase"]})

    assert done["forgotten"] and done["destroyed_at"] and done["values"] == seen["values"]
    after = admin.get(path)
    assert (after["values"], after["identifiers"], set(after["traces"].values())) == (0, 0, {0})
    names = [item["values"]["name"] for item in admin.get(PATIENTS)["items"]]
    assert sorted(names, key=str) == [None, "李四"] or set(names) == {None, "李四"}
    assert [each["name"] for each in admin.get(f"{LUNG}/filters")["items"]] == ["另一位"]
    gone = admin.refused("POST", "/patients/find", {"database": "lung", "identifier": NUMBER})
    assert gone.told == (404, "NotFound")
    told = [each["zh"] for each in admin.get("/notices")["items"]]
    assert any("已随该患者被遗忘而删除" in each for each in told) and NAME not in str(told)


def test_nothing_of_the_platform_names_them_any_more(office: Office, admin: Person, patient: int) -> None:
    phrase = admin.get(f"/patients/{patient}/forgetting")["phrase"]
    admin.post(f"/patients/{patient}/forgetting", {"reason": "asked for it", "confirm": phrase})

    with office.instance.read(SYSTEM, Channel.API) as uow:
        rows = [
            *uow.conn.execute(select(notice)), *uow.conn.execute(select(job)),
            *uow.conn.execute(select(audit_entry)),
        ]  # fmt: skip
        assert len(uow.conn.execute(select(saved_filter.c.id)).all()) == 1
        jobs = uow.conn.execute(select(job.c.kind)).scalars().all()
    assert NAME not in str(rows) and NUMBER not in str(rows)
    assert jobs == ["records.import"]  # the export asked for the patient by number
    assert [each["action"] for each in proof(office, patient)] == ["forget", "forget_values"]


def proof(office: Office, patient: int) -> list[dict[str, Any]]:
    with office.instance.read(SYSTEM, Channel.API) as uow:
        c = audit_entry.c
        forgot = c.resource_kind == "patients", c.resource == str(patient)
        return [
            dict(row._mapping) for row in uow.conn.execute(select(audit_entry).where(*forgot).order_by(c.id))
        ]


@pytest.mark.parametrize("role", ["reader", "researcher", "hospital_admin", "security_admin", "audit_admin"])
def test_only_who_may_approve_finds_or_forgets(
    office: Office, admin: Person, patient: int, role: str
) -> None:
    person = office.person(role)

    assert person.refused("POST", "/patients/find", {"database": "lung", "identifier": NUMBER}).status == 403
    assert person.refused("GET", f"/patients/{patient}/forgetting").status == 403
    body = {"reason": "x", "confirm": f"forget {patient}"}
    assert person.refused("POST", f"/patients/{patient}/forgetting", body).status == 403
    assert admin.get(f"/patients/{patient}/forgetting")["forgotten"] is False


def test_a_record_leads_to_its_patient_and_tells_a_code_alone(
    office: Office, admin: Person, patient: int
) -> None:
    """The code is the same for all records of the patient; it is no number of the index."""
    record = next(each for each in admin.get(PATIENTS)["items"] if each["values"]["name"] == NAME)
    visit = admin.post(
        f"{LUNG}/records/visit", {"values": {"on": "2026-03-05"}, "parent": record["id"], "event": "baseline"}
    )["record"]

    body = {"database": "lung", "record_type": "visit", "record": visit["id"]}
    assert admin.post("/patients/find", body)["patient"] == patient
    assert visit["patient"] == record["patient"] != patient and len(record["patient"]) == 20
    others = {each["patient"] for each in admin.get(PATIENTS)["items"]}
    assert len(others) == 2 and str(patient) not in others
    assert admin.refused("POST", "/patients/find", body | {"record": 999}).told == (404, "NotFound")


def test_a_short_number_is_looked_for_in_rules_alone(office: Office, admin: Person) -> None:
    """It stands for many things elsewhere, and within longer numbers and words for others."""
    admin.add(record_id="15", name="Li")
    rules = {"by number": "[record_id] = '15'", "another": "[record_id] = '115'", "size": "[height] > 15"}
    for name, where in rules.items():
        admin.post(f"{LUNG}/filters", {"record_type": "patient", "where": where, "name": name})
    with office.instance.write(SYSTEM, Channel.API) as uow:
        notify(uow, {int(admin.caller.user_id)}, News("x", "x", "15 分钟，Li 和 Lian", "15 min, Lian", ""))
    patient = admin.post("/patients/find", {"database": "lung", "identifier": "15"})["patient"]
    phrase = admin.get(f"/patients/{patient}/forgetting")["phrase"]

    admin.post(f"/patients/{patient}/forgetting", {"reason": "asked for it", "confirm": phrase})

    assert [each["name"] for each in admin.get(f"{LUNG}/filters")["items"]] == ["another", "size"]
    told = [(each["zh"], each["en"]) for each in admin.get("/notices")["items"] if each["kind"] == "x"]
    assert told == [("15 分钟，••• 和 Lian", "15 min, Lian")]

"""What an auditor makes of the trail: counts, one entry in words, who reached a patient, files, the proof."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import openpyxl
import pytest
from sqlalchemy import delete, text

from tests.site import Caller, Site
from zhenshu.audit import audit_entry, record, seal
from zhenshu.audit.checking import CHECKING
from zhenshu.audit.exporting import EXPORTING
from zhenshu.audit.labels import AuditNames, bind_audit_names
from zhenshu.jobs import bind_jobs, run_now
from zhenshu.patients import add_identifiers, create_patients
from zhenshu.rooms import Room
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.audit_names import AUDIT_NAMES
from zhenshu.security.subject import Subject

NUMBER = "MR-77310"
LUNG, NAME = {"zh": "肺结节", "en": "Lung"}, {"zh": "姓名", "en": "Name"}
NAMED = AuditNames(
    lambda uow, keys: {key: LUNG for key in keys if key == ("records", "lung.patient")},
    lambda uow, key, codes: {"name": NAME} if key[1] == "lung.patient" else {},
)
NAMES = ("address", "resource", "purpose", "request_id")
PLAIN = dict.fromkeys(NAMES, "") | {
    "subject_name": "system", "channel": "api", "action": "backup", "resource_kind": "instance",
    "outcome": "done", "catalogue_revision": 0,
}  # fmt: skip


@pytest.fixture
def seen(new_site: Callable[..., Site], database_url: str) -> Site:
    """Li saw patient 7 twice and took 7 and 8 out; Wang changed 8."""
    site = new_site(database_url)
    bind_jobs(site.instance, [EXPORTING, CHECKING], wake=lambda queue, job_id: None)
    bind_audit_names(site.instance, [Room("a", audit_names=AUDIT_NAMES), Room("b", audit_names=NAMED)])
    li = Subject(site.user("researcher", "li"), "li", address="10.0.0.5")
    wang = Subject(site.user("research_admin", "wang"), "wang")
    for who, act, patients, fields in (
        (li, "read", [7], ["name"]), (li, "read", [7], ["gone"]), (li, "export", [7, 8], ["name"]),
        (wang, "change", [8], ["weight"]),
    ):  # fmt: skip
        with site.instance.write(who, Channel.API, "=study", request_id=f"of-{act}") as uow:
            record(uow, act, "records", "lung.patient", patients=patients, fields=fields, detail={"count": 1})
    return site


def auditor(site: Site) -> Caller:
    return site.script("audit_admin")


def asked(caller: Caller, path: str, **body: Any) -> Any:
    answer = caller.post(path, json=body) if body else caller.get(path)
    assert answer.status_code < 300, answer.text
    return answer.get_json()


def test_entries_are_counted_by_act_and_by_the_readers_own_day(seen: Site) -> None:
    found = asked(auditor(seen), "/audit/counts?kind=records&offset=480")

    assert (found["total"], found["actions"][0]) == (4, {"action": "read", "count": 2})
    assert [day["count"] for day in found["days"]] == [4]
    here = datetime.now(UTC) + timedelta(minutes=480)
    assert found["days"][0]["day"] in {f"{here:%Y-%m-%d}", f"{here - timedelta(minutes=1):%Y-%m-%d}"}


@pytest.mark.parametrize(("offset", "day"), [(480, "2026-03-06"), (0, "2026-03-05"), (-480, "2026-03-05")])
def test_a_day_begins_at_the_readers_midnight(seen: Site, offset: int, day: str) -> None:
    with seen.instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(audit_entry.insert().values(**PLAIN, at=datetime(2026, 3, 5, 16, 30, tzinfo=UTC)))

    found = asked(auditor(seen), f"/audit/counts?action=backup&offset={offset}")

    assert found["days"] == [{"day": day, "count": 1}]


def test_entries_say_who_and_what_by_name(seen: Site) -> None:
    (last, *_) = asked(auditor(seen), "/audit?kind=records&order=newest")["items"]

    assert (last["subject_display"], last["patient_count"]) == ("wang", 1)
    assert last["resource_label"] == LUNG


def test_one_entry_names_its_fields_and_its_seal(seen: Site) -> None:
    caller = auditor(seen)
    first, second, *_ = asked(caller, "/audit?kind=records")["items"]
    assert asked(caller, f"/audit/{first['id']}")["sealed"] is None
    seal(seen.instance)

    found = asked(caller, f"/audit/{first['id']}")

    assert found["fields"] == [{"code": "name", "label": NAME}]
    assert found["sealed"]["seq"] > 0
    assert asked(caller, f"/audit/{second['id']}")["fields"] == [{"code": "gone", "label": None}]
    assert caller.get("/audit/99999").status_code == 404


def test_a_patients_report_sums_up_each_person(seen: Site) -> None:
    caller = auditor(seen)

    li, *others = asked(caller, "/audit/patients/7/report")["people"]

    assert (li["subject_name"], li["seen"], li["changed"], li["exported"]) == ("li", 2, 0, 1)
    assert li["fields"] == [
        {"code": "gone", "label": None},
        {"code": "name", "label": {"zh": "姓名", "en": "Name"}},
    ]
    assert others == []
    both = asked(caller, "/audit/patients/8/report")["people"]
    assert [(one["subject_name"], one["changed"], one["exported"]) for one in both] == [
        ("wang", 1, 0),
        ("li", 0, 1),
    ]
    assert asked(caller, "/audit/patients/7/report?to=2020-01-01")["people"] == []
    assert asked(caller, "/audit?patient=7&kind=audit")["items"] != []  # asking is about the patient, too


def test_a_patient_is_found_by_an_identifier_that_is_kept_nowhere(seen: Site) -> None:
    with seen.instance.write(SYSTEM, Channel.API) as uow:
        keys = create_patients(uow, 2)
        first, second = keys
        add_identifiers(uow, "lung", {first: NUMBER}, keys)
        add_identifiers(uow, "liver", {second: NUMBER}, keys)
    caller = auditor(seen)

    assert asked(caller, "/audit/patients/find", identifier=f" {NUMBER} ") == {"patients": [first, second]}
    assert asked(caller, "/audit/patients/find", identifier="MR-7731") == {"patients": []}
    told = caller.get("/audit?kind=patients&action=find_patient")
    assert NUMBER not in told.text
    assert [entry["patients"] for entry in told.get_json()["items"]] == [[first, second], None]


def test_a_search_becomes_a_file_which_is_itself_an_entry(seen: Site) -> None:
    caller = auditor(seen)
    body = {"format": "csv", "language": "en", "filters": {"patient": 8}}
    job = asked(caller, "/audit/exports", **body)["job"]

    done = run_now(seen.instance, job)

    assert done.result is not None and done.result["entries"] == 2
    content = caller.get(f"/files/{done.result['file_id']}").get_data().decode("utf-8-sig")
    heads, *lines = list(csv.reader(io.StringIO(content)))
    found = [dict(zip(heads, line, strict=True)) for line in lines]
    assert [(line["User name"], line["Act"], line["Object"]) for line in found] == [
        ("li", "Export", "Lung"), ("wang", "Change data", "Lung"),
    ]  # fmt: skip
    assert found[0]["Purpose"] == "'=study"  # no formula for a spreadsheet
    assert found[0]["Patient ids"] == "7 8"
    assert [entry["patients"] for entry in asked(caller, "/audit?kind=audit&action=export")["items"]] == [[8]]


def test_the_same_as_a_workbook(seen: Site) -> None:
    caller = auditor(seen)
    job = asked(caller, "/audit/exports", format="xlsx", language="zh", filters={"kind": "records"})["job"]

    done = run_now(seen.instance, job)

    assert done.result is not None
    content = caller.get(f"/files/{done.result['file_id']}").get_data()
    rows = list(openpyxl.load_workbook(io.BytesIO(content)).worksheets[0].values)
    assert len(rows) == 5 and "操作" in rows[0] and "导出" in rows[3] and "=study" in rows[3]


def test_nobody_else_gets_the_file_or_reads_the_trail(seen: Site) -> None:
    job = asked(auditor(seen), "/audit/exports", format="csv", language="zh", filters={})["job"]
    done = run_now(seen.instance, job)
    assert done.result is not None

    other = seen.script("research_admin", "other")

    assert other.get(f"/files/{done.result['file_id']}").status_code == 404
    paths = "/audit/1", "/audit/counts", "/audit/actions", "/audit/patients/7/report", "/audit/integrity"
    assert {other.get(path).status_code for path in paths} == {403}
    assert other.post("/audit/patients/find", json={"identifier": NUMBER}).status_code == 403
    assert other.post("/audit/integrity/check").status_code == 403


def test_the_trail_is_proved_on_request(seen: Site) -> None:
    caller = auditor(seen)
    before = asked(caller, "/audit/integrity")
    assert (before["sealed"], before["last_check"], before["anchor"]) == (0, None, None)
    assert (before["keep_days"], before["archives"]) == (1095, [])
    count = seal(seen.instance)
    job = caller.post("/audit/integrity/check").get_json()["job"]
    assert caller.post("/audit/integrity/check").get_json()["job"] == job  # it waits already
    assert asked(caller, "/audit/integrity")["checking"] == job

    run_now(seen.instance, job)

    after = asked(caller, "/audit/integrity")
    assert (after["sealed"], after["anchor"]["seq"], after["checking"]) == (count, count, None)
    check = after["last_check"]
    assert (check["job"], check["by"], check["entries"], check["faults"]) == (job, "audit_admin", count, [])


def test_what_was_done_to_the_trail_is_told(seen: Site) -> None:
    caller = auditor(seen)
    seal(seen.instance)
    entry = asked(caller, "/audit?kind=records")["items"][1]["id"]
    with seen.instance.write(SYSTEM, Channel.API) as uow:
        if uow.sqlite:
            for name in uow.conn.execute(
                text("SELECT name FROM sqlite_master WHERE type = 'trigger'")
            ).scalars():
                uow.conn.execute(text(f"DROP TRIGGER {name}"))
        else:
            uow.conn.execute(text("ALTER TABLE audit_entry DISABLE TRIGGER USER"))
        uow.conn.execute(delete(audit_entry).where(audit_entry.c.id == entry))

    run_now(seen.instance, caller.post("/audit/integrity/check").get_json()["job"])

    check = asked(caller, "/audit/integrity")["last_check"]
    assert check["fault_count"] == len(check["faults"]) > 0
    assert ("deleted", entry) in [(fault["kind"], fault["entry_id"]) for fault in check["faults"]]

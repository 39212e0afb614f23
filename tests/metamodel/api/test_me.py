"""What concerns one user: records worked on lately, what waits, and what one is told of others' acts."""

from __future__ import annotations

from typing import Any

import pytest

from metamodel.exchange.errors import ExchangeError
from metamodel.notices import hear_published
from tests.metamodel.api.office import LUNG, PATIENTS, Json, Office, Person
from zhenshu.events import Event
from zhenshu.jobs import run_now
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.accounts import change_user

LABEL: Json = {"label": {"zh": "身高", "en": "Height"}}
WIDER: Json = {"edit": "set_field", "record_type": "patient", "field": "height", "set": LABEL}
LOSSY: Json = {"edit": "remove_field", "record_type": "patient", "field": "pregnant"}


def recent(person: Person, **params: Any) -> list[tuple[str, str, str]]:
    """(record type, name, key above) of each."""
    items = person.get("/me/recent-records", **params)["items"]
    return [(item["record_type"]["code"], item["name"], item["within"]) for item in items]


def waiting(person: Person) -> list[tuple[str, str]]:
    items = person.get("/me/waiting")["items"]
    return [(item["kind"], (item["database"] or {}).get("code", "")) for item in items]


def told(person: Person) -> list[tuple[str, str]]:
    return [(item["kind"], item["link"]) for item in person.get("/notices")["items"]]


class TestRecentRecords:
    def test_the_latest_first_and_each_once(self, office: Office) -> None:
        admin = office.person()
        first, second = admin.add(record_id="R1"), admin.add(record_id="R2")
        admin.ask("PATCH", f"{PATIENTS}/{first['id']}", {"version": 1, "values": {"height": "170"}})

        assert recent(admin) == [("patient", "R1", ""), ("patient", "R2", "")]
        assert recent(admin, limit=1) == [("patient", "R1", "")]
        assert second["id"] in [each["id"] for each in admin.get("/me/recent-records")["items"]]

    def test_one_below_another_is_named_with_the_key_above(self, office: Office) -> None:
        admin = office.person()
        patient = admin.add(record_id="R1")
        body = {"parent": patient["id"], "event": "baseline", "values": {"on": "2026-01-31"}}
        admin.post(f"{LUNG}/records/visit", body)

        assert recent(admin)[0] == ("visit", "2026-01-31", "R1")

    def test_no_identity_is_shown_even_to_those_who_may_see_it(self, office: Office) -> None:
        admin = office.person()
        admin.add(record_id="R1", name="王小明")

        assert "王小明" not in str(admin.get("/me/recent-records"))

    def test_others_and_what_is_in_the_trash_are_not_among_them(self, office: Office) -> None:
        admin, other = office.person(), office.person(name="li")
        gone = admin.add(record_id="R1")
        other.add(record_id="R2")
        admin.ask("DELETE", f"{PATIENTS}/{gone['id']}?version=1")

        assert recent(admin) == []

    def test_those_who_may_see_no_records_any_more_see_none(self, office: Office) -> None:
        admin = office.person()
        admin.add(record_id="R1")
        with office.instance.write(SYSTEM, Channel.API) as uow:
            change_user(uow, admin.caller.user_id or 0, roles=["audit_admin"])

        assert admin.refused("GET", "/me/recent-records").told == (403, "Denied")


class TestWaiting:
    def test_ones_own_draft_waits_not_anothers(self, office: Office) -> None:
        admin, other = office.person(), office.person(name="li")
        admin.edit("lung", WIDER)

        assert waiting(admin) == [("draft", "lung")]
        assert waiting(other) == []

    def test_a_lossy_plan_waits_for_approval_and_then_for_its_maker(self, office: Office) -> None:
        maker, approver, reader = office.person(), office.person(name="li"), office.person("reader")
        maker.add(record_id="R1", sex="2", pregnant=True)
        maker.edit("lung", LOSSY)
        plan = maker.post("/databases/lung/plans")

        assert waiting(approver) == [("approval", "lung")]
        assert waiting(reader) == []
        assert told(approver) == [("plan.waits", "/databases/lung/plan")]
        assert told(maker) == told(reader) == []

        approver.post(f"/plans/{plan['id']}/approve")
        assert waiting(approver) == []
        assert waiting(maker) == [("plan_ready", "lung")]
        assert told(approver) == []  # settled before it was read
        assert told(maker) == [("plan.approved", "/databases/lung/plan")]

    def test_a_newer_plan_takes_the_place_of_the_older_in_notices(self, office: Office) -> None:
        maker, approver = office.person(), office.person(name="li")
        maker.add(record_id="R1", sex="2", pregnant=True)
        maker.edit("lung", LOSSY)
        maker.post("/databases/lung/plans")
        maker.post("/databases/lung/plans")

        assert told(approver) == [("plan.waits", "/databases/lung/plan")]

    def test_a_plan_that_loses_nothing_waits_for_nobody(self, office: Office) -> None:
        maker, approver = office.person(), office.person(name="li")
        maker.edit("lung", WIDER)
        maker.post("/databases/lung/plans")

        assert told(approver) == []
        assert waiting(approver) == []

    def test_a_failed_job_waits_until_it_was_read_about(self, office: Office) -> None:
        admin = office.person()
        job = admin.import_records("x.xlsx", b"no workbook", format="xlsx")
        with pytest.raises(ExchangeError):
            run_now(office.instance, job)

        assert waiting(admin) == [("job_failed", "")]
        [item] = admin.get("/me/waiting")["items"]
        assert "不是 Excel 工作簿" in item["text"]["zh"] and "x.xlsx" not in item["text"]["zh"]
        assert "x.xlsx" in admin.get(f"/jobs/{job}")["error"]["zh"]
        admin.caller.post(f"/notices/{item['notice']}/read")
        assert waiting(admin) == []


class TestNews:
    def test_a_draft_that_somebody_else_goes_on_with(self, office: Office) -> None:
        admin, other = office.person(), office.person(name="li")
        admin.edit("lung", WIDER)
        assert told(admin) == []

        other.edit("lung", WIDER)
        other.edit("lung", LOSSY)

        assert told(admin) == [("draft.changed", "/databases/lung/structure")]
        assert told(other) == []

    def test_a_release_is_told_to_designers_and_those_who_saved_records_there(self, office: Office) -> None:
        designer, publisher = office.person(name="designer"), office.person(name="publisher")
        author, bystander = office.person("researcher"), office.person("reader")
        author.add(record_id="R1")
        designer.edit("lung", WIDER)
        plan = designer.post("/databases/lung/plans")
        release = publisher.publish_plan(plan)

        event = Event("catalogue.published", "database/lung", {"release": release})
        for _ in range(2):  # an event may be delivered twice
            hear_published(office.instance, event)

        assert told(designer) == [("database.published", "/databases/lung/releases")]
        assert told(author) == [("database.published", "/databases/lung/data")]
        assert told(publisher) == told(bystander) == []


def test_jobs_are_called_after_where_the_data_goes_and_never_after_a_file(office: Office) -> None:
    admin = office.person()
    job = admin.import_records("王小明 住院号12345.csv", "record_id\nR1")
    imported = admin.get(f"/jobs/{job}")
    exported = admin.post(f"{LUNG}/record-exports", {"record_type": "patient", "format": "csv"})["job"]

    assert imported["label"] == {"zh": "导入 lung · patient（中）", "en": "Import into lung · patient"}
    assert "王小明" not in admin.caller.get(f"/jobs/{job}").text
    assert admin.get(f"/jobs/{exported}")["label"]["zh"] == "导出 lung · patient（中）"


def test_the_filter_of_an_export_is_nowhere_to_be_read(office: Office) -> None:
    admin = office.person()
    admin.add(record_id="R1", name="王小明")
    body = {"record_type": "patient", "format": "csv", "where": "[name] = '王小明'"}
    job = admin.post(f"{LUNG}/record-exports", body)["job"]

    assert "王小明" not in admin.caller.get(f"/jobs/{job}").text
    with office.instance.read(SYSTEM, Channel.API) as uow:
        row = uow.conn.exec_driver_sql("SELECT args, label, subject FROM job").all()
        assert "王小明" not in str(row)
    assert admin.finish(job)["result"]["records"] == 1

"""Data quality by REST: rules with counts, a run as a job, and what each reader is told."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import update

from metamodel.catalogue import catalogue_of
from tests.metamodel.api.office import LUNG, Office, Person
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

QUALITY = f"{LUNG}/quality"


@pytest.fixture
def admin(office: Office) -> Person:
    """One lesion of two is too large, which is a warning and so was stored."""
    admin = office.person()
    saved = admin.add(record_id="P1", name="张三", height=180)
    visit = {"values": {"on": "2026-01-05"}, "parent": saved["id"], "event": "baseline"}
    parent = admin.post(f"{LUNG}/records/visit", visit)["record"]["id"]
    for size in (8, 400):
        admin.post(f"{LUNG}/records/lesion", {"values": {"size": size}, "parent": parent})
    return admin


def rules(person: Person, **params: Any) -> dict[tuple[str, str], dict[str, Any]]:
    items = person.get(QUALITY, **params)["items"]
    return {(item["field"], item["kind"]): item for item in items}


def run(person: Person) -> dict[str, Any]:
    return person.finish(person.post(f"{QUALITY}/run")["job"])


def test_before_the_first_run_nothing_is_counted(admin: Person) -> None:
    found = rules(admin)

    assert found["size", "check"]["failed"] is None and found["size", "check"]["course"] == []
    assert admin.get(f"{QUALITY}/run") == {"job": None, "may_run": True, "at": None, "release": None}


def test_a_run_counts_every_rule_and_what_most_records_break_comes_first(admin: Person) -> None:
    assert run(admin)["state"] == "done"

    first = admin.get(QUALITY)["items"][0]
    assert (first["record_type"], first["field"], first["severity"]) == ("lesion", "size", "warning")
    assert (first["total"], first["failed"], first["unknown"]) == (2, 1, 0)
    assert [(step["release"], step["failed"]) for step in first["course"]] == [(1, 1)]
    assert list(rules(admin, broken="true")) == [("size", "check")]
    assert {item["record_type"] for item in rules(admin, record_type="patient").values()} == {"patient"}


def test_the_filter_of_a_rule_finds_its_records(admin: Person) -> None:
    run(admin)
    where = admin.get(QUALITY)["items"][0]["where"]

    found = admin.get(f"{LUNG}/records/lesion", where=where)["items"]
    assert [item["values"]["size"] for item in found] == [400]


def test_so_does_the_filter_of_those_it_can_not_judge(admin: Person) -> None:
    admin.add(record_id="P2")
    run(admin)
    found = rules(admin)["pregnant", "required"]  # of women; nobody's sex is known

    assert found["unknown"] == 2 and admin.keys(where=found["where_unknown"]) == ["P1", "P2"]


def test_a_run_that_is_under_way_is_not_doubled(admin: Person) -> None:
    job = admin.post(f"{QUALITY}/run")["job"]

    assert admin.post(f"{QUALITY}/run")["job"] == admin.get(f"{QUALITY}/run")["job"] == job
    admin.finish(job)
    standing = admin.get(f"{QUALITY}/run")
    assert (standing["job"], standing["release"]) == (None, 1) and standing["at"]


def test_rules_about_what_a_reader_does_not_see_in_clear_are_not_told(office: Office, admin: Person) -> None:
    draft = admin.get(f"{LUNG}/draft")
    name = next(item for item in draft["document"]["record_types"][0]["fields"] if item["code"] == "name")
    said = {"zh": "姓名不对", "en": "Wrong name"}
    name["checks"] = [{"expression": "[name] <> '李四'", "message": said, "severity": "error"}]
    admin.ask("PUT", f"{LUNG}/draft", {"document": draft["document"], "expected_version": draft["version"]})
    admin.publish("lung")
    run(admin)

    told = rules(office.person("reader"))
    assert ("name", "check") in rules(admin)
    assert ("name", "check") not in told and ("height", "range") in told


def test_the_list_comes_in_pages(admin: Person) -> None:
    first = admin.get(QUALITY, limit=2)
    second = admin.get(QUALITY, limit=2, after=first["next"])

    keys = [item["key"] for page in (first, second) for item in page["items"]]
    assert len(set(keys)) == 4


def test_an_unknown_database_has_no_quality(admin: Person) -> None:
    assert admin.refused("GET", "/databases/none/quality").told == (404, "NotFound")
    assert admin.refused("POST", "/databases/none/quality/run").told == (404, "NotFound")


def test_all_records_can_be_calculated_anew(office: Office, admin: Person) -> None:
    """As after an upgrade, or where an age is one of today."""
    with office.instance.write(SYSTEM, Channel.API) as uow:
        kind = catalogue_of(uow).record_type("lung.visit")
        uow.conn.execute(update(kind.main).values({kind.column("largest").name: None}))

    done = admin.finish(admin.post(f"{LUNG}/recalculations")["job"])

    assert (done["state"], done["result"]["changed"]) == ("done", 1)
    assert [item["values"]["largest"] for item in admin.get(f"{LUNG}/records/visit")["items"]] == [400]
    assert office.person("reader").refused("POST", f"{LUNG}/recalculations").told == (403, "Denied")

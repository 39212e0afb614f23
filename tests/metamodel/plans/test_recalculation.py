"""A release with other calculations has the stored records calculated by them, by a job of its publish."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from metamodel.catalogue import catalogue_of
from metamodel.definitions import load_draft
from metamodel.exchange.records.jobs import JOBS
from tests.instances import an_instance
from tests.metamodel.live import LUNG, Desk, a_field, make_live
from zhenshu.jobs import bind_jobs, job, run_now


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Desk:
    instance = an_instance(tmp_path / "home", database_url)
    bind_jobs(instance, JOBS, wake=lambda queue, job_id: None)
    desk = Desk(instance, make_live(instance, LUNG))
    root = desk.add("patient", record_id="P1", born="1950-03-01", height=180, weight=81).id
    visit = desk.add_record("visit", {"on": "2026-01-05"}, parent=root, event="baseline").id
    desk.add("lesion", visit, size=8)
    return desk


def published(desk: Desk, *changes: tuple[str, str, dict[str, Any]]) -> Desk:
    """The database after a release in which fields (type, code) have other properties, or are new."""
    with desk.reading() as uow:
        document = deepcopy(dict(load_draft(uow, "database", "lung").document))
    for type_code, code, properties in changes:
        kind = next(item for item in document["record_types"] if item["code"] == type_code)
        known = next((item for item in kind["fields"] if item["code"] == code), None)
        if known is None:
            kind["fields"].append(a_field(code, "calculated", **properties))
        else:
            known.update(properties)
    return Desk(desk.instance, make_live(desk.instance, document))


def jobs(desk: Desk) -> list[int]:
    with desk.reading() as uow:
        return list(uow.conn.scalars(select(job.c.id).where(job.c.kind == "records.recalculate")))


def test_the_first_release_and_one_without_other_calculations_need_no_job(desk: Desk) -> None:
    assert jobs(desk) == []

    assert jobs(published(desk, ("patient", "weight", {"unit": "kg"}))) == []


def test_stored_records_get_the_values_of_a_changed_and_of_a_new_calculation(desk: Desk) -> None:
    after = published(
        desk,
        ("visit", "largest", {"calculation": "max([lesion], [size]) * 10"}),
        ("patient", "tall", {"calculation": "[height] / 100"}),
    )
    (job_id,) = jobs(after)
    assert [record["largest"] for record in after.find("visit")] == [8]

    done = run_now(after.instance, job_id)

    assert done.result == {"records": 2, "changed": 2}
    assert [record["largest"] for record in after.find("visit")] == [80]
    assert [(record["tall"], record["bmi"]) for record in after.find("patient")] == [(1.8, 25.0)]


def test_what_is_calculated_from_a_changed_calculation_follows(desk: Desk) -> None:
    first = published(desk, ("patient", "worst", {"calculation": "max([visit], [largest])"}))
    run_now(first.instance, jobs(first)[0])
    assert [record["worst"] for record in first.find("patient")] == [8]

    second = published(first, ("visit", "largest", {"calculation": "max([lesion], [size]) + 1"}))
    run_now(second.instance, jobs(second)[1])

    assert [record["worst"] for record in second.find("patient")] == [9]
    with second.reading() as uow:
        assert catalogue_of(uow).database("lung").release_number == 3

"""RecordStore, Provenance, Event and Job: what an act leaves behind for those who come later."""

from __future__ import annotations

from dataclasses import fields

import pytest
from sqlalchemy import select

from metamodel.records import RecordStore
from tests.metamodel.live import Desk
from zhenshu.events import Event, outbox_event
from zhenshu.jobs import Job, JobKind, JobRun, bind_jobs, get_job, retry_job, run_now, submit

# What the contract promises of each; more is allowed, less is not.
EVENT = {"id", "name", "version", "resource", "payload", "catalogue_revision", "at"}
JOB = {"id", "kind", "args", "priority", "state", "progress", "total", "cancel_requested", "result", "error"}
PROVENANCE = {
    "kind": "extraction", "source": {"type": "lung.visit", "id": 7, "revision": 3}, "spans": [[10, 14]],
    "agent": "rules/nodule", "version": "2", "hash": "0" * 64,
}  # fmt: skip


def test_a_value_knows_where_it_came_from(desk: Desk) -> None:
    patient = desk.type("patient")
    with desk.writing() as uow:
        saved = RecordStore(uow).add(patient, {"record_id": "1"}, provenance=PROVENANCE)
        RecordStore(uow).change(patient, saved.id, {"height": 180}, saved.version)
        first, second = RecordStore(uow).revisions(patient, saved.id)

    assert (first.provenance, second.provenance) == (PROVENANCE, None)
    assert second.changes["height"] == (None, 180.0)


def test_a_saved_record_is_an_event_by_reference_without_values(desk: Desk) -> None:
    saved = desk.add("patient", record_id="secret-1", name="王五")

    with desk.reading() as uow:
        row = uow.conn.execute(select(outbox_event).where(outbox_event.c.name == "record.saved")).one()
        revision = uow.revision

    assert {field.name for field in fields(Event)} >= EVENT
    assert str(saved.id) in f"{row.resource} {row.payload}"
    assert "secret-1" not in f"{row.resource} {row.payload}" and "王五" not in str(row.payload)
    assert (row.version, row.catalogue_revision, row.delivered_at) == (1, revision, None)


def test_a_job_runs_on_from_its_checkpoint(desk: Desk) -> None:
    begun: list[int] = []

    def count_to_three(run: JobRun) -> dict[str, int]:
        begun.append(run.cursor.get("done", 0))
        for number in range(run.cursor.get("done", 0), 3):
            if number == 2 and len(begun) == 1:
                raise ConnectionError
            run.checkpoint(number + 1, 3, {"done": number + 1})
        return {"counted": 3}

    label = {"zh": "数数", "en": "Count"}
    bind_jobs(desk.instance, [JobKind("count", label, count_to_three)], wake=lambda queue, job: None)
    with desk.writing() as uow:
        job_id = submit(uow, "count", {}, priority=1)
    with pytest.raises(ConnectionError):
        run_now(desk.instance, job_id)
    with desk.writing() as uow:
        retry_job(uow, job_id)
    run_now(desk.instance, job_id)

    with desk.reading() as uow:
        job = get_job(uow, job_id)
    assert {field.name for field in fields(Job)} >= JOB
    assert begun == [0, 2]
    assert (job.state, job.progress, job.total, job.result, job.priority) == ("done", 3, 3, {"counted": 3}, 1)

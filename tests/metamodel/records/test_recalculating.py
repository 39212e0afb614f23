"""Calculations that use other records follow them: at once where few are concerned, else by a job."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select, update

from metamodel.catalogue.dependencies import Dependencies
from metamodel.exchange.records.jobs import JOBS
from metamodel.records import NewRecord, RecordChanged, RecordStore, recalculating, recalculation_job
from metamodel.tables import revision
from tests.metamodel.catalogue.published import compiled
from tests.metamodel.live import Desk, a_document, a_field, a_type
from zhenshu.instance import Instance
from zhenshu.jobs import JobCancelled, JobState, bind_jobs, job, retry_job, run_now


def calculated(code: str, calculation: str) -> dict[str, Any]:
    return a_field(code, "calculated", calculation=calculation)


def a_patient(desk: Desk, name: str = "P1", visits: int = 2) -> tuple[int, list[int]]:
    root = desk.add("patient", record_id=name, born="1950-03-01").id
    days = [f"2026-01-0{day}" for day in range(1, visits + 1)]
    return root, [desk.add_record("visit", {"on": day}, parent=root, event="followup").id for day in days]


def values(desk: Desk, code: str, field: str) -> list[Any]:
    return [record[field] for record in desk.find(code)]


def history(desk: Desk, code: str, id: int) -> list[Any]:
    with desk.writing() as uow:
        return RecordStore(uow).revisions(desk.type(code), id)


# What depends on what


def test_a_change_reaches_what_is_calculated_from_it_in_order() -> None:
    database = compiled(
        a_document(
            "chain",
            a_type("patient", a_field("born", "date"), calculated("worst", "max([visit], [load])"), key=None),
            a_type(
                "visit", a_field("on", "date"), calculated("age", "age_years([born], [on])"),
                calculated("load", "sum([lesion], [share])"), parent="patient",
            ),
            a_type(
                "lesion", a_field("size", "integer"), calculated("area", "[size] ^ 2"),
                calculated("share", "[area] / [age]"), parent="visit",
            ),
        )
    )  # fmt: skip
    graph = Dependencies(database)

    assert graph.waves([("patient", "born")]) == ["visit", "lesion", "visit", "patient"]
    assert graph.waves([("lesion", "size")]) == ["visit", "patient"]
    assert graph.waves([("visit", "load")]) == ["patient"]
    assert graph.waves([("patient", "worst"), ("patient", "no")]) == []
    assert graph.involved == {"patient", "visit", "lesion"}


# At once


def test_a_changed_ancestor_changes_what_is_calculated_below_it(desk: Desk) -> None:
    root, visits = a_patient(desk)
    a_patient(desk, "P2", 1)
    assert values(desk, "visit", "age") == [75, 75, 75]

    desk.change("patient", root, 1, born="1960-03-01")

    assert values(desk, "visit", "age") == [65, 65, 75]
    assert [desk.get("visit", id)["row_version"] for id in visits] == [2, 2]


def test_records_that_come_change_or_go_change_what_is_counted_from_them(desk: Desk) -> None:
    _, (visit, _) = a_patient(desk)
    small, large = desk.add("lesion", visit, size=3), desk.add("lesion", visit, size=8)
    assert values(desk, "visit", "largest") == [8, 8]

    desk.change("lesion", small.id, 1, size=11)
    assert values(desk, "visit", "largest") == [11, 11]

    with desk.writing() as uow:
        RecordStore(uow).trash(desk.type("lesion"), small.id, 2)
    assert values(desk, "visit", "largest") == [8, 8]

    with desk.writing() as uow:
        RecordStore(uow).restore(desk.type("lesion"), small.id)
    assert values(desk, "visit", "largest") == [11, 11]
    assert large.version == 1


def test_what_comes_back_from_the_trash_is_calculated_from_what_is_there_now(desk: Desk) -> None:
    root, (visit, _) = a_patient(desk)
    with desk.writing() as uow:
        RecordStore(uow).trash(desk.type("visit"), visit, 1)
    desk.change("patient", root, 1, born="1960-03-01")

    with desk.writing() as uow:
        RecordStore(uow).restore(desk.type("visit"), visit)

    assert desk.get("visit", visit)["age"] == 65


def test_each_changed_record_has_a_revision_that_says_it_was_calculated_and_why(desk: Desk) -> None:
    root, (visit, _) = a_patient(desk)

    desk.change("patient", root, 1, born="1960-03-01")

    last = history(desk, "visit", visit)[-1]
    assert last.changes == {"age": (75.0, 65.0)}
    assert last.provenance == {"kind": "calculated", "because": {"type": "lung.patient", "ids": [root]}}


def test_what_does_not_change_is_not_written(desk: Desk) -> None:
    root, (visit, _) = a_patient(desk)

    desk.change("patient", root, 1, born="1950-03-02")
    desk.change("patient", root, 2, height=170)

    assert desk.get("visit", visit)["row_version"] == 1


def test_an_editor_is_not_told_of_calculations_that_came_between_but_of_other_editors(desk: Desk) -> None:
    root, (visit, _) = a_patient(desk)
    desk.change("patient", root, 1, born="1960-03-01")

    saved = desk.change("visit", visit, 1, note="seen before the calculation")

    assert (saved.version, desk.get("visit", visit)["age"]) == (3, 65)
    with pytest.raises(RecordChanged):
        desk.change("visit", visit, 1, note="seen before both")


def test_a_refused_act_calculates_nothing(desk: Desk) -> None:
    root, (visit, _) = a_patient(desk)

    with pytest.raises(RuntimeError), desk.writing() as uow:
        RecordStore(uow).change(desk.type("patient"), root, {"born": "1960-03-01"}, 1)
        raise RuntimeError

    assert desk.get("visit", visit)["age"] == 75


def test_those_who_add_to_one_patient_at_once_lose_nothing_and_wait_for_no_one_for_ever(desk: Desk) -> None:
    """Each calculates the same visits; on PostgreSQL two such acts would otherwise block each other."""
    _, (first, second) = a_patient(desk)
    failed: list[BaseException] = []

    def add(number: int) -> None:
        try:
            desk.add("lesion", (first, second)[number % 2], size=number)
        except BaseException as error:
            failed.append(error)

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failed == []
    assert values(desk, "visit", "largest") == [7, 7]


# By a job


@pytest.fixture
def busy(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    """A database where more than two records are many, and a job takes two at a time."""
    bind_jobs(desk.instance, JOBS, wake=lambda queue, job_id: None)
    monkeypatch.setattr(recalculating, "AT_ONCE", 2)
    monkeypatch.setattr(recalculation_job, "BATCH", 2)
    monkeypatch.setattr(recalculation_job, "GIVE_WAY", 0)
    yield desk


def waiting(desk: Desk) -> list[int]:
    with desk.reading() as uow:
        return list(uow.conn.scalars(select(job.c.id).where(job.c.state == JobState.QUEUED)))


def test_many_records_are_left_to_a_job_of_the_same_transaction(busy: Desk) -> None:
    root, _ = a_patient(busy, visits=5)

    busy.change("patient", root, 1, born="1960-03-01")
    assert values(busy, "visit", "age") == [75] * 5

    (job_id,) = waiting(busy)
    done = run_now(busy.instance, job_id)
    assert values(busy, "visit", "age") == [65] * 5
    assert (done.progress, done.total, done.result) == (5, 5, {"records": 5, "changed": 5})


def test_an_act_on_many_records_does_as_many_itself(busy: Desk) -> None:
    """An import does not leave one job for each of its batches."""
    _, (visit, *_) = a_patient(busy, visits=4)

    with busy.writing() as uow:
        rows = [NewRecord({"size": Decimal(n)}, visit) for n in range(4)]
        RecordStore(uow).add_many(busy.type("lesion"), rows)

    assert waiting(busy) == []
    assert values(busy, "visit", "largest") == [3] * 4


def test_a_cancelled_job_keeps_what_it_did_and_goes_on_from_there(
    busy: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    root, _ = a_patient(busy, visits=5)
    busy.change("patient", root, 1, born="1960-03-01")
    (job_id,) = waiting(busy)
    step, steps = recalculation_job._Recalculation._step, count(1)

    def cancelled_at_the_second(self: Any, uow: Any) -> None:
        step(self, uow)
        if next(steps) == 2:
            raise JobCancelled(id=job_id)  # as its checkpoint does

    with monkeypatch.context() as patch:
        patch.setattr(recalculation_job._Recalculation, "_step", cancelled_at_the_second)
        with pytest.raises(JobCancelled):
            run_now(busy.instance, job_id)
    assert values(busy, "visit", "age") == [65, 65, 75, 75, 75]

    with busy.writing() as uow:
        retry_job(uow, job_id)
    assert run_now(busy.instance, job_id).result == {"records": 5, "changed": 5}
    assert values(busy, "visit", "age") == [65] * 5
    assert calculated_revisions(busy) == [1] * 5


def calculated_revisions(desk: Desk) -> list[int]:
    """How many revisions say that they were calculated, of each visit."""
    with desk.reading() as uow:
        rows = uow.conn.execute(
            select(revision.c.record_id, func.count())
            .where(revision.c.record_type_id == desk.type("visit").number, revision.c.version > 1)
            .group_by(revision.c.record_id)
        )
        return [number for _, number in rows]


def die_at_commit(instance: Instance, job_id: int, at_commit: int) -> int:
    """Run the job in a process that kills itself when it is about to commit for that time."""
    pid = os.fork()
    if pid == 0:
        commits = count(1)

        @event.listens_for(Engine, "commit")
        def die(_connection: object) -> None:
            if next(commits) == at_commit:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            own = Instance(instance.settings)  # its own: connections must not be shared over a fork
            bind_jobs(own, JOBS, wake=lambda queue, job_id: None)
            run_now(own, job_id)
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def lease_runs_out(desk: Desk, job_id: int) -> None:
    with desk.writing() as uow:
        past = datetime.now(UTC) - timedelta(seconds=1)
        again = {"state": JobState.QUEUED, "lease_owner": None, "lease_until": past, "attempts": 0}
        uow.conn.execute(update(job).where(job.c.id == job_id).values(again))


def test_killed_at_any_commit_it_goes_on_and_does_each_record_once(busy: Desk) -> None:
    root, _ = a_patient(busy, visits=5)

    for at_commit in count(1):
        version = busy.get("patient", root)["row_version"]
        busy.change("patient", root, version, born=f"{1950 - at_commit}-03-01")
        (job_id,) = waiting(busy)
        if die_at_commit(busy.instance, job_id, at_commit) != -signal.SIGKILL:
            assert at_commit > 5
            break
        lease_runs_out(busy, job_id)
        run_now(busy.instance, job_id)

        assert values(busy, "visit", "age") == [75 + at_commit] * 5
        assert calculated_revisions(busy) == [at_commit] * 5


def test_the_job_runs_as_it_was_told_though_a_release_came_between(busy: Desk) -> None:
    root, _ = a_patient(busy, visits=5)
    busy.change("patient", root, 1, born="1960-03-01")
    (job_id,) = waiting(busy)
    with busy.writing() as uow:
        uow.conn.execute(
            update(job)
            .where(job.c.id == job_id)
            .values(args={"database": "lung", "types": ["gone", busy.type("visit").id], "patients": None})
        )

    assert run_now(busy.instance, job_id).result == {"records": 5, "changed": 5}

"""Old entries leave for sealed files, provably, wherever the job dies; nothing else ever leaves."""

from __future__ import annotations

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from tests.zhenshu.audit.test_seal import tamper
from zhenshu.audit import (
    FaultKind,
    anchor,
    audit_entry,
    audit_patient,
    audit_seal,
    record,
    retention,
    seal,
    verify,
)
from zhenshu.audit.retention import ARCHIVING, TrailNotWhole, sweep_audit
from zhenshu.audit.stretches import archive_folder, read_stretch
from zhenshu.audit.tables import audit_archive
from zhenshu.instance import Instance
from zhenshu.jobs import bind_jobs, job, run_now, sweep_jobs
from zhenshu.security.policy import Channel
from zhenshu.security.subject import Subject

LI = Subject(id=7, name="li")
OLD, YOUNG = 12, 3  # entries


@pytest.fixture
def aged(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> Instance:
    """Twelve entries of more than three years ago and three of yesterday, in files of five."""
    monkeypatch.setattr(retention, "LOT", 5)
    bind_jobs(instance, [ARCHIVING], wake=lambda queue, job_id: None)
    written(instance, OLD, days=1200)
    written(instance, YOUNG, days=1)
    seal(instance)
    return instance


def written(instance: Instance, count: int, days: int) -> None:
    for number in range(count):
        with instance.write(LI, Channel.SCREEN) as uow:
            uow.at = datetime.now(UTC) - timedelta(days=days, minutes=-number)
            record(uow, "read", "records", f"{days}-{number}", patients=[number, 99])


def archived(instance: Instance) -> None:
    found = sweep_audit(instance)
    assert found is not None
    run_now(instance, found)


def left(instance: Instance, table: Any = audit_entry) -> int:
    with instance.read(LI, Channel.AUDIT) as uow:
        count: int = uow.conn.execute(select(func.count()).select_from(table)).scalar_one()
        return count


def files(instance: Instance) -> list[Path]:
    return sorted(archive_folder(instance.settings).glob("*.gz"))


def test_old_entries_lie_in_files_and_the_chain_goes_on_over_them(aged: Instance) -> None:
    archived(aged)

    kept = [row for path in files(aged) for row in read_stretch(path)]
    assert [row.resource for row in kept] == [f"1200-{number}" for number in range(OLD)]
    assert kept[0].patients == [0, 99]
    assert left(aged) == YOUNG + 3  # and what tells of three files
    assert left(aged, audit_patient) == 2 * YOUNG
    assert verify(aged) == []
    written(aged, 2, days=0)
    assert seal(aged) == 5
    assert verify(aged) == []


def test_nothing_is_due_twice_or_before_its_time(aged: Instance) -> None:
    archived(aged)

    assert sweep_audit(aged) is None


def test_a_job_that_is_under_way_is_enough(aged: Instance) -> None:
    assert sweep_audit(aged) is not None
    assert sweep_audit(aged) is None


def test_the_newest_links_stay_however_old(instance: Instance) -> None:
    bind_jobs(instance, [ARCHIVING], wake=lambda queue, job_id: None)
    written(instance, 4, days=1200)
    seal(instance)

    archived(instance)

    assert left(instance, audit_seal) == 1
    seal(instance)
    assert verify(instance) == []


@pytest.mark.parametrize("table", ["audit_entry", "audit_patient", "audit_seal"])
def test_what_was_not_archived_cannot_be_deleted(aged: Instance, table: str) -> None:
    archived(aged)

    for change in (
        f"DELETE FROM {table}",
        "DELETE FROM audit_archive",
        "UPDATE audit_archive SET to_seq = 90",
    ):
        with pytest.raises(DBAPIError, match="append-only"), aged.engine.begin() as conn:
            conn.execute(text(change))

    assert verify(aged) == []


@pytest.mark.parametrize("step", ["write_stretch", "_prove", "append_archive", "_let_go", "record"])
def test_killed_at_any_step_it_goes_on(aged: Instance, monkeypatch: pytest.MonkeyPatch, step: str) -> None:
    found = sweep_audit(aged)
    assert found is not None
    aged.engine.dispose()
    if (child := os.fork()) == 0:
        try:
            _dying(anchor if step == "append_archive" else retention, step, monkeypatch)
            run_now(aged, found)
        finally:
            os._exit(1)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 9
    assert verify(aged) == []
    with aged.engine.begin() as conn:  # its lease ran out
        conn.execute(job.update().values(lease_until=datetime.now(UTC) - timedelta(minutes=1)))

    sweep_jobs(aged)
    run_now(aged, found)

    assert [row.resource for path in files(aged) for row in read_stretch(path)] == [
        f"1200-{number}" for number in range(OLD)
    ]
    assert (left(aged, audit_archive), left(aged)) == (3, YOUNG + 3)
    seal(aged)
    assert verify(aged) == []


def _dying(module: Any, step: str, monkeypatch: pytest.MonkeyPatch) -> None:
    real: Callable[..., Any] = getattr(module, step)

    def last(*args: Any, **named: Any) -> None:
        real(*args, **named)
        os._exit(9)

    monkeypatch.setattr(module, step, last)


def test_an_altered_entry_stops_it_before_anything_is_removed(aged: Instance) -> None:
    tamper(aged, "UPDATE audit_entry SET subject_name = 'wang' WHERE id = 3")
    found = sweep_audit(aged)
    assert found is not None

    with pytest.raises(TrailNotWhole):
        run_now(aged, found)

    assert left(aged) == OLD + YOUNG
    assert [fault.kind for fault in verify(aged)] == [FaultKind.ALTERED]


def test_a_file_that_is_gone_or_another_is_found(aged: Instance) -> None:
    archived(aged)
    first, second, _ = files(aged)
    first.unlink()
    second.write_bytes(second.read_bytes() + b" ")

    assert [(fault.kind, fault.seq) for fault in verify(aged)] == [
        (FaultKind.ARCHIVE_MISSING, 5), (FaultKind.ARCHIVE_ALTERED, 10)
    ]  # fmt: skip


def test_rows_let_go_of_without_a_file_are_found(aged: Instance) -> None:
    """What a person with power over the database can do, by the very door that retention uses."""
    with aged.engine.begin() as conn:
        last = conn.execute(select(audit_seal).where(audit_seal.c.seq == 4)).one()
        now = datetime.now(UTC)
        conn.execute(
            audit_archive.insert(),
            {"to_seq": 4, "from_seq": 1, "seal": last.seal, "file": "none.gz", "sha256": "0" * 64}
            | dict.fromkeys(("first_at", "last_at", "archived_at"), now),
        )
        for statement in (
            "DELETE FROM audit_patient WHERE entry_id <= 4", "DELETE FROM audit_entry WHERE id <= 4",
            "DELETE FROM audit_seal WHERE seq <= 4",
        ):  # fmt: skip
            conn.execute(text(statement))

    assert [fault.kind for fault in verify(aged)] == [FaultKind.ARCHIVE_NOT_ANCHORED, FaultKind.SEAL_MISSING]

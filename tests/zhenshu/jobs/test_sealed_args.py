"""Arguments that may hold a patient's value: open to the run alone, gone when it is done."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from sqlalchemy import select, text

from zhenshu.errors import Invalid
from zhenshu.instance import Instance
from zhenshu.jobs import JobKind, JobRun, bind_jobs, get_job, job, retry_job, run_now, submit
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import NotDecryptable
from zhenshu.security.subject import SYSTEM

NAME = "王小明"


class Office:
    """Runs a job that keeps what it was given, and fails as often as it is told to."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.given: dict[str, Any] = {}
        self.failures = 0
        kind = JobKind("find", {"zh": "查找", "en": "Find"}, self._run)
        bind_jobs(instance, [kind], wake=lambda queue, job_id: None)

    def _run(self, run: JobRun) -> Mapping[str, Any]:
        self.given = dict(run.args)
        if self.failures:
            self.failures -= 1
            raise Invalid(reason="not today", reason_zh="略")
        return {}

    def submit(self) -> int:
        with self.instance.write(SYSTEM, Channel.API) as uow:
            return submit(uow, "find", {"limit": 3}, sealed={"where": f"[name] = '{NAME}'"})

    def row(self) -> str:
        """Everything the database has of jobs, as text."""
        with self.instance.read(SYSTEM, Channel.API) as uow:
            row = dict(uow.conn.execute(select(job)).one()._mapping)
            logged = [tuple(line) for line in uow.conn.execute(text("SELECT zh, en FROM job_log"))]
        return json.dumps([row, logged], default=str, ensure_ascii=False)

    def sealed(self) -> bytes | None:
        with self.instance.read(SYSTEM, Channel.API) as uow:
            found: bytes | None = uow.conn.execute(select(job.c.sealed_args)).scalar_one()
            return found


@pytest.fixture
def office(instance: Instance) -> Office:
    return Office(instance)


def test_only_the_run_can_read_them(office: Office) -> None:
    job_id = office.submit()

    assert NAME not in office.row()
    assert NAME.encode() not in bytes(office.sealed() or b"")
    with office.instance.read(SYSTEM, Channel.API) as uow:
        assert get_job(uow, job_id).args == {"limit": 3}
    run_now(office.instance, job_id)
    assert office.given == {"limit": 3, "where": f"[name] = '{NAME}'"}


def test_nothing_is_left_of_them_when_the_job_is_done(office: Office) -> None:
    run_now(office.instance, office.submit())

    assert office.sealed() is None


def test_a_job_that_failed_keeps_them_for_another_try(office: Office) -> None:
    office.failures = 1
    job_id = office.submit()
    with pytest.raises(Invalid):
        run_now(office.instance, job_id)
    with office.instance.write(SYSTEM, Channel.API) as uow:
        retry_job(uow, job_id)

    run_now(office.instance, job_id)

    assert office.given["where"] == f"[name] = '{NAME}'"
    assert office.sealed() is None


def test_altered_ones_stop_the_job_instead_of_widening_it(office: Office) -> None:
    job_id = office.submit()
    with office.instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(job.update().values(sealed_args=bytes(40)))

    with pytest.raises(NotDecryptable):
        run_now(office.instance, job_id)

    assert office.given == {}

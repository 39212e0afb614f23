"""How a job ended, told to whoever started it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, update

from zhenshu.errors import Invalid
from zhenshu.instance import Instance
from zhenshu.jobs import JobKind, JobRun, bind_jobs, cancel_job, job, retry_job, run_now, submit, sweep_jobs
from zhenshu.jobs.lease import claim
from zhenshu.notices import Notice, list_notices
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM, Subject

LI = Subject(id=7, name="li")
ADMIN = Subject(id=9, name="admin")
LABEL = {"zh": "导入 肺结节: data.csv", "en": "Import into lung nodules: data.csv"}


class Office:
    """Li's jobs, which end as the test says, and what Li is told."""

    def __init__(self, instance: Instance) -> None:
        self.instance = instance
        self.error: Exception | None = None
        bind_jobs(
            instance, [JobKind("load", {"zh": "导入", "en": "Import"}, self._run)], wake=lambda *_: None
        )

    def _run(self, run: JobRun) -> Mapping[str, Any]:
        if self.error:
            raise self.error
        return {}

    def submit(self, ago: timedelta = timedelta(0), label: Mapping[str, str] | None = None) -> int:
        with self.instance.write(LI, Channel.SCREEN) as uow:
            job_id = submit(uow, "load", {}, label=label)
            uow.conn.execute(update(job).where(job.c.id == job_id).values(created_at=uow.at - ago))
        return job_id

    def run(self, job_id: int) -> None:
        run_now(self.instance, job_id)

    def told(self, user: int = 7, *, unread: bool = False) -> list[Notice]:
        with self.instance.read(SYSTEM, Channel.API) as uow:
            return list_notices(uow, user, unread=unread)


@pytest.fixture
def office(instance: Instance) -> Office:
    return Office(instance)


def test_what_one_watched_end_is_not_told(office: Office) -> None:
    office.run(office.submit())

    assert office.told() == []


def test_what_took_longer_is_told_by_its_own_name(office: Office) -> None:
    office.run(office.submit(timedelta(seconds=4), LABEL))

    [notice] = office.told()
    assert (notice.kind, notice.zh) == ("job.done", "“导入 肺结节: data.csv”已完成")
    assert notice.en == '"Import into lung nodules: data.csv" is done'


def test_without_a_name_the_kind_names_it(office: Office) -> None:
    office.run(office.submit(timedelta(seconds=4)))

    assert office.told()[0].en == '"Import" is done'


def test_a_failure_is_told_at_once_and_why(office: Office) -> None:
    office.error = Invalid(reason="the file is empty", reason_zh="略")
    with pytest.raises(Invalid):
        office.run(office.submit(label=LABEL))

    [notice] = office.told()
    assert notice.kind == "job.failed"
    assert notice.en.startswith('"Import into lung nodules: data.csv" failed: ')
    assert "the file is empty" in notice.en


def test_the_words_of_a_foreign_error_are_not_told(office: Office) -> None:
    office.error = ValueError("王小明 is no number")
    with pytest.raises(ValueError):
        office.run(office.submit())

    assert "王小明" not in office.told()[0].zh + office.told()[0].en


def test_trying_again_settles_the_failure(office: Office) -> None:
    office.error = Invalid(reason="no", reason_zh="略")
    job_id = office.submit()
    with pytest.raises(Invalid):
        office.run(job_id)

    with office.instance.write(LI, Channel.SCREEN) as uow:
        retry_job(uow, job_id)

    assert office.told() == []


def test_a_worker_that_died_too_often_is_a_failure_that_is_told(office: Office) -> None:
    job_id = office.submit()
    claim(office.instance, job_id)
    with office.instance.write(SYSTEM, Channel.API) as uow:
        late = {"attempts": 3, "lease_until": uow.at - timedelta(seconds=1)}
        uow.conn.execute(update(job).values(late))

    sweep_jobs(office.instance)

    with office.instance.read(SYSTEM, Channel.API) as uow:
        assert uow.conn.execute(select(job.c.state)).scalar_one() == "failed"
    assert [each.kind for each in office.told()] == ["job.failed"]


@pytest.mark.parametrize(("who", "told"), [(LI, []), (ADMIN, ["job.cancelled"])])
def test_one_is_told_that_somebody_else_stopped_it(office: Office, who: Subject, told: list[str]) -> None:
    job_id = office.submit()

    with office.instance.write(who, Channel.SCREEN) as uow:
        cancel_job(uow, job_id)

    assert [each.kind for each in office.told()] == told

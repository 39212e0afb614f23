"""Submitting jobs, looking at them, cancelling and retrying them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Row, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.jobs.ends import cancelled_by_another, tried_again
from zhenshu.jobs.model import CHANGING, Job, JobLogLine, JobNotWaiting, JobState, job_of
from zhenshu.jobs.sealed import seal_args, whole_error
from zhenshu.jobs.service import job_service
from zhenshu.jobs.subjects import to_json
from zhenshu.jobs.tables import job, job_log

LOG_LINES = 1000  # the newest ones of a job, as `get_job` shows them


def submit(
    uow: UnitOfWork, kind: str, args: Mapping[str, Any], priority: int = 5, *,
    label: Mapping[str, str] | None = None, sealed: Mapping[str, Any] | None = None,
) -> int:  # fmt: skip
    """Queue a job in the transaction of `uow` and return its id; workers are woken after the commit.

    `args` hold ids, codes and counts, never an identifying value. What may hold one, as a filter may, goes
    into `sealed`: encrypted, open to the job's own run among its `args`, and gone once the job is done.
    `label` ({"zh", "en"}) names this job in lists, where the kind's name says too little. `priority` 0 is
    first, 9 last.

    Raises:
        UnknownJobKind: when no room brought this kind.
    """
    known = job_service(uow.instance).kind(kind)
    statement = job.insert().values(
        kind=kind,
        queue=known.queue,
        priority=priority,
        label=dict(label) if label else None,
        args=dict(args),
        sealed_args=seal_args(uow.instance, kind, sealed) if sealed else None,
        subject=to_json(uow.subject),
        subject_id=uow.subject.id,
        created_by=uow.subject.name,
        channel=uow.channel.value,
        request_id=uow.request_id,
        state=JobState.QUEUED,
        max_attempts=known.max_attempts,
        created_at=uow.at,
        sent_at=uow.at,  # should the message be lost, the sweeper sends it again
    )
    job_id: int = uow.conn.execute(statement.returning(job.c.id)).scalar_one()
    _wake_after_commit(uow, known.queue, job_id)
    return job_id


def _wake_after_commit(uow: UnitOfWork, queue: str, job_id: int) -> None:
    service = job_service(uow.instance)
    uow.after_commit(lambda: service.wake(queue, job_id))


def get_job(uow: UnitOfWork, job_id: int) -> Job:
    """A job with the newest lines of its log.

    Raises:
        NotFound: when there is none with this id.
    """
    row = _row(uow, job_id)
    lines = uow.conn.execute(
        select(job_log).where(job_log.c.job_id == job_id).order_by(job_log.c.id.desc()).limit(LOG_LINES)
    ).all()
    log = tuple(JobLogLine(line.at, line.level, line.zh, line.en) for line in lines[::-1])
    return job_of(row, whole_error(uow.instance, row), log)


def _row(uow: UnitOfWork, job_id: int) -> Row[Any]:
    row = uow.conn.execute(select(job).where(job.c.id == job_id)).one_or_none()
    if row is None:
        raise NotFound(kind="job", kind_zh="任务", name=job_id)
    return row


def list_jobs(
    uow: UnitOfWork, after: int | None = None, limit: int = 50, subject_id: int | None = None
) -> list[Job]:
    """Jobs, newest first, below the id `after`; of one user if `subject_id` is given."""
    query = select(job).order_by(job.c.id.desc()).limit(limit)
    if after is not None:
        query = query.where(job.c.id < after)
    if subject_id is not None:
        query = query.where(job.c.subject_id == subject_id)
    return [job_of(row, whole_error(uow.instance, row)) for row in uow.conn.execute(query)]


def cancel_job(uow: UnitOfWork, job_id: int) -> None:
    """End a waiting job at once; ask a running one to stop at its next checkpoint.

    Raises:
        NotFound: when there is none with this id.
        JobNotWaiting: when it has ended already.
    """
    row = _row(uow, job_id)
    asked: dict[str, Any] = {"cancel_requested": True}
    ended = asked | {"state": JobState.CANCELLED, "finished_at": uow.at}
    _change(uow, row, {JobState.QUEUED: ended, JobState.RUNNING: asked}, "cancel")
    cancelled_by_another(uow, row)


def retry_job(uow: UnitOfWork, job_id: int) -> None:
    """Queue a failed or cancelled job again; it goes on from its last checkpoint.

    Raises:
        NotFound: when there is none with this id.
        JobNotWaiting: when it is not failed or cancelled.
    """
    row = _row(uow, job_id)
    again = {
        "state": JobState.QUEUED,
        "attempts": 0,
        "cancel_requested": False,
        "error": None,
        "not_before": None,
        "finished_at": None,
        "sent_at": uow.at,
    }
    _change(uow, row, {JobState.FAILED: again, JobState.CANCELLED: again}, "retry")
    tried_again(uow, job_id)
    _wake_after_commit(uow, row.queue, job_id)


def _change(uow: UnitOfWork, row: Row[Any], changes: dict[JobState, dict[str, Any]], act: str) -> None:
    state = JobState(row.state)
    if state not in changes:
        raise JobNotWaiting(id=row.id, state=state.value, act=act)
    statement = update(job).where(job.c.id == row.id, job.c.state == state).values(changes[state])
    if uow.conn.execute(statement).rowcount != 1:
        raise JobNotWaiting(id=row.id, state=CHANGING, act=act)
    record(uow, act, "jobs", str(row.id), detail={"kind": row.kind})

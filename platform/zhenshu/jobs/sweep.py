"""The sweeper: takes jobs back from workers that fell silent, and wakes workers whose message was lost."""

from __future__ import annotations

import logging
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING

from sqlalchemy import func, or_, select, update

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs.ends import job_ended
from zhenshu.jobs.model import JobState
from zhenshu.jobs.service import job_service
from zhenshu.jobs.tables import job
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

if TYPE_CHECKING:
    from zhenshu.instance import Instance

log = logging.getLogger(__name__)

RESEND_AFTER = timedelta(seconds=10)

GIVEN_UP = {
    "code": "WorkerDied",
    "zh": "执行该任务的工作进程多次中断，已停止重试。此前已提交的内容保留不变，可手动重试。",
    "en": "The worker running this job died too often. What was committed before is kept; retry it by hand.",
    "details": {},
}


def sweep_jobs(instance: Instance) -> None:
    """Put jobs with an expired lease back into the queue, or give them up, and wake idle workers."""
    if not _has_work(instance):
        return
    with instance.write(SYSTEM, Channel.API) as uow:
        _take_back(uow)
        for queue, job_id in _sleeping(uow):
            uow.conn.execute(update(job).where(job.c.id == job_id).values(sent_at=uow.at))
            uow.after_commit(partial(job_service(instance).wake, queue, job_id))


def expired_leases(uow: UnitOfWork) -> list[int]:
    """Ids of running jobs whose worker has not been heard of for longer than its lease."""
    query = select(job.c.id).where(job.c.state == JobState.RUNNING, job.c.lease_until < uow.at)
    return list(uow.conn.execute(query.order_by(job.c.id)).scalars())


def _has_work(instance: Instance) -> bool:
    # A look that takes no write lock: the sweeper runs every second on an idle house, too.
    with instance.read(SYSTEM, Channel.API) as uow:
        return bool(expired_leases(uow) or _sleeping(uow))


def _take_back(uow: UnitOfWork) -> None:
    for job_id in expired_leases(uow):
        expired = (job.c.id == job_id) & (job.c.state == JobState.RUNNING) & (job.c.lease_until < uow.at)
        free = {"lease_owner": None, "lease_until": None}
        cancelled = free | {"state": JobState.CANCELLED, "finished_at": uow.at}
        given_up = free | {"state": JobState.FAILED, "finished_at": uow.at, "error": GIVEN_UP}
        again = free | {"state": JobState.QUEUED, "sent_at": None}
        # Tried in this order; each condition fails once the row has left the state `running`.
        for condition, values in (
            (job.c.cancel_requested, cancelled),
            (job.c.attempts >= job.c.max_attempts, given_up),
            (job.c.attempts < job.c.max_attempts, again),
        ):
            if uow.conn.execute(update(job).where(expired, condition).values(values)).rowcount:
                if values["state"] is JobState.FAILED:
                    row = uow.conn.execute(select(job).where(job.c.id == job_id)).one()
                    job_ended(uow, row, JobState.FAILED, GIVEN_UP)
                log.warning("lease_expired", extra={"job_id": job_id, "state": values["state"]})


def _sleeping(uow: UnitOfWork) -> list[tuple[str, int]]:
    """(queue, a waiting job) of each queue whose workers have had no message for a while."""
    due = or_(job.c.not_before.is_(None), job.c.not_before <= uow.at)
    latest = func.max(job.c.sent_at)
    query = (
        select(job.c.queue, func.min(job.c.id))
        .where(job.c.state == JobState.QUEUED, due)
        .group_by(job.c.queue)
        .having(or_(latest.is_(None), latest < uow.at - RESEND_AFTER))
    )
    return [(queue, job_id) for queue, job_id in uow.conn.execute(query)]

"""Claims and leases: at most one worker holds a job, and one that falls silent loses it."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Row, and_, or_, select, update

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs.model import JobLost, JobState
from zhenshu.jobs.service import job_service
from zhenshu.jobs.tables import job
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

if TYPE_CHECKING:
    from zhenshu.instance import Instance

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to run one job, until someone finds it expired. `row` is the job as it was claimed."""

    owner: str
    row: Row[Any]

    def holds(self) -> ColumnElement[bool]:
        return and_(job.c.id == self.row.id, job.c.lease_owner == self.owner)

    def update(self, uow: UnitOfWork, values: Mapping[str, Any]) -> None:
        """Change the job's row in `uow`.

        Raises:
            JobLost: when another worker holds the job by now, so `uow` must not commit.
        """
        if uow.conn.execute(update(job).where(self.holds()).values(dict(values))).rowcount != 1:
            raise JobLost(id=self.row.id)


def lease_end(instance: Instance) -> datetime:
    return datetime.now(UTC) + timedelta(seconds=job_service(instance).lease_seconds)


def claim_next(instance: Instance, queues: Sequence[str]) -> Lease | None:
    """Claim the most urgent waiting job of `queues`, or None when there is none."""
    with instance.write(SYSTEM, Channel.API) as uow:
        due = or_(job.c.not_before.is_(None), job.c.not_before <= uow.at)
        query = (
            select(job.c.id)
            .where(job.c.state == JobState.QUEUED, job.c.queue.in_(queues), due)
            .order_by(job.c.priority, job.c.id)
            .limit(1)
            .with_for_update(skip_locked=True)  # SQLite has one writer and needs no such lock
        )
        job_id = uow.conn.execute(query).scalar_one_or_none()
        return None if job_id is None else _claim(uow, job_id)


def claim(instance: Instance, job_id: int) -> Lease | None:
    """Claim this one job if it waits, even before its time."""
    with instance.write(SYSTEM, Channel.API) as uow:
        return _claim(uow, job_id)


def _claim(uow: UnitOfWork, job_id: int) -> Lease | None:
    owner = uuid4().hex
    statement = (
        update(job)
        .where(job.c.id == job_id, job.c.state == JobState.QUEUED)
        .values(
            state=JobState.RUNNING,
            lease_owner=owner,
            lease_until=lease_end(uow.instance),
            attempts=job.c.attempts + 1,
            started_at=uow.at,
            not_before=None,
        )
        .returning(*job.c)
    )
    row = uow.conn.execute(statement).one_or_none()
    return None if row is None else Lease(owner, row)


@contextmanager
def heartbeat(instance: Instance, lease: Lease) -> Iterator[threading.Event]:
    """Extend `lease` from a thread while the block runs. The event given is set once the lease is lost."""
    ended, lost = threading.Event(), threading.Event()
    pause = job_service(instance).lease_seconds / 3

    def beat() -> None:
        while not ended.wait(pause) and not lost.is_set():
            _extend(instance, lease, lost)

    thread = threading.Thread(target=beat, name=f"heartbeat-{lease.row.id}", daemon=True)
    thread.start()
    try:
        yield lost
    finally:
        ended.set()
        thread.join()


def _extend(instance: Instance, lease: Lease, lost: threading.Event) -> None:
    try:
        with instance.write(SYSTEM, Channel.API) as uow:
            lease.update(uow, {"lease_until": lease_end(instance)})
    except JobLost:
        lost.set()
    except Exception:  # a busy or restarting database: the next beat tries again, a checkpoint finds out
        log.warning("heartbeat_failed", extra={"job_id": lease.row.id})

"""A running job, as its own code sees it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs.lease import Lease, lease_end
from zhenshu.jobs.model import JobCancelled, JobInterrupted, JobLost
from zhenshu.jobs.sealed import open_args
from zhenshu.jobs.tables import job, job_log
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM, Subject

if TYPE_CHECKING:
    from zhenshu.instance import Instance


class JobRun:
    """One run of a job on behalf of `subject`. `cursor` is what the last checkpoint kept, or empty."""

    def __init__(
        self, instance: Instance, lease: Lease, subject: Subject, lost: threading.Event,
        stopping: threading.Event,
    ) -> None:  # fmt: skip
        self.instance = instance
        self.subject = subject
        self.id: int = lease.row.id
        self.args: dict[str, Any] = dict(lease.row.args) | open_args(instance, lease.row)
        self.cursor: dict[str, Any] = dict(lease.row.cursor or {})
        self._lease = lease
        self._lost = lost
        self._stopping = stopping
        self._open: UnitOfWork | None = None
        self._channel = Channel(lease.row.channel)
        self._request_id: str = lease.row.request_id

    def read(self) -> AbstractContextManager[UnitOfWork]:
        """A reading transaction as the job's subject."""
        return self.instance.read(self.subject, self._channel, f"job {self.id}", self._request_id)

    @contextmanager
    def write(self) -> Iterator[UnitOfWork]:
        """A writing transaction as the job's subject."""
        with self.instance.write(self.subject, self._channel, f"job {self.id}", self._request_id) as uow:
            self._open = uow
            try:
                yield uow
            finally:
                self._open = None

    def checkpoint(
        self, done: int, total: int | None, cursor: dict[str, Any] | None = None,
        uow: UnitOfWork | None = None,
    ) -> None:  # fmt: skip
        """Keep how far the job has come, in the transaction of `uow` if given, and hold on to the job.

        A job whose work and `cursor` commit in one `uow` does each step exactly once, whatever dies.

        Raises:
            JobCancelled: when someone asked for it.
            JobLost: when another worker holds the job by now.
            JobInterrupted: when this worker stops; the job goes on elsewhere from its last checkpoint.
        """
        if self._lost.is_set():
            raise JobLost(id=self.id)
        within = uow or self._open
        if within is None:
            with self.instance.write(SYSTEM, self._channel) as own:
                self._keep(own, done, total, cursor)
        if self._stopping.is_set():
            raise JobInterrupted(id=self.id)
        if within is not None:
            self._keep(within, done, total, cursor)

    def _keep(self, uow: UnitOfWork, done: int, total: int | None, cursor: dict[str, Any] | None) -> None:
        asked = select(job.c.cancel_requested).where(self._lease.holds())
        if uow.conn.execute(asked).scalar_one_or_none():
            raise JobCancelled(id=self.id)
        values: dict[str, Any] = {
            "progress": done,
            "total": total,
            "lease_until": lease_end(self.instance),
        }
        if cursor is not None:
            values["cursor"] = cursor
        self._lease.update(uow, values)
        if cursor is not None:
            self.cursor = cursor

    def log(self, level: str, zh: str, en: str) -> None:
        """Add a line to the job's log (`level`: info, warning, error). No values of patients.

        Inside a `write` block the line belongs to its transaction.
        """
        line = {"job_id": self.id, "at": datetime.now(UTC), "level": level, "zh": zh[:1000], "en": en[:1000]}
        if self._open is not None:
            self._open.conn.execute(job_log.insert(), line)
            return
        with self.instance.write(SYSTEM, self._channel) as uow:
            uow.conn.execute(job_log.insert(), line)

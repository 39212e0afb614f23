"""Running claimed jobs to their end, and keeping how they ended."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from structlog.contextvars import bound_contextvars

from zhenshu.audit import record
from zhenshu.errors import DatabaseBusy
from zhenshu.jobs.ends import job_ended
from zhenshu.jobs.lease import Lease, claim, claim_next, heartbeat
from zhenshu.jobs.model import Job, JobCancelled, JobFailed, JobInterrupted, JobLost, JobState
from zhenshu.jobs.queue import get_job
from zhenshu.jobs.run import JobRun
from zhenshu.jobs.sealed import sealed_error
from zhenshu.jobs.service import job_service
from zhenshu.jobs.subjects import from_json
from zhenshu.security.policy import Channel, Denied
from zhenshu.security.subject import SYSTEM, Subject

if TYPE_CHECKING:
    from zhenshu.instance import Instance

log = logging.getLogger(__name__)

BUSY_PAUSE = timedelta(seconds=15)  # before a job that met a busy database tries again


def work(instance: Instance, queues: Sequence[str], stopping: threading.Event) -> int:
    """Run waiting jobs of `queues`, the most urgent first, until none waits; return how many ran."""
    count = 0
    while not stopping.is_set() and (lease := claim_next(instance, queues)) is not None:
        _run_quietly(instance, lease, stopping)
        count += 1
    return count


def _run_quietly(instance: Instance, lease: Lease, stopping: threading.Event) -> None:
    try:
        _run(instance, lease, stopping)
    except (JobCancelled, JobInterrupted, JobLost) as end:
        log.info("job_stopped", extra={"job_id": lease.row.id, "code": end.code()})
    except Exception as error:  # the worker outlives its jobs; the job's row says why it failed
        log.exception("job_failed", extra={"job_id": lease.row.id, "code": type(error).__name__})


def run_now(instance: Instance, job_id: int) -> Job:
    """Run one waiting job in this process and return it as it ended.

    When a worker was faster, wait for it instead.

    Raises:
        NotFound: when there is no such job.
        JobCancelled: when it was cancelled meanwhile.
        JobFailed: when it failed elsewhere; an error raised here comes through as it is.
    """
    if (lease := claim(instance, job_id)) is not None:
        _run(instance, lease, threading.Event())
    return _wait_for_end(instance, job_id)


def _wait_for_end(instance: Instance, job_id: int) -> Job:
    while not (found := _read(instance, job_id)).is_final:
        time.sleep(0.2)
    if found.state is JobState.CANCELLED:
        raise JobCancelled(id=job_id)
    if found.state is JobState.FAILED:
        error = found.error or {}
        reason, reason_zh = error.get("en", ""), error.get("zh", "")
        raise JobFailed(id=job_id, reason=reason, reason_zh=reason_zh, code=error.get("code", ""))
    return found


def _read(instance: Instance, job_id: int) -> Job:
    with instance.read(SYSTEM, Channel.API) as uow:
        return get_job(uow, job_id)


def _run(instance: Instance, lease: Lease, stopping: threading.Event) -> None:
    with bound_contextvars(job_id=lease.row.id), heartbeat(instance, lease) as lost:
        try:
            kind = job_service(instance).kind(lease.row.kind)
            run = JobRun(instance, lease, _subject(instance, lease), lost, stopping)
            result = kind.run(run)
        except BaseException as error:
            _settle(instance, lease, _outcome(instance, lease, error))
            if isinstance(error, Denied):
                _note_denied(instance, lease, error)
            raise
        done = {"state": JobState.DONE, "result": dict(result or {}), "error": None, "sealed_args": None}
        _settle(instance, lease, done)


def _note_denied(instance: Instance, lease: Lease, error: Denied) -> None:
    """That a job tried what its subject may not do stands in the trail, as such a request does."""
    row, subject = lease.row, from_json(lease.row.subject)
    with instance.write(subject, Channel(row.channel), f"job {row.id}", row.request_id) as uow:
        detail = {"kind": row.kind, "code": error.code()}
        record(uow, "attempt", "jobs", str(row.id), detail=detail, outcome="denied")


def _subject(instance: Instance, lease: Lease) -> Subject:
    stored = from_json(lease.row.subject)
    load = job_service(instance).load_subject
    if stored.id is None or load is None:
        return stored
    with instance.read(SYSTEM, Channel.API) as uow:
        return replace(load(uow.conn, stored.id), address=stored.address)


def _settle(instance: Instance, lease: Lease, outcome: Mapping[str, Any] | None) -> None:
    if outcome is None:
        return
    ended = outcome["state"] is not JobState.QUEUED
    released = {
        "lease_owner": None,
        "lease_until": None,
        "finished_at": datetime.now(UTC) if ended else None,
    }
    with instance.write(SYSTEM, Channel.API) as uow:
        lease.update(uow, released | dict(outcome))
        if ended:
            job_ended(uow, lease.row, outcome["state"], outcome.get("error"))


def _outcome(instance: Instance, lease: Lease, error: BaseException) -> dict[str, Any] | None:
    """What the row says after `error`; None when the job isn't ours to speak of any more."""
    match error:
        case JobLost():
            return None
        case JobCancelled() | KeyboardInterrupt():
            return {"state": JobState.CANCELLED}
        case JobInterrupted() | SystemExit():
            return {"state": JobState.QUEUED, "attempts": lease.row.attempts - 1}
        case DatabaseBusy() if lease.row.attempts < lease.row.max_attempts:
            return {"state": JobState.QUEUED, "not_before": datetime.now(UTC) + BUSY_PAUSE}
        case _:
            return {"state": JobState.FAILED, "error": sealed_error(instance, error, lease.row.id)}

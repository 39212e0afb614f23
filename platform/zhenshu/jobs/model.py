"""What a job is to its reader, and what can go wrong with one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row

from zhenshu.errors import ZhenshuError


class JobState(StrEnum):
    """Where a job stands. `done`, `failed` and `cancelled` are final until someone retries it."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    CANCELLED = "cancelled"


CHANGING = "about to change its state"  # another did so between our reading and writing

STATE_ZH = {
    JobState.QUEUED: "正在排队",
    JobState.RUNNING: "正在运行",
    JobState.DONE: "已完成",
    JobState.FAILED: "已失败",
    JobState.CANCELLED: "已取消",
    CHANGING: "状态正在变化",
}

FINAL = frozenset({JobState.DONE, JobState.FAILED, JobState.CANCELLED})


@dataclass(frozen=True, slots=True)
class JobLogLine:
    """One line of a job's log, in both languages. `level` is info, warning or error."""

    at: datetime
    level: str
    zh: str
    en: str


@dataclass(frozen=True, slots=True)
class Job:
    """A job as it stands. `progress` of `total` units are done; `total` None means not known.

    `label` is its own name in both languages, None where the kind's says enough. `args` are without those
    that are sealed. `error` is {"code", "zh", "en", "details"} of what made it fail, as it is told to who
    submitted it; others read `outline`, which quotes nothing. `log` is filled by `get_job` only.
    """

    id: int
    kind: str
    label: Mapping[str, str] | None
    queue: str
    priority: int
    args: Mapping[str, Any]
    state: JobState
    progress: int
    total: int | None
    result: Mapping[str, Any] | None
    error: Mapping[str, Any] | None = field(repr=False)
    outline: Mapping[str, Any] | None
    attempts: int
    max_attempts: int
    cancel_requested: bool
    created_by: str
    created_by_id: int | None
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    log: tuple[JobLogLine, ...] = ()

    @property
    def is_final(self) -> bool:
        return self.state in FINAL


def outline_of(stored: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """What anybody may read of a stored error who may know of the job."""
    return {"details": {}} | {name: stored[name] for name in ("code", "zh", "en")} if stored else None


def job_of(row: Row[Any], error: Mapping[str, Any] | None, log: tuple[JobLogLine, ...] = ()) -> Job:
    """The job of `row`, with the whole of why it failed."""
    return Job(
        id=row.id,
        kind=row.kind,
        label=row.label,
        queue=row.queue,
        priority=row.priority,
        args=row.args,
        state=JobState(row.state),
        progress=row.progress,
        total=row.total,
        result=row.result,
        error=error,
        outline=outline_of(row.error),
        attempts=row.attempts,
        max_attempts=row.max_attempts,
        cancel_requested=row.cancel_requested,
        created_by=row.created_by,
        created_by_id=row.subject_id,
        created_at=row.created_at,
        started_at=row.started_at,
        finished_at=row.finished_at,
        log=log,
    )


class UnknownJobKind(ZhenshuError):
    """No installed part can run jobs of kind {kind}. Nothing was queued."""

    zh = "没有已安装的组件能够执行 {kind} 类任务。未排入任何任务。"


class JobCancelled(ZhenshuError):
    """Job {id} was cancelled. What it had committed before is kept."""

    status = 409
    zh = "任务 {id} 已取消。此前已提交的内容保留不变。"


class JobLost(ZhenshuError):
    """Job {id} was taken over by another worker. The work since its last checkpoint was dropped here."""

    zh = "任务 {id} 已由其他工作进程接管。本进程自上一检查点以来的工作已放弃。"


class JobInterrupted(ZhenshuError):
    """Job {id} was put back into the queue since its worker stops. It goes on from its last checkpoint."""

    zh = "工作进程正在停止，任务 {id} 已放回队列，将从上一检查点继续。"


class JobFailed(ZhenshuError):
    """Job {id} failed: {reason} What it had committed before is kept; it can be retried."""

    zh = "任务 {id} 失败：{reason_zh} 此前已提交的内容保留不变，可重试。"


class JobNotWaiting(ZhenshuError):
    """Job {id} is {state}, so it can't be {act}. Nothing was changed."""

    status = 409
    zh = "任务 {id} {state_zh}，不能{act_zh}。未作任何修改。"

    def __init__(self, *, id: int, state: str, act: str) -> None:
        done, act_zh = {"cancel": ("cancelled", "取消"), "retry": ("retried", "重新运行")}[act]
        super().__init__(id=id, state=state, state_zh=STATE_ZH[state], act=done, act_zh=act_zh)

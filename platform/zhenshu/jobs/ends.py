"""How jobs ended, told to those who started them.

Told is what one may not have seen: a failure always, success when it took longer than one waits before a
page. What is told is the job's own label, its kind's name and the error's message; none holds a value of a
patient.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Final

from sqlalchemy import Row

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs.model import JobState
from zhenshu.jobs.service import job_service
from zhenshu.notices import News, notify, withdraw

PATIENCE: Final = timedelta(seconds=3)  # since the job was asked for; so long one watches it end
LINK: Final = "/?jobs=open"  # the list of jobs beside the first page
FAILED_NOTICE: Final = "job.failed"


def job_ended(uow: UnitOfWork, row: Row[Any], state: JobState, error: Mapping[str, Any] | None) -> None:
    """Tell the owner of the job `row`, as it was claimed, that it is now `state`."""
    if row.subject_id is None or state is JobState.CANCELLED:
        return
    if state is JobState.DONE and uow.at - row.created_at < PATIENCE:
        return
    name = name_of(uow, row)
    key = _key(uow, row, state)
    if state is JobState.DONE:
        news = News("job.done", key, f"“{name['zh']}”已完成", f'"{name["en"]}" is done', LINK)
    else:
        why = {"zh": "", "en": ""} | dict(error or {})
        zh, en = f"“{name['zh']}”失败：{why['zh']}", f'"{name["en"]}" failed: {why["en"]}'
        news = News(FAILED_NOTICE, key, zh, en, LINK)
    notify(uow, [row.subject_id], news)


def cancelled_by_another(uow: UnitOfWork, row: Row[Any]) -> None:
    """Tell the owner that somebody else stopped the job."""
    if row.subject_id is None or row.subject_id == uow.subject.id:
        return
    name, by = name_of(uow, row), uow.subject.name
    key = _key(uow, row, JobState.CANCELLED)
    news = News(
        "job.cancelled", key, f"“{name['zh']}”被 {by} 停止", f'"{name["en"]}" was stopped by {by}', LINK
    )
    notify(uow, [row.subject_id], news)


def tried_again(uow: UnitOfWork, job_id: int) -> None:
    """What its owner has not read about its failure is settled."""
    withdraw(uow, f"job:{job_id}:")


def _key(uow: UnitOfWork, row: Row[Any], state: JobState) -> str:
    """A job that is retried ends again."""
    return f"job:{row.id}:{state}:{uow.at.timestamp():.0f}"


def name_of(uow: UnitOfWork, row: Row[Any]) -> dict[str, str]:
    """The job's label, else its kind's, else its number: {"zh", "en"}."""
    kinds = job_service(uow.instance).kinds
    label = row.label or (kinds[row.kind].label if row.kind in kinds else None)
    return {"zh": f"任务 {row.id}", "en": f"Job {row.id}"} | dict(label or {})

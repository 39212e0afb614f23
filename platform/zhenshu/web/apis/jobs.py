"""Jobs: one's own, or everybody's for those who may view them."""

from __future__ import annotations

from typing import Any

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.jobs import Job, JobNotWaiting, JobState, cancel_job, get_job, list_jobs, retry_job
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import (
    ID,
    INSTANT,
    MAYBE_INSTANT,
    PAGING,
    TEXT,
    list_of,
    object_of,
    page,
    page_of,
    query_of,
)

JOB = object_of(
    {
        "id": ID,
        "kind": TEXT,
        "label": {"type": ["object", "null"], "description": "Its own name, {zh, en}; null: its kind's"},
        "state": {"enum": [state.value for state in JobState]},
        "priority": {"type": "integer"},
        "progress": {"type": "integer"},
        "total": {"type": ["integer", "null"]},
        "result": {"type": ["object", "null"]},
        "error": {"type": ["object", "null"]},
        "attempts": {"type": "integer"},
        "max_attempts": {"type": "integer"},
        "cancel_requested": {"type": "boolean"},
        "created_by": TEXT,
        "created_at": INSTANT,
        "started_at": MAYBE_INSTANT,
        "finished_at": MAYBE_INSTANT,
        "log": list_of(object_of({"at": INSTANT, "level": TEXT, "message": TEXT})),
    }
)
VIEW = ("view", "jobs")
MANAGE = ("manage", "jobs")


class Jobs(Api):
    @endpoint(
        "GET", "/jobs",
        summary={"zh": "任务列表", "en": "Jobs, newest first, without their logs."},
        needs=None,
        params=query_of({"after": ID, "limit": PAGING["limit"]}),
        returns={200: page_of(JOB)},
        etag=True,
        in_background=True,
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        """One's own; everybody's with the permission `view` on `jobs`."""
        limit = self.params["limit"]
        owner = None if self.subject.may(*VIEW) else self.subject.id
        with self.read() as uow:
            found = list_jobs(uow, self.params.get("after"), limit, owner)
        return page([self._describe(job) for job in found], limit)

    @endpoint(
        "GET", "/jobs/<int:id>",
        summary={"zh": "一个任务", "en": "One job with its log; poll it with If-None-Match."},
        needs=None,
        returns={200: JOB},
        errors=[NotFound],
        etag=True,
    )  # fmt: skip
    def show(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            return self._describe(self._visible(uow, id, VIEW))

    @endpoint(
        "POST", "/jobs/<int:id>/cancel",
        summary={"zh": "取消任务", "en": "Cancel a waiting job, or ask a running one to stop."},
        needs=None,
        returns={200: JOB},
        errors=[NotFound, JobNotWaiting],
    )  # fmt: skip
    def cancel(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            self._visible(uow, id, MANAGE)
            cancel_job(uow, id)
            return self._describe(get_job(uow, id))

    @endpoint(
        "POST", "/jobs/<int:id>/retry",
        summary={"zh": "重试任务", "en": "Queue a failed or cancelled job again, from its last checkpoint."},
        needs=None,
        returns={200: JOB},
        errors=[NotFound, JobNotWaiting],
    )  # fmt: skip
    def retry(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            self._visible(uow, id, MANAGE)
            retry_job(uow, id)
            return self._describe(get_job(uow, id))

    def _visible(self, uow: UnitOfWork, id: int, needs: tuple[str, str]) -> Job:
        """A job of one's own, or any with the permission `needs`; another's does not exist."""
        found = get_job(uow, id)
        if found.created_by_id != self.subject.id and not self.subject.may(*needs):
            raise NotFound(kind="job", kind_zh="任务", name=id)
        return found

    def _describe(self, job: Job) -> dict[str, Any]:
        """A job; of another's neither its result nor what its error quotes, for either may hold data."""
        zh = self.language == "zh"
        names = set(JOB["properties"]) - {"log", "result", "error"}
        mine = job.created_by_id == self.subject.id
        seen = {"result": job.result, "error": job.error} if mine else {"result": None, "error": job.outline}
        lines = [
            {"at": line.at, "level": line.level, "message": line.zh if zh else line.en} for line in job.log
        ]
        return {name: getattr(job, name) for name in names} | seen | {"log": lines}

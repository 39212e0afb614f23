"""The job that makes the users of a batch: first their passwords, which takes long, then all at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import Conflict
from zhenshu.jobs import JobKind, JobRun, submit
from zhenshu.security.accounts import create_user
from zhenshu.security.batch.rows import PlannedUser, plan_users
from zhenshu.security.batch.sheet import SheetRow, result_sheet
from zhenshu.security.passwords import OneTimePassword
from zhenshu.security.sealed_results import keep_sealed

KIND = "users.batch"


class BatchNotReady(Conflict):
    """{count} rows can't become users. No user was made; check the workbook again."""

    zh = "{count} 行无法建立用户。未新建任何用户，请重新检查工作簿。"


def submit_batch(uow: UnitOfWork, rows: Sequence[SheetRow], language: str) -> int:
    """Queue the making of `rows`; the id of the job.

    Raises:
        BatchNotReady: when something stands against one of them.
    """
    _ready(plan_users(uow, rows))
    sealed = {"rows": [[row.number, row.cells] for row in rows]}
    return submit(uow, KIND, {"language": language, "count": len(rows)}, sealed=sealed)


def _ready(planned: Sequence[PlannedUser]) -> Sequence[PlannedUser]:
    if faulty := sum(1 for user in planned if user.problems):
        raise BatchNotReady(count=faulty)
    return planned


def run_batch(run: JobRun) -> Mapping[str, Any]:
    """Make every user or none; `result` is the sealed file with their passwords."""
    rows = [SheetRow(number, cells) for number, cells in run.args["rows"]]
    passwords = []
    for done, _ in enumerate(rows):
        run.checkpoint(done, len(rows))
        passwords.append(OneTimePassword.make())
    with run.write() as uow:
        planned = _ready(plan_users(uow, rows))
        made = [_make(uow, user, secret) for user, secret in zip(planned, passwords, strict=True)]
        result = keep_sealed(uow, result_sheet(run.args["language"], made))
        record(uow, "add", "user_batches", str(run.id), detail={"count": len(made)})
        run.checkpoint(len(rows), len(rows), uow=uow)
    return {"count": len(made), "result": result}


def _make(uow: UnitOfWork, user: PlannedUser, secret: OneTimePassword) -> tuple[str, str, str]:
    made = create_user(
        uow, user.name, user.role, display_name=user.display_name, language=user.language, phone=user.phone,
        expires_at=user.expires_at, one_time=secret,
    )  # fmt: skip
    return made.user.name, made.user.display_name, secret.secret


BATCH = JobKind(KIND, {"zh": "批量新建用户", "en": "Make users in batch"}, run_batch)

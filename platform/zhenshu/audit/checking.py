"""Proving the trail on request: the job `audit.verify`, and how the trail stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func, select

from zhenshu.audit import anchor
from zhenshu.audit.tables import audit_archive, audit_seal
from zhenshu.audit.trail import audit_entry, record
from zhenshu.audit.verify import verify
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs import JobKind, JobRun, job
from zhenshu.security.account_policy import account_policy

KIND: Final = "audit.verify"
MOST_FAULTS: Final = 100  # that are kept one by one
MOST_ARCHIVES: Final = 100  # that are told; all of them lie in one folder


def run_check(run: JobRun) -> Mapping[str, Any]:
    """Look at every seal; the result says how many there were and what is wrong."""
    with run.read() as uow:
        total = uow.conn.execute(select(func.count()).select_from(audit_seal)).scalar_one()
    seen = 0

    def came_to(seal: int) -> None:
        nonlocal seen
        seen = seal
        run.checkpoint(min(seal, total), total)

    faults = verify(run.instance, came_to)
    told = [
        {"kind": fault.kind.value, "entry_id": fault.entry_id, "seq": fault.seq}
        for fault in faults[:MOST_FAULTS]
    ]
    with run.write() as uow:
        record(uow, "verify", "audit", "", detail={"job": run.id, "count": seen, "faults": len(faults)})
    return {"entries": seen, "faults": told, "fault_count": len(faults)}


@dataclass(frozen=True, slots=True)
class Standing:
    """How the trail stands: its seals, its proofs, and the files that older entries went into.

    Entries are kept for `keep_days`. `checking` is the job of a proof that is under way.
    """

    entries: int
    oldest: datetime | None
    sealed: int
    sealed_up_to: datetime | None
    anchor: dict[str, Any] | None
    last_check: dict[str, Any] | None
    checking: int | None
    keep_days: int
    archives: list[dict[str, Any]]


def standing(uow: UnitOfWork) -> Standing:
    """
    Raises:
        AnchorDamaged: when the anchor can't be read.
    """
    entries, oldest = uow.conn.execute(
        select(func.count(), func.min(audit_entry.c.at)).select_from(audit_entry)
    ).one()
    sealed, last = uow.conn.execute(select(func.count(), func.max(audit_seal.c.seq))).one()
    newest = select(audit_entry.c.at).join(audit_seal, audit_seal.c.entry_id == audit_entry.c.id)
    up_to = uow.conn.execute(newest.where(audit_seal.c.seq == last)).scalar_one_or_none()
    folder = uow.instance.settings.anchor_folder
    head, at = anchor.newest(folder), anchor.newest_at(folder)
    anchored = {"seq": head.seq, "at": at} if head is not None and at is not None else None
    return Standing(
        entries, oldest, sealed, up_to, anchored, _last_check(uow), _checking(uow),
        account_policy(uow).audit_keep_days, _archives(uow),
    )  # fmt: skip


def _archives(uow: UnitOfWork) -> list[dict[str, Any]]:
    """The files, latest first."""
    c = audit_archive.c
    query = select(c.file, c.from_seq, c.to_seq, c.first_at, c.last_at, c.archived_at).order_by(
        c.to_seq.desc()
    )
    return [dict(row) for row in uow.conn.execute(query.limit(MOST_ARCHIVES)).mappings()]


def _last_check(uow: UnitOfWork) -> dict[str, Any] | None:
    query = (
        select(job.c.id, job.c.finished_at, job.c.created_by, job.c.result)
        .where(job.c.kind == KIND, job.c.state == "done")
        .order_by(job.c.id.desc())
        .limit(1)
    )
    if (row := uow.conn.execute(query).one_or_none()) is None:
        return None
    return {"job": row.id, "at": row.finished_at, "by": row.created_by, **row.result}


def _checking(uow: UnitOfWork) -> int | None:
    query = select(func.max(job.c.id)).where(job.c.kind == KIND, job.c.state.in_(("queued", "running")))
    found: int | None = uow.conn.execute(query).scalar_one()
    return found


CHECKING = JobKind(KIND, {"zh": "核验审计记录", "en": "Verify the audit trail"}, run_check)

"""Retention: entries older than the policy says leave the database for sealed files beside the anchor.

The job `audit.archive` takes the chain from its beginning, a stretch at a time: it writes the file, proves
it, anchors what it is known by, and then removes the rows in one transaction with the row of `audit_archive`
that lets the database let go of them. Wherever it dies, the next run goes on; nothing is removed that does
not lie in an anchored file. Nobody starts it by hand: the steward looks once an hour.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import ColumnElement, Row, delete, func, select

from zhenshu.audit import anchor
from zhenshu.audit.chain import GENESIS
from zhenshu.audit.stretches import archive_folder, read_stretch, sha256_of, write_stretch
from zhenshu.audit.tables import audit_archive, audit_seal
from zhenshu.audit.trail import audit_entry, audit_patient, record
from zhenshu.audit.verify import Checker
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.jobs import JobKind, JobRun, job, submit
from zhenshu.security.account_policy import account_policy
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

if TYPE_CHECKING:
    from zhenshu.instance import Instance

KIND: Final = "audit.archive"
LOT: Final = 10_000  # entries of one file, removed in one transaction


class TrailNotWhole(ZhenshuError):
    """The trail is not whole at seal {seq}, so nothing was archived or removed; see `zhenshu check`."""

    zh = "审计记录在封存号 {seq} 处不完整，未归档也未删除任何内容；请运行 `zhenshu check`。"


@dataclass(frozen=True, slots=True)
class Stretch:
    """What an archived stretch of the chain is known by; `seal` is the one of `to_seq`."""

    from_seq: int
    to_seq: int
    seal: str
    file: str
    sha256: str
    first_at: str
    last_at: str


def sweep_audit(instance: Instance) -> int | None:
    """Queue the job where entries are due and none is under way; its id."""
    with instance.read(SYSTEM, Channel.AUDIT) as uow:
        waiting = select(job.c.id).where(job.c.kind == KIND, job.c.state.in_(("queued", "running")))
        if uow.conn.execute(waiting.limit(1)).first() or not _due(uow):
            return None
    with instance.write(SYSTEM, Channel.AUDIT) as uow:
        return submit(uow, KIND, {})


def run_archive(run: JobRun) -> Mapping[str, Any]:
    """Archive all that is due; the result says how many entries went into how many files."""
    count = {"entries": 0, "files": 0} | run.cursor
    while (stretch := _unfinished(run) or _written(run)) is not None:
        size = stretch.to_seq - stretch.from_seq + 1
        count = {"entries": count["entries"] + size, "files": count["files"] + 1}
        with run.write() as uow:
            _let_go(uow, stretch)
            detail = {"entries": size, "file": stretch.file, "sha256": stretch.sha256, "seal": stretch.seal}
            record(uow, "archive", "audit", f"{stretch.from_seq}-{stretch.to_seq}", detail=detail)
            run.checkpoint(count["entries"], None, count, uow)
    return count


def _due(uow: UnitOfWork) -> Sequence[Row[Any]]:
    """The next stretch: entries too old, from the chain's beginning on; its newest links stay in any case."""
    oldest_kept = uow.at - timedelta(days=account_policy(uow).audit_keep_days)
    start = last_archived(uow)
    head: int = uow.conn.execute(select(func.max(audit_seal.c.seq))).scalar() or 0
    anchored = anchor.newest(uow.instance.settings.anchor_folder)
    end = min(start + LOT, head - 1, 0 if anchored is None else anchored.seq - 1)
    rows = uow.conn.execute(
        select(audit_seal, audit_entry)
        .outerjoin(audit_entry, audit_entry.c.id == audit_seal.c.entry_id)
        .where(audit_seal.c.seq > start, audit_seal.c.seq <= end)
        .order_by(audit_seal.c.seq)
    ).all()
    young = next((at for at, row in enumerate(rows) if row.at is not None and row.at >= oldest_kept), None)
    return rows[:young]


def last_archived(uow: UnitOfWork) -> int:
    """The number of the last seal that lies in a file."""
    found: int | None = uow.conn.execute(select(func.max(audit_archive.c.to_seq))).scalar_one()
    return found or 0


def _unfinished(run: JobRun) -> Stretch | None:
    """A stretch that was anchored, whose rows are still here."""
    settings = run.instance.settings
    with run.read() as uow:
        start = last_archived(uow)
        for line in reversed(anchor.archives(settings.anchor_folder)):
            if line["from_seq"] != start + 1:
                continue
            seals = select(audit_seal.c.seal).where(audit_seal.c.seq == line["to_seq"])
            if uow.conn.execute(seals).scalar_one_or_none() != line["seal"]:
                return None  # of a state of the database that is no more
            path = archive_folder(settings) / line["file"]
            if not path.is_file() or sha256_of(path) != line["sha256"]:
                return None  # lost before it was used: it is written once more
            return Stretch(**{name: line[name] for name in Stretch.__dataclass_fields__})
    return None


def _written(run: JobRun) -> Stretch | None:
    """The next stretch in a file that is proved and anchored."""
    settings = run.instance.settings
    with run.read() as uow:
        rows = _due(uow)
        before = select(audit_archive.c.seal).order_by(audit_archive.c.to_seq.desc()).limit(1)
        previous = uow.conn.execute(before).scalar_one_or_none() or GENESIS
        start = last_archived(uow)
    if not rows:
        return None
    last = rows[-1]
    name = f"audit-{rows[0].seq:012}-{last.seq:012}-{last.seal[:8]}.jsonl.gz"
    path = archive_folder(settings) / name
    digest = write_stretch(path, rows)
    _prove(run.instance, path, start, previous, last)
    stretch = Stretch(
        rows[0].seq, last.seq, last.seal, name, digest,
        min(row.at for row in rows).isoformat(), max(row.at for row in rows).isoformat(),
    )  # fmt: skip
    anchor.append_archive(settings.anchor_folder, asdict(stretch) | {"at": datetime.now(UTC).isoformat()})
    return stretch


def _prove(instance: Instance, path: Path, start: int, previous: str, last: Row[Any]) -> None:
    """
    Raises:
        TrailNotWhole: when the file does not hold the chain from `previous` to `last`, each link sealed.
    """
    standing = anchor.heads(instance.settings.anchor_folder)
    checker = Checker(instance.secrets.audit, standing, strict=False)
    checker.begin_after(start, previous)
    for row in read_stretch(path):
        for fault in checker.faults(row):
            raise TrailNotWhole(seq=fault.seq)
    if checker.seal != last.seal:
        raise TrailNotWhole(seq=last.seq)


def _let_go(uow: UnitOfWork, stretch: Stretch) -> None:
    """Remove the rows of the stretch. The database does so only since it stands in `audit_archive`."""
    row = asdict(stretch) | {
        "first_at": datetime.fromisoformat(stretch.first_at),
        "last_at": datetime.fromisoformat(stretch.last_at),
        "archived_at": uow.at,
    }
    uow.conn.execute(audit_archive.insert(), row)
    sealed = audit_seal.c.seq <= stretch.to_seq
    for column in (audit_patient.c.entry_id, audit_entry.c.id):
        uow.conn.execute(delete(column.table).where(column.in_(_entries(sealed))))
    uow.conn.execute(delete(audit_seal).where(sealed))  # last: by it the database knows what may go


def _entries(sealed: ColumnElement[bool]) -> Any:
    return select(audit_seal.c.entry_id).where(sealed)


ARCHIVING = JobKind(KIND, {"zh": "归档过期审计记录", "en": "Archive old audit entries"}, run_archive)

"""The one sealer: seals what the trail gained since its last turn, then anchors the chain's head."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, func, select, text

from zhenshu.audit import anchor
from zhenshu.audit.anchor import Head
from zhenshu.audit.chain import GENESIS, seal_of
from zhenshu.audit.tables import audit_seal
from zhenshu.audit.trail import audit_entry
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

if TYPE_CHECKING:
    from zhenshu.instance import Instance

SEAL_LOCK = 0x5A53_0002  # PostgreSQL advisory lock
BATCH = 500
# On PostgreSQL a row may become visible after rows with larger ids. A usual turn looks back this far; a
# thorough one looks at all.
LOOK_BACK = 10_000


class AuditBroken(ZhenshuError):
    """The audit chain ends at {found}, but {anchored} was anchored: rows are gone or were rewritten.
    Nothing more is sealed until this is resolved; see `zhenshu check`."""

    zh = (
        "审计链止于 {found}，而锚点为 {anchored}：有记录丢失或被改写。"
        "查明前不再封存；请运行 `zhenshu check`。"
    )


def seal(instance: Instance, thorough: bool = False) -> int:
    """Seal all rows that wait, a batch per transaction, and anchor the head. Returns how many.

    Raises:
        AuditBroken: when the chain no longer holds what was anchored last.
    """
    _require_unbroken(instance)
    count = 0
    if _is_waiting(instance, thorough):
        while sealed := _seal_batch(instance, thorough):
            count += sealed
    anchor_head(instance)
    return count


def anchor_head(instance: Instance, restored: bool = False) -> None:
    """Write the chain's head to the anchor, unless it stands there already."""
    with instance.read(SYSTEM, Channel.AUDIT) as uow:
        head = head_of(uow)
    folder = instance.settings.anchor_folder
    last = anchor.newest(folder)
    if restored or (head.seq and head != last):
        anchor.append(folder, head, restored)


def head_of(uow: UnitOfWork) -> Head:
    query = select(audit_seal.c.seq, audit_seal.c.seal).order_by(audit_seal.c.seq.desc()).limit(1)
    row = uow.conn.execute(query).one_or_none()
    return Head(0, GENESIS) if row is None else Head(row.seq, row.seal)


def _require_unbroken(instance: Instance) -> None:
    last = anchor.newest(instance.settings.anchor_folder)
    if last is None or last.seq == 0:
        return
    with instance.read(SYSTEM, Channel.AUDIT) as uow:
        stands = uow.conn.execute(
            select(audit_seal.c.seal).where(audit_seal.c.seq == last.seq)
        ).scalar_one_or_none()
        if stands != last.seal:
            raise AuditBroken(found=head_of(uow).seq, anchored=last.seq)


def _is_waiting(instance: Instance, thorough: bool) -> bool:
    # A look that takes no write lock: the sealer runs every second on an idle house, too.
    with instance.read(SYSTEM, Channel.AUDIT) as uow:
        return bool(_unsealed(uow, thorough, limit=1))


def _seal_batch(instance: Instance, thorough: bool) -> int:
    key = instance.secrets.audit
    with instance.write(SYSTEM, Channel.AUDIT) as uow:
        if not uow.sqlite:  # SQLite has one writer anyway
            uow.conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": SEAL_LOCK})
        head, now, rows = head_of(uow), datetime.now(UTC), []
        for entry in _unsealed(uow, thorough, BATCH):
            head = Head(head.seq + 1, seal_of(key, head.seal, head.seq + 1, now, entry))
            rows.append({"seq": head.seq, "entry_id": entry.id, "sealed_at": now, "seal": head.seal})
        if rows:
            uow.conn.execute(audit_seal.insert(), rows)
        return len(rows)


def _unsealed(uow: UnitOfWork, thorough: bool, limit: int) -> Sequence[Row[Any]]:
    sealed = audit_seal.c.entry_id == audit_entry.c.id
    query = select(audit_entry).outerjoin(audit_seal, sealed).where(audit_seal.c.entry_id.is_(None))
    if not thorough:
        newest: int = uow.conn.execute(select(func.max(audit_seal.c.entry_id))).scalar() or 0
        query = query.where(audit_entry.c.id > newest - LOOK_BACK)
    return uow.conn.execute(query.order_by(audit_entry.c.id).limit(limit)).all()

"""Proving the trail: each sealed row against its seal, the chain's links, its head against the anchor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, select

from zhenshu.audit import anchor
from zhenshu.audit.chain import GENESIS, seal_of
from zhenshu.audit.tables import audit_seal
from zhenshu.audit.trail import audit_entry
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

if TYPE_CHECKING:
    from zhenshu.instance import Instance

BATCH = 1000
# A row with a smaller id than one sealed before it is usual on PostgreSQL while its transaction was open.
# None stays open this long, so an older one was slipped in later.
LONGEST_TRANSACTION = timedelta(hours=1)


class FaultKind(StrEnum):
    """What was done to the trail."""

    ALTERED = "altered"  # the row or its seal is not what was sealed
    DELETED = "deleted"  # a sealed row is gone
    SEAL_MISSING = "seal missing"  # seals are gone from within the chain
    SLIPPED_IN = "slipped in"  # a row was added long after its neighbours, or with an older date
    TRUNCATED = "truncated"  # the chain ends before what was anchored
    REWRITTEN = "rewritten"  # the chain holds another seal than was anchored
    NO_ANCHOR = "no anchor"  # the anchor is gone


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the trail, at an entry and its number in the chain (0: none)."""

    kind: FaultKind
    entry_id: int
    seq: int

    def __str__(self) -> str:
        return f"{self.kind.value}: entry {self.entry_id}, seal {self.seq}"


def verify(instance: Instance) -> list[Fault]:
    """Everything that is wrong with the trail; empty when it is as it was written.

    What no one can tell: a row altered before it was sealed, within about a second, and rows at the very
    end that were never anchored.
    """
    standing = anchor.heads(instance.settings.anchor_folder)
    with instance.read(SYSTEM, Channel.AUDIT) as uow:
        checker = _Checker(instance.secrets.audit, standing, strict=uow.sqlite)
        faults = [fault for row in _sealed(uow) for fault in checker.faults(row)]
    return faults + list(checker.faults_of_anchor())


def _sealed(uow: UnitOfWork) -> Iterator[Row[Any]]:
    after = 0
    while rows := _batch(uow, after):
        yield from rows
        after = rows[-1].seq


def _batch(uow: UnitOfWork, after: int) -> Sequence[Row[Any]]:
    query = (
        select(audit_seal, audit_entry)
        .outerjoin(audit_entry, audit_entry.c.id == audit_seal.c.entry_id)
        .where(audit_seal.c.seq > after)
        .order_by(audit_seal.c.seq)
        .limit(BATCH)
    )
    return uow.conn.execute(query).all()


class _Checker:
    """Walks the chain once, remembering only where it is."""

    def __init__(self, key: bytes, standing: dict[int, str], strict: bool) -> None:
        self._key = key
        self._standing = standing
        self._strict = strict  # one writer at a time: ids are in the order of commits
        self._seq, self._seal = 0, GENESIS
        self._largest_id, self._at = 0, None

    def faults(self, row: Row[Any]) -> Iterator[Fault]:
        anchored = self._standing.get(row.seq, row.seal)
        if row.seq != self._seq + 1:
            yield Fault(FaultKind.SEAL_MISSING, row.entry_id, row.seq)
        elif row.id is None:
            yield Fault(FaultKind.DELETED, row.entry_id, row.seq)
        elif row.seal != seal_of(self._key, self._seal, row.seq, row.sealed_at, row):
            yield Fault(FaultKind.ALTERED, row.entry_id, row.seq)
        elif self._is_late(row):
            yield Fault(FaultKind.SLIPPED_IN, row.entry_id, row.seq)
        if anchored != row.seal:
            yield Fault(FaultKind.REWRITTEN, row.entry_id, row.seq)
        self._seq, self._seal = row.seq, row.seal
        if row.entry_id > self._largest_id:
            self._largest_id, self._at = row.entry_id, row.at

    def _is_late(self, row: Row[Any]) -> bool:
        if row.entry_id > self._largest_id or self._at is None:
            return False
        return self._strict or row.at < self._at - LONGEST_TRANSACTION

    def faults_of_anchor(self) -> Iterator[Fault]:
        if self._seq and not self._standing:
            yield Fault(FaultKind.NO_ANCHOR, 0, self._seq)
        elif self._standing and max(self._standing) > self._seq:
            yield Fault(FaultKind.TRUNCATED, 0, max(self._standing))

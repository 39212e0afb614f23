"""Proving the trail: each sealed row against its seal, the chain's links, its head against the anchor."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, exists, select

from zhenshu.audit import anchor
from zhenshu.audit.chain import GENESIS, seal_of
from zhenshu.audit.stretches import archive_folder, read_stretch, sha256_of
from zhenshu.audit.tables import audit_archive, audit_seal
from zhenshu.audit.trail import audit_entry, audit_patient
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

if TYPE_CHECKING:
    from zhenshu.instance import Instance

BATCH = 1000
MOST_STRAYS = 100
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
    PATIENTS_DIFFER = "patients differ"  # it is found by other patients than those it names
    ARCHIVE_MISSING = "archive missing"  # the file of archived entries is gone
    ARCHIVE_ALTERED = "archive altered"  # the file is another than was anchored
    ARCHIVE_NOT_ANCHORED = "archive not anchored"  # rows were let go without a file that is anchored


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with the trail, at an entry and its number in the chain (0: none)."""

    kind: FaultKind
    entry_id: int
    seq: int

    def __str__(self) -> str:
        return f"{self.kind.value}: entry {self.entry_id}, seal {self.seq}"


def verify(instance: Instance, came_to: Callable[[int], None] = lambda seal: None) -> list[Fault]:
    """Everything that is wrong with the trail; empty when it is as it was written.

    What no one can tell: a row altered before it was sealed, within about a second, and rows at the very
    end that were never anchored. `came_to` is told the number of a seal now and then.
    """
    standing = anchor.heads(instance.settings.anchor_folder)
    with instance.read(SYSTEM, Channel.AUDIT) as uow:
        checker = Checker(instance.secrets.audit, standing, strict=uow.sqlite)
        faults = [*_archived(uow, checker), *_sealed(uow, checker, came_to), *checker.faults_of_anchor()]
        return faults or list(_strays(uow))  # entries that are gone leave such, and are told already


def _sealed(uow: UnitOfWork, checker: Checker, came_to: Callable[[int], None]) -> Iterator[Fault]:
    after = 0
    while rows := _batch(uow, after):
        found = _patients(uow, [row.entry_id for row in rows])
        for row in rows:
            faults = list(checker.faults(row))
            yield from faults
            if not faults and found.get(row.id, set()) != set(row.patients or ()):
                yield Fault(FaultKind.PATIENTS_DIFFER, row.id, row.seq)
        after = rows[-1].seq
        came_to(after)


def _patients(uow: UnitOfWork, entries: Sequence[int]) -> dict[int, set[int]]:
    """By what patients entries are found."""
    query = select(audit_patient.c.entry_id, audit_patient.c.patient_id).where(
        audit_patient.c.entry_id.in_(entries)
    )
    found: dict[int, set[int]] = {}
    for entry, patient in uow.conn.execute(query):
        found.setdefault(entry, set()).add(patient)
    return found


def _strays(uow: UnitOfWork) -> Iterator[Fault]:
    """Patients beside entries that are not there."""
    pair = audit_patient.c
    there = exists().where(audit_entry.c.id == pair.entry_id)
    query = select(pair.entry_id).distinct().where(~there).order_by(pair.entry_id).limit(MOST_STRAYS)
    for entry in uow.conn.execute(query).scalars():
        yield Fault(FaultKind.PATIENTS_DIFFER, entry, 0)


def _archived(uow: UnitOfWork, checker: Checker) -> Iterator[Fault]:
    """The chain's beginning, where it lies in files."""
    settings = uow.instance.settings
    anchored = {(line["from_seq"], line["file"]): line for line in anchor.archives(settings.anchor_folder)}
    for row in uow.conn.execute(select(audit_archive).order_by(audit_archive.c.to_seq)):
        line = anchored.get((row.from_seq, row.file), {})
        path = archive_folder(settings) / row.file
        if any(line.get(name) != getattr(row, name) for name in ("to_seq", "seal", "sha256")):
            yield Fault(FaultKind.ARCHIVE_NOT_ANCHORED, 0, row.to_seq)
        elif not path.is_file():
            yield Fault(FaultKind.ARCHIVE_MISSING, 0, row.to_seq)
            checker.begin_after(row.to_seq, row.seal)
        elif sha256_of(path) != row.sha256:
            yield Fault(FaultKind.ARCHIVE_ALTERED, 0, row.to_seq)
            checker.begin_after(row.to_seq, row.seal)
        else:
            for kept in read_stretch(path):
                yield from checker.faults(kept)


def _batch(uow: UnitOfWork, after: int) -> Sequence[Row[Any]]:
    query = (
        select(audit_seal, audit_entry)
        .outerjoin(audit_entry, audit_entry.c.id == audit_seal.c.entry_id)
        .where(audit_seal.c.seq > after)
        .order_by(audit_seal.c.seq)
        .limit(BATCH)
    )
    return uow.conn.execute(query).all()


class Checker:
    """Walks the chain once, remembering only where it is: at `seal`, the last one seen."""

    def __init__(self, key: bytes, standing: dict[int, str], strict: bool) -> None:
        self._key = key
        self._standing = standing
        self._strict = strict  # one writer at a time: ids are in the order of commits
        self._seq, self.seal = 0, GENESIS
        self._largest_id, self._at = 0, None

    def begin_after(self, seq: int, seal: str) -> None:
        """Go on behind a link that is known by other proof."""
        self._seq, self.seal = seq, seal

    def faults(self, row: Any) -> Iterator[Fault]:
        anchored = self._standing.get(row.seq, row.seal)
        if row.seq != self._seq + 1:
            yield Fault(FaultKind.SEAL_MISSING, row.entry_id, row.seq)
        elif row.id is None:
            yield Fault(FaultKind.DELETED, row.entry_id, row.seq)
        elif row.seal != seal_of(self._key, self.seal, row.seq, row.sealed_at, row):
            yield Fault(FaultKind.ALTERED, row.entry_id, row.seq)
        elif self._is_late(row):
            yield Fault(FaultKind.SLIPPED_IN, row.entry_id, row.seq)
        if anchored != row.seal:
            yield Fault(FaultKind.REWRITTEN, row.entry_id, row.seq)
        self._seq, self.seal = row.seq, row.seal
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

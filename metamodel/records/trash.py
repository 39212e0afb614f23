"""The trash: a record goes there with all below it, and exactly those come back together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select, update
from sqlalchemy.exc import IntegrityError

from metamodel.catalogue.dependencies import places_of
from metamodel.catalogue.model import RecordType
from metamodel.records import problems
from metamodel.records.conflicts import only_calculated, raise_changed
from metamodel.records.errors import (
    DuplicateKey,
    DuplicateRecord,
    NotInTrash,
    RecordInTrash,
    TrashedWithParent,
)
from metamodel.records.history import write_plain
from metamodel.records.loading import Stored, load
from metamodel.records.recalculating import hold, settle
from metamodel.records.reindexing import come_back
from metamodel.records.session import Session, refuse_owner_written
from metamodel.records.shapes import Provenance, RecordRef
from metamodel.storage.layout import ACTIVE, TRASHED
from metamodel.tables import revision
from zhenshu.security.policy import Action, Denied

CHUNK = 1000
ACT = "trash"  # the key in a revision's provenance that names the act of trashing

Family = list[tuple[RecordType, list["Member"]]]


@dataclass(frozen=True, slots=True)
class Member:
    """A record that an act takes along: its version before the act, and its patient."""

    id: int
    version: int
    patient: int | None


def trash(
    session: Session, record_type: RecordType, record_id: int, expected: int, provenance: Provenance | None
) -> list[RecordRef]:
    """Put the record and all active records below it into the trash.

    Raises:
        RecordChanged, RecordInTrash, NotFound: see their messages.
        Denied: when the subject may not delete one of the records below.
    """
    hold(session, session.database(record_type).record_types, [record_id], record_type)
    head = _head(session, record_type, record_id)
    if head.row_version != expected and not only_calculated(session.uow, record_type, head, expected):
        view = session.access.view(Action.DELETE, record_type)
        raise_changed(session.uow, record_type, head, expected, view)
    if not head.active:
        raise RecordInTrash()
    family = _family(session, record_type, head, ACTIVE)
    act = f"{record_id}:{head.row_version + 1}"
    moved = _move(session, family, TRASHED, "trash", {**(provenance or {}), ACT: act})
    _settle(session, family, back=False)
    return moved


def restore(
    session: Session, record_type: RecordType, record_id: int, provenance: Provenance | None
) -> list[RecordRef]:
    """Bring the record back, with exactly those that went to the trash with it.

    Raises:
        NotInTrash, TrashedWithParent, DuplicateKey, DuplicateRecord, NotFound: see their messages.
    """
    hold(session, session.database(record_type).record_types, [record_id], record_type)
    head = _head(session, record_type, record_id)
    if head.active:
        raise NotInTrash()
    act = _act_of(session, record_type, [head.id])[head.id]
    if act.partition(":")[0] != str(record_id):
        raise TrashedWithParent(record=act.partition(":")[0])
    family = [
        (kind, [member for member in members if acts.get(member.id) == act])
        for kind, members in _family(session, record_type, head, TRASHED)
        if (acts := _act_of(session, kind, [member.id for member in members])) is not None
    ]
    _check_parent(session, record_type, head)
    for kind, members in family:
        if members and not come_back(session.uow, kind, [member.id for member in members]):
            raise DuplicateKey([problems.duplicate_key(kind.key or "")])
    try:
        with session.uow.conn.begin_nested():
            moved = _move(session, family, ACTIVE, "restore", {**(provenance or {}), ACT: act})
    except IntegrityError as error:
        raise _taken(record_type, error) from error
    _settle(session, family, back=True)
    return moved


def _settle(session: Session, family: Family, back: bool) -> None:
    """Bring what is calculated from these records up to date; and themselves, where they come back."""
    kinds = [kind for kind, members in family if members]
    members = [member for _, members in family for member in members]
    settle(
        session, kinds[0], [place for kind in kinds for place in places_of(kind)],
        {member.patient for member in members}, [member.id for member in members],
        [kind.code for kind in kinds] if back else (),
    )  # fmt: skip


def _head(session: Session, record_type: RecordType, record_id: int) -> Stored:
    refuse_owner_written(record_type)
    rows = session.access.rows(Action.DELETE, record_type)
    return load(session.uow, record_type, record_id, rows, fields=(), lock=True)


def _check_parent(session: Session, record_type: RecordType, head: Stored) -> None:
    """A record trashed on its own can't come back under a parent that went to the trash later."""
    if record_type.parent is None or head.parent is None:
        return
    parent_type = session.database(record_type).record_type(record_type.parent)
    main = parent_type.main
    status = session.uow.conn.execute(
        select(main.c.status).where(main.c.id == head.parent).with_for_update(read=True)
    ).scalar_one()
    if status != ACTIVE:
        raise TrashedWithParent(record=head.parent)


def _taken(record_type: RecordType, error: IntegrityError) -> DuplicateKey | DuplicateRecord:
    key = record_type.key
    if key is not None and record_type.key_column().name in str(error.orig):
        return DuplicateKey([problems.duplicate_key(key)])
    return DuplicateRecord([problems.duplicate_record()])


def _family(session: Session, record_type: RecordType, head: Stored, status: str) -> Family:
    """The record and all below it with this status, level by level, a type at a time."""
    family: Family = [(record_type, [Member(head.id, head.row_version, head.patient)])]
    for kind, members in family:  # grows while it is walked
        for child in session.database(kind).children(kind.code):
            if child.storage == "mapped" or not child.tables:
                continue
            below = list(_children(session, child, [member.id for member in members], status))
            if below:
                family.append((child, below))
    return family


def _children(session: Session, child: RecordType, parents: Sequence[int], status: str) -> Iterator[Member]:
    """
    Raises:
        Denied: when one of them is outside the rows that the subject may delete.
    """
    main = child.main
    permitted = session.access.rows(Action.DELETE, child)
    for start in range(0, len(parents), CHUNK):
        within = (main.c.parent.in_(parents[start : start + CHUNK]), main.c.status == status)
        columns = (main.c.id, main.c.row_version, main.c.patient)
        rows = session.uow.conn.execute(select(*columns).where(*within, permitted).with_for_update()).all()
        total = session.uow.conn.execute(select(func.count()).select_from(main).where(*within)).scalar_one()
        if total != len(rows):
            raise Denied(action=Action.DELETE.value, resource=child.path)
        yield from (Member(*row) for row in rows)


def _act_of(session: Session, record_type: RecordType, ids: Sequence[int]) -> dict[int, str]:
    """Record id -> the act that put it into the trash last."""
    found: dict[int, str] = {}
    for start in range(0, len(ids), CHUNK):
        query = (
            select(revision.c.record_id, revision.c.provenance)
            .where(
                revision.c.record_type_id == record_type.number,
                revision.c.record_id.in_(ids[start : start + CHUNK]),
                revision.c.action == "trash",
            )
            .order_by(revision.c.version)
        )
        found.update({row.record_id: str(row.provenance[ACT]) for row in session.uow.conn.execute(query)})
    return found


def _move(
    session: Session, family: Family, status: str, action: str, provenance: dict[str, Any]
) -> list[RecordRef]:
    moved: list[RecordRef] = []
    for kind, members in family:
        if not members:
            continue
        _set_status(session, kind, [member.id for member in members], status)
        steps = [(member.id, member.version + 1, member.patient) for member in members]
        write_plain(session.uow, session.compiled(kind), action, provenance, steps)
        moved += [RecordRef(kind.path, member.id, member.version + 1) for member in members]
    head_type, (head, *_) = family[0]
    detail = {"ids": [head.id], "version": head.version + 1, "count": len(moved)}
    session.note(action, head_type, patients=[head.patient], detail=detail)
    below = {kind.path: [member.id for member in members] for kind, members in family[1:] if members}
    session.announce(action, head_type, [head.id], below)
    return moved


def _set_status(session: Session, kind: RecordType, ids: Sequence[int], status: str) -> None:
    uow, main = session.uow, kind.main
    for start in range(0, len(ids), CHUNK):
        uow.conn.execute(
            update(main)
            .where(main.c.id.in_(ids[start : start + CHUNK]))
            .values(
                status=status,
                row_version=main.c.row_version + 1,
                updated_by=uow.subject.name,
                updated_at=uow.at,
            )
        )

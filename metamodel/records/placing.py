"""Where new records go: their parent, event and repeat key; a set of records at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Row, Select, func, literal, null, select, tuple_

from metamodel.catalogue.model import Database, RecordType
from metamodel.records import problems
from metamodel.records.access import Access
from metamodel.records.draft import Draft
from metamodel.records.problems import Problem
from metamodel.records.system import patient_column
from metamodel.storage.layout import ACTIVE
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action

CHUNK = 1000
LARGEST_REPEAT = 2**31 - 1

Place = tuple[int, str, int]


def find_parents(
    uow: UnitOfWork, access: Access, record_type: RecordType, database: Database, drafts: Sequence[Draft]
) -> None:
    """Give each draft its parent's patient and centre, or a problem.

    The parents are locked against going to the trash until the transaction ends.
    """
    if record_type.parent is None:
        for draft in drafts:
            if draft.new.parent is not None:
                draft.problems.append(problems.parent_refused())
        return
    parent_type = database.record_type(record_type.parent)
    wanted = {draft.new.parent for draft in drafts if draft.new.parent is not None}
    known = _parents(uow, access, parent_type, sorted(wanted))
    elsewhere = _elsewhere(uow, database, parent_type, wanted - known.keys())
    for draft in drafts:
        parent = known.get(draft.new.parent)
        if parent is None:
            wrong = draft.new.parent in elsewhere
            draft.problems.append(
                problems.parent_wrong(parent_type.code) if wrong else problems.parent_missing()
            )
        elif parent.status != ACTIVE:
            draft.problems.append(problems.parent_trashed())
        else:
            draft.patient, draft.centre = parent.patient, parent.centre


def _parents(
    uow: UnitOfWork, access: Access, parent_type: RecordType, ids: list[int]
) -> dict[int | None, Row[Any]]:
    main = parent_type.main
    found: dict[int | None, Row[Any]] = {}
    for start in range(0, len(ids), CHUNK):
        query = _parent_columns(parent_type).where(
            main.c.id.in_(ids[start : start + CHUNK]), access.rows(Action.VIEW, parent_type)
        )
        found.update({row.id: row for row in uow.conn.execute(query.with_for_update(read=True))})
    return found


def _parent_columns(parent_type: RecordType) -> Select[Any]:
    main = parent_type.main
    if parent_type.storage != "mapped":
        return select(main.c.id, main.c.patient, main.c.centre, main.c.status)
    patient = patient_column(parent_type, main)
    return select(
        main.c.id,
        (null() if patient is None else patient).label("patient"),
        null().label("centre"),
        literal(ACTIVE).label("status"),  # its owner keeps no trash
    )


def _elsewhere(
    uow: UnitOfWork, database: Database, parent_type: RecordType, ids: set[int]
) -> set[int | None]:
    """Those of `ids` that are records of another type in this database."""
    found: set[int | None] = set()
    for other in database.record_types if ids else ():
        if other.code != parent_type.code and other.storage != "mapped" and other.tables:
            query = select(other.main.c.id).where(other.main.c.id.in_(sorted(ids)[:CHUNK]))
            found.update(uow.conn.scalars(query))
    return found


def check_events(record_type: RecordType, drafts: Iterable[Draft]) -> None:
    allowed = record_type.events or ("",)
    for draft in drafts:
        if draft.new.event not in allowed:
            draft.problems.append(problems.event_unknown(draft.new.event, record_type.events))


def number_repeats(uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]) -> list[Problem | None]:
    """Set every draft's repeat key; for each draft the problem with it, or None.

    Numbers go on from the highest ever used under the parent and event, trashed records included, so
    that a restored record finds its own place free.
    """
    found: list[Problem | None] = [None] * len(drafts)
    for position, draft in enumerate(drafts):
        draft.repeat_key = 1 if draft.new.repeat_key is None else draft.new.repeat_key
        if draft.repeat_key != 1 and not record_type.repeats:
            found[position] = problems.not_repeating()
        elif not 1 <= draft.repeat_key <= LARGEST_REPEAT:
            found[position] = problems.repeat_key_wrong(LARGEST_REPEAT)
    if record_type.parent is None:
        return found
    if record_type.repeats and any(draft.new.repeat_key is None for draft in drafts):
        _continue_numbers(uow, record_type, drafts)
    taken = _taken(uow, record_type, [_place(draft) for draft in drafts])
    for position, draft in enumerate(drafts):
        if (place := _place(draft)) in taken:
            found[position] = found[position] or problems.duplicate_record()
        taken.add(place)
    return found


def _place(draft: Draft) -> Place:
    return draft.new.parent or 0, draft.new.event, draft.repeat_key


def _continue_numbers(uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]) -> None:
    main = record_type.main
    highest: dict[tuple[int, str], int] = defaultdict(int)
    parents = sorted({draft.new.parent or 0 for draft in drafts})
    for start in range(0, len(parents), CHUNK):
        query = (
            select(main.c.parent, main.c.event, func.max(main.c.repeat_key))
            .where(main.c.parent.in_(parents[start : start + CHUNK]))
            .group_by(main.c.parent, main.c.event)
        )
        highest.update({(parent, event): last for parent, event, last in uow.conn.execute(query)})
    for draft in drafts:
        if draft.new.repeat_key is not None:
            under = (draft.new.parent or 0, draft.new.event)
            highest[under] = max(highest[under], draft.repeat_key)
    for draft in drafts:
        if draft.new.repeat_key is None:
            under = (draft.new.parent or 0, draft.new.event)
            highest[under] += 1
            draft.repeat_key = highest[under]


def _taken(uow: UnitOfWork, record_type: RecordType, places: Sequence[Place]) -> set[Place]:
    main = record_type.main
    columns = (main.c.parent, main.c.event, main.c.repeat_key)
    found: set[Place] = set()
    for start in range(0, len(places), CHUNK):
        query = select(*columns).where(
            tuple_(*columns).in_(places[start : start + CHUNK]), main.c.status == ACTIVE
        )
        found.update((row[0], row[1], row[2]) for row in uow.conn.execute(query))
    return found

"""Grades of examinations: how sensitive a record is, and all below it with it. Most have none: ordinary."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, FromClause, delete, insert, select

from metamodel.catalogue.model import Database, RecordType
from metamodel.tables import record_grade
from zhenshu.db.unit_of_work import UnitOfWork

CHUNK: Final = 500
REMEMBERED: Final = timedelta(minutes=1)
_GRADED: Final = "records.graded"
_c = record_grade.c


def grade_key(record_type: RecordType) -> str:
    """What the record type is called in the table: never a code that a designer may change."""
    if record_type.storage == "mapped":
        return f"{record_type.database}#{record_type.id or record_type.code}"
    return str(record_type.number)


def any_graded(uow: UnitOfWork, database: Database) -> bool:
    """Whether the database has a record above the ordinary grade."""
    query = select(_c.record_id).where(_c.definition_id == database.id).limit(1)
    return uow.conn.execute(query).first() is not None


def known_graded(uow: UnitOfWork, database: Database) -> bool:
    """Whether it may have one: asked of the database until it had, then not for a while.

    To take it for graded when its last grade has just gone shows no more; to take it for ungraded would, so
    that is never remembered.
    """
    seen: dict[int, datetime] = uow.instance.memo.setdefault(_GRADED, {})
    last = seen.get(database.id)
    if last is not None and abs(uow.at - last) < REMEMBERED:
        return True
    found = any_graded(uow, database)
    if found:
        seen[database.id] = uow.at
    return found


def above(record_type: RecordType, grade: int, main: FromClause) -> ColumnElement[bool]:
    """The rows of `main` with a higher grade."""
    query = select(_c.record_id).where(
        _c.record_type == grade_key(record_type), _c.record_id == main.c.id, _c.grade > grade
    )
    return query.correlate(main).exists()


def grades_of(uow: UnitOfWork, record_type: RecordType, ids: Sequence[int]) -> Mapping[int, int]:
    """The grades of those records that have one above the ordinary."""
    found: dict[int, int] = {}
    for part in _chunks(sorted(set(ids))):
        query = select(_c.record_id, _c.grade).where(
            _c.record_type == grade_key(record_type), _c.record_id.in_(part)
        )
        found.update((row.record_id, row.grade) for row in uow.conn.execute(query))
    return found


def inherit(
    uow: UnitOfWork, database: Database, record_type: RecordType, parents: Mapping[int, int | None]
) -> None:
    """Give new records (id -> parent's id) the grade of the record they lie below."""
    if record_type.parent is None or not any_graded(uow, database):
        return
    parent_type = database.record_type(record_type.parent)
    known = grades_of(uow, parent_type, [each for each in parents.values() if each is not None])
    rows = [
        _row(uow, database, record_type, record, 0, known[parent])
        for record, parent in parents.items()
        if parent is not None and parent in known
    ]
    if rows:
        uow.conn.execute(insert(record_grade), rows)


def write_grades(
    uow: UnitOfWork, database: Database, record_type: RecordType, parents: Mapping[int, int | None],
    grade: int,
) -> int:  # fmt: skip
    """Set the own grade of records (id -> parent's id); those below follow. How many these are."""
    inherited: Mapping[int, int] = {}
    if record_type.parent is not None:
        above_them = [each for each in parents.values() if each is not None]
        inherited = grades_of(uow, database.record_type(record_type.parent), above_them)
    effective = {
        each: max(grade, 0 if parent is None else inherited.get(parent, 0))
        for each, parent in parents.items()
    }
    _put(uow, database, record_type, {each: (grade, reached) for each, reached in effective.items()})
    return _hand_down(uow, database, record_type, effective)


def _hand_down(
    uow: UnitOfWork, database: Database, record_type: RecordType, grades: Mapping[int, int]
) -> int:
    changed = 0
    for child in database.children(record_type.code):
        if child.storage == "mapped" or not child.tables:
            continue
        below: dict[int, int] = {}
        for part in _chunks(sorted(grades)):
            query = select(child.main.c.id, child.main.c.parent).where(child.main.c.parent.in_(part))
            below.update((row.id, grades[row.parent]) for row in uow.conn.execute(query))
        own = own_grades(uow, child, list(below))
        wanted = {each: (own.get(each, 0), max(own.get(each, 0), grade)) for each, grade in below.items()}
        _put(uow, database, child, wanted)
        changed += len(wanted)
        if wanted:
            effective = {each: pair[1] for each, pair in wanted.items()}
            changed += _hand_down(uow, database, child, effective)
    return changed


def own_grades(uow: UnitOfWork, record_type: RecordType, ids: Sequence[int]) -> dict[int, int]:
    """The grades that were set on those records themselves, where there is one for them or above them."""
    found: dict[int, int] = {}
    for part in _chunks(ids):
        query = select(_c.record_id, _c.own).where(
            _c.record_type == grade_key(record_type), _c.record_id.in_(part)
        )
        found.update((row.record_id, row.own) for row in uow.conn.execute(query))
    return found


def _put(
    uow: UnitOfWork, database: Database, record_type: RecordType, grades: Mapping[int, tuple[int, int]]
) -> None:
    for part in _chunks(sorted(grades)):
        mine = _c.record_type == grade_key(record_type), _c.record_id.in_(part)
        uow.conn.execute(delete(record_grade).where(*mine))
        rows = [_row(uow, database, record_type, each, *grades[each]) for each in part if grades[each][1]]
        if rows:
            uow.conn.execute(insert(record_grade), rows)


def _row(
    uow: UnitOfWork, database: Database, record_type: RecordType, record_id: int, own: int, grade: int
) -> dict[str, Any]:
    return {
        "record_type": grade_key(record_type),
        "record_id": record_id,
        "definition_id": database.id,
        "own": own,
        "grade": grade,
        "set_by_name": uow.subject.name,
        "set_at": uow.at,
    }


def _chunks(ids: Iterable[int]) -> Iterable[list[int]]:
    listed = list(ids)
    return (listed[start : start + CHUNK] for start in range(0, len(listed), CHUNK))

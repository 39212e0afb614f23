"""The act of grading records: who may, what follows, what was done before, how many there are."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal

from sqlalchemy import Row, func, null, select, true

from metamodel.catalogue.model import Database, RecordType
from metamodel.records.grades import grade_key, grades_of, own_grades, write_grades
from metamodel.records.session import Session
from metamodel.records.system import system_columns
from metamodel.storage.layout import ACTIVE
from metamodel.tables import record_grade
from zhenshu.audit import audit_entry, audit_patient
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.policy import Action, Denied

CHUNK: Final = 500
REMEMBERED: Final = 5000  # acts on a record type that are looked through for those on one record

Why = Literal["gone", "lowering", "raising"]


@dataclass(frozen=True, slots=True)
class Graded:
    """What became of several records: how many changed, how many had the grade, what was left as it was."""

    changed: int
    same: int
    below: int
    left: Mapping[int, Why]


@dataclass(frozen=True, slots=True)
class GradeAct:
    """One act of grading, as the trail has it."""

    at: datetime
    by: str
    before: int
    grade: int
    below: int
    together: int  # how many records were graded at once
    reason: str


@dataclass(frozen=True, slots=True)
class Standing:
    """The grade of a record, where it comes from, and what the subject may do about it."""

    grade: int
    own: int
    source: tuple[RecordType, int] | None  # the record above whose grade it has
    may_raise: bool
    may_lower: bool


def set_grade(
    uow: UnitOfWork, database: Database, record_type: RecordType, record_id: int, grade: int
) -> tuple[int, int]:
    """Set a record's own grade; its grade then, and how many below it follow.

    It never becomes lower than that of the record above it. Whoever raises it beyond what their own grants
    reach does not see it any more.

    Raises:
        NotFound: when it is in the trash, or not among the rows that the subject may edit (to raise) or
            approve (to lower).
        Denied: when the subject may do so with no record of the type.
    """
    before = grades_of(uow, record_type, [record_id])
    action = Action.APPROVE if grade < before.get(record_id, 0) else Action.EDIT
    session = Session(uow)
    seen = _rows(session, Action.VIEW, record_type, [record_id])
    rows = seen and _rows(session, action, record_type, [record_id])
    if not rows:
        raise NotFound(kind="record", kind_zh="记录", name=record_id)
    below = _write(session, database, record_type, rows, grade, before)
    return grades_of(uow, record_type, [record_id]).get(record_id, 0), below


def set_grades(
    uow: UnitOfWork, database: Database, record_type: RecordType, ids: Sequence[int], grade: int
) -> Graded:
    """Set the own grade of several records. Those that the subject may not grade so are left as they are.

    Raises:
        Denied: when the subject may view no record of the type.
    """
    session = Session(uow)
    seen = _rows(session, Action.VIEW, record_type, sorted(set(ids)))
    wanted = sorted(seen)  # nothing is told of others, least of all their grade
    before, own = grades_of(uow, record_type, wanted), own_grades(uow, record_type, wanted)
    lowered = {each for each in wanted if grade < before.get(each, 0)}
    rows: dict[int, Row[tuple[int, int, int]]] = {}
    left: dict[int, Why] = {each: "gone" for each in ids if each not in seen}
    turns: tuple[tuple[Action, Why, list[int]], ...] = (
        (Action.EDIT, "raising", [each for each in wanted if each not in lowered]),
        (Action.APPROVE, "lowering", sorted(lowered)),
    )
    for action, why, part in turns:
        try:
            found = _rows(session, action, record_type, part) if part else {}
            left |= {each: "gone" for each in part if each not in found}
        except Denied:
            found = {}
            left |= dict.fromkeys(part, why)
        rows |= found
    changing = {each: row for each, row in rows.items() if own.get(each, 0) != grade}
    below = _write(session, database, record_type, changing, grade, before) if changing else 0
    return Graded(len(changing), len(rows) - len(changing), below, left)


def standing_of(uow: UnitOfWork, database: Database, record_type: RecordType, record_id: int) -> Standing:
    """
    Raises:
        NotFound: when the subject may not view the record.
        Denied: when the subject may view no record of the type.
    """
    session = Session(uow)
    row = _rows(session, Action.VIEW, record_type, [record_id]).get(record_id)
    if row is None:
        raise NotFound(kind="record", kind_zh="记录", name=record_id)
    grade = grades_of(uow, record_type, [record_id]).get(record_id, 0)
    own = own_grades(uow, record_type, [record_id]).get(record_id, 0)
    source = _source(uow, database, record_type, row.parent, grade) if own < grade else None
    may = {each: _may(session, each, record_type, record_id) for each in (Action.EDIT, Action.APPROVE)}
    return Standing(grade, own, source, may[Action.EDIT], may[Action.APPROVE])


def grade_acts(uow: UnitOfWork, record_type: RecordType, record_id: int) -> list[GradeAct]:
    """What the trail still has of the record's grading, the newest first. For who may grade it."""
    patient = system_columns(record_type).get("patient")
    c = audit_entry.c
    query = select(c.at, c.subject_name, c.detail, c.purpose).where(
        c.action == "grade", c.resource == record_type.path
    )
    if patient is not None:
        whose = uow.conn.scalar(select(patient).where(record_type.main.c.id == record_id))
        if whose is not None:
            about = select(audit_patient.c.entry_id).where(audit_patient.c.patient_id == whose)
            query = query.where(c.id.in_(about))
    rows = uow.conn.execute(query.order_by(c.id.desc()).limit(REMEMBERED))
    return [_act(row) for row in rows if record_id in row.detail["ids"]]


def grade_counts(uow: UnitOfWork, record_type: RecordType) -> dict[int, int]:
    """How many records of the type have each grade above the ordinary, those in the trash left out."""
    main, c = record_type.main.c, record_grade.c
    here = main.status == ACTIVE if "status" in main else true()
    query = (
        select(c.grade, func.count())
        .join(record_type.main, main.id == c.record_id)
        .where(c.record_type == grade_key(record_type), here)
        .group_by(c.grade)
    )
    return {grade: number for grade, number in uow.conn.execute(query)}


def _act(row: Any) -> GradeAct:
    detail = row.detail
    return GradeAct(
        row.at, row.subject_name, detail["before"], detail["grade"], detail["below"], len(detail["ids"]),
        row.purpose,
    )  # fmt: skip


def _source(
    uow: UnitOfWork, database: Database, record_type: RecordType, parent: int | None, grade: int
) -> tuple[RecordType, int] | None:
    """The nearest record above that was given this grade itself."""
    while record_type.parent is not None and parent is not None:
        record_type = database.record_type(record_type.parent)
        if own_grades(uow, record_type, [parent]).get(parent, 0) >= grade:
            return record_type, parent
        main = record_type.main.c
        parent = uow.conn.scalar(select(main.parent).where(main.id == parent)) if "parent" in main else None
    return None


def _may(session: Session, action: Action, record_type: RecordType, record_id: int) -> bool:
    try:
        return bool(_rows(session, action, record_type, [record_id]))
    except Denied:
        return False


def _write(
    session: Session, database: Database, record_type: RecordType, rows: Mapping[int, Row[Any]], grade: int,
    before: Mapping[int, int],
) -> int:  # fmt: skip
    """One entry in the trail for each grade that records had before; how many below follow."""
    alike: dict[int, dict[int, int | None]] = defaultdict(dict)
    for each, row in rows.items():
        alike[before.get(each, 0)][each] = row.parent
    total = 0
    for was, parents in alike.items():
        below = write_grades(session.uow, database, record_type, parents, grade)
        detail = {"ids": sorted(parents), "grade": grade, "before": was, "below": below}
        patients = [rows[each].patient for each in parents]
        session.note("grade", record_type, patients=patients, detail=detail)
        total += below
    return total


def _rows(
    session: Session, action: Action, record_type: RecordType, ids: Sequence[int]
) -> dict[int, Row[tuple[int, int, int]]]:
    """Those of the records that the subject may do `action` with."""
    columns = system_columns(record_type)
    wanted = [columns[name] if name in columns else null().label(name) for name in ("parent", "patient")]
    within = session.access.rows(action, record_type)
    here = columns["status"] == ACTIVE if "status" in columns else true()
    found: dict[int, Row[tuple[int, int, int]]] = {}
    for start in range(0, len(ids), CHUNK):
        query = select(columns["id"], *wanted).where(
            columns["id"].in_(ids[start : start + CHUNK]), within, here
        )
        found |= {row.id: row for row in session.uow.conn.execute(query)}
    return found

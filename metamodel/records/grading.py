"""The act of grading a record."""

from __future__ import annotations

from sqlalchemy import Row, null, select, true

from metamodel.catalogue.model import Database, RecordType
from metamodel.records.grades import grades_of, write_grade
from metamodel.records.session import Session
from metamodel.records.system import system_columns
from metamodel.storage.layout import ACTIVE
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.policy import Action


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
    session = Session(uow)
    before = grades_of(uow, record_type, [record_id]).get(record_id, 0)
    action = Action.APPROVE if grade < before else Action.EDIT
    row = _row(session, action, record_type, record_id)
    below = write_grade(uow, database, record_type, record_id, row.parent, grade)
    after = grades_of(uow, record_type, [record_id]).get(record_id, 0)
    detail = {"ids": [record_id], "grade": grade, "before": before, "below": below}
    session.note("grade", record_type, patients=[row.patient], detail=detail)
    return after, below


def _row(session: Session, action: Action, record_type: RecordType, record_id: int) -> Row[tuple[int, int]]:
    columns = system_columns(record_type)
    wanted = [columns[name] if name in columns else null().label(name) for name in ("parent", "patient")]
    within = session.access.rows(action, record_type)
    here = columns["status"] == ACTIVE if "status" in columns else true()
    query = select(*wanted).where(record_type.main.c.id == record_id, within, here)
    found = session.uow.conn.execute(query).one_or_none()
    if found is None:
        raise NotFound(kind="record", kind_zh="记录", name=record_id)
    return found

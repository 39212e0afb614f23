"""Pages and counts of records. A page finds the ids first, through the columns the filter needs alone;
the rows of those few ids are then read whole, whatever the number of parts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from metamodel.catalogue.model import Catalogue, RecordType
from metamodel.masking import View
from metamodel.queries import cursor
from metamodel.queries.conditions import Filter
from metamodel.queries.order import Term, after, order_terms
from metamodel.queries.rows import Record, shaper
from metamodel.queries.shapes import LARGEST_PAGE, Page, RecordQuery
from metamodel.records.errors import ClearReadNeedsWrite
from metamodel.records.rowreader import row_reader
from metamodel.records.session import Session
from rules_dsl import Tree
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import Invalid
from zhenshu.security.policy import Action


def page(uow: UnitOfWork, query: RecordQuery, catalogue: Catalogue | None = None) -> Page:
    """The records of one page.

    Raises:
        QueryWrong, QueryNotAllowed, CursorWrong, NotFound, Denied: see their messages.
        ClearReadNeedsWrite: when identifying fields are shown in clear in a read unit; ask `needs_write`
            first.
    """
    session = _session(uow, query.type, query.parent, catalogue)
    view = viewed(session, query)
    _check_limit(query.limit)
    terms = order_terms(session, query.type, query.order)
    found = _find(session, query, terms)
    more = len(found) > query.limit
    keys = found[: query.limit]
    records = _fetch(uow, query.type, view, [row[-1] for row in keys])
    note_clear(session, query.type, view, records)
    following = cursor.write(uow, query, terms, keys[-1]) if more else None
    return Page(records, following)


def count(
    uow: UnitOfWork, type: RecordType, where: str | Tree | None = None, trashed: bool = False,
    catalogue: Catalogue | None = None, parent: int | None = None,
) -> int:  # fmt: skip
    """How many records the subject may see for which `where` is true; of one parent, if that is given."""
    session = _session(uow, type, parent, catalogue)
    rows = Filter(session, type, where, trashed, parent=parent)
    session.note_browsing(type)
    query = select(func.count()).select_from(rows.source).where(*rows.condition)
    return uow.conn.execute(query).scalar_one()


def needs_write(uow: UnitOfWork, query: RecordQuery, record: int | None = None) -> bool:
    """Whether `query`, or one `record`, shows identifying fields in clear, and needs a write unit."""
    session = _session(uow, query.type, query.parent)
    if record is not None:
        session.access.look_at(query.type, record)
    return bool(viewed(session, query).identifies)


def _session(
    uow: UnitOfWork, record_type: RecordType, parent: int | None, catalogue: Catalogue | None = None
) -> Session:
    """Records below one are all of its patient."""
    session = Session(uow, catalogue)
    if parent is not None and record_type.parent is not None:
        session.access.look_at(session.database(record_type).record_type(record_type.parent), parent)
    return session


def viewed(session: Session, query: RecordQuery, action: Action = Action.VIEW) -> View:
    return session.access.view(action, query.type, query.select)


def note_clear(session: Session, record_type: RecordType, view: View, records: Sequence[Record]) -> None:
    """Audit identifying fields shown in clear, each time; that records are seen at all, now and again.

    Raises:
        ClearReadNeedsWrite: when there are some in a unit that can't write.
    """
    if not view.identifies:
        session.note_browsing(record_type)
        return
    if not session.uow.writes:
        raise ClearReadNeedsWrite(type=record_type.path)
    if records:
        patients = [record.get("patient") for record in records]
        detail = {"count": len(records)}
        session.note("read", record_type, patients=patients, fields=view.identifies, detail=detail)


def _check_limit(limit: int) -> None:
    if not 1 <= limit <= LARGEST_PAGE:
        raise Invalid(
            reason=f"a page has 1 to {LARGEST_PAGE} rows", reason_zh=f"每页条数应在 1 到 {LARGEST_PAGE} 之间"
        )


def _find(session: Session, query: RecordQuery, terms: Sequence[Term]) -> Sequence[Sequence[Any]]:
    """Values of the order's terms, id last, of the records of the page and one more."""
    rows = Filter(session, query.type, query.where, query.trashed, parent=query.parent)
    for name, _ in query.order:
        item = query.type.by_code.get(name)
        if item is not None and item.place is not None:
            rows.columns.parts.add(item.place.part)
    condition = rows.condition
    if query.after is not None:
        condition = (*condition, after(terms, cursor.read(session.uow, query, terms)))
    statement = (
        select(*(term.column for term in terms))
        .select_from(rows.source)
        .where(*condition)
        .order_by(*(term.clause() for term in terms))
        .limit(query.limit + 1)
    )
    if query.skip:
        statement = statement.offset(query.skip)
    return session.uow.conn.execute(statement).all()


def _fetch(uow: UnitOfWork, record_type: RecordType, view: View, ids: Sequence[int]) -> list[Record]:
    """The records with these ids, in this order."""
    if not ids:
        return []
    reader = row_reader(uow, record_type, view.visible)
    return shaper(record_type, view, reader.names)(reader.read(uow, ids))

"""All records of a query, batch by batch, for exports: memory stays flat whatever their number."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import select

from metamodel.catalogue.model import Catalogue, RecordType
from metamodel.masking import View
from metamodel.queries.conditions import Filter
from metamodel.queries.order import order_terms
from metamodel.queries.pages import note_clear, viewed
from metamodel.queries.rows import Record, opener_of, parts_of, shaper, shown_columns
from metamodel.queries.shapes import RecordQuery
from metamodel.records.session import Session
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action


def stream(
    uow: UnitOfWork, query: RecordQuery, batch: int = 1000, catalogue: Catalogue | None = None,
    action: Action = Action.EXPORT,
) -> Iterator[list[Record]]:  # fmt: skip
    """The records in lists of at most `batch`; `query.after` and `query.limit` do not count.

    Identifying fields in clear are audited batch by batch before the batch is handed out: in the unit
    itself where it writes, else in short write units beside it.

    Raises:
        QueryWrong, QueryNotAllowed, NotFound, Denied: before the first batch.
    """
    session = Session(uow, catalogue)
    view = viewed(session, query, action)
    rows = Filter(session, query.type, query.where, query.trashed, action, query.parent)
    terms = order_terms(session, query.type, query.order)
    rows.columns.parts |= parts_of(view)
    rows.columns.parts |= {
        item.place.part
        for name, _ in query.order
        if (item := query.type.by_code.get(name)) is not None and item.place is not None
    }
    names, columns = shown_columns(query.type, view)
    statement = (
        select(*columns)
        .select_from(rows.source)
        .where(*rows.condition)
        .order_by(*(term.clause() for term in terms))
        .execution_options(yield_per=batch)
    )

    def batches() -> Iterator[list[Record]]:
        shape = shaper(query.type, view, names)
        opener = opener_of(query.type, view, names)
        for part in uow.conn.execute(statement).partitions():
            rows: Sequence[Sequence[Any]] = part
            if opener is not None:
                opened = [list(row) for row in part]
                opener.open(uow, opened)
                rows = opened
            records = shape(rows)
            _note(session, query.type, view, records)
            yield records

    return batches()


def _note(session: Session, record_type: RecordType, view: View, records: Sequence[Record]) -> None:
    uow = session.uow
    if uow.writes or not view.identifies:
        note_clear(session, record_type, view, records)
        return
    with uow.instance.write(uow.subject, uow.channel, uow.purpose, uow.request_id) as beside:
        note_clear(Session(beside), record_type, view, records)

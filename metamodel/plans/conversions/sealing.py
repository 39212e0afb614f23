"""Sealing what history holds of a field that becomes identifying.

The database refuses any change of a revision but this one: a field that `revision_sealing` names leaves the
clear part, and the rest stays as it is. Whoever reads a revision reads both parts, so sealing one shows to
nobody; it may stay when the plan is given up.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Row, delete, func, insert, literal, select, update

from metamodel.plans.conversions.work import Work
from metamodel.records.bulk import encode_json
from metamodel.records.history import seal_context
from metamodel.tables import revision, revision_sealing
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.patients import load_keys
from zhenshu.security.secrets import seal, unseal

BATCH: Final = 2_000  # revisions a transaction


def permit(conn: Connection, number: int, field_id: str) -> None:
    row = {"record_type_id": number, "field_id": field_id}
    conn.execute(insert(revision_sealing).values(row))


def forbid(conn: Connection, number: int, field_id: str) -> None:
    c = revision_sealing.c
    conn.execute(delete(revision_sealing).where(c.record_type_id == number, c.field_id == field_id))


def last_revision(conn: Connection) -> int:
    return int(conn.execute(select(func.coalesce(func.max(revision.c.id), 0))).scalar_one())


def seal_next(uow: UnitOfWork, work: Work, after: int) -> int | None:
    """Seal among the revisions that follow the id `after`; the last id, or None when there was none."""
    c = revision.c
    here = (c.record_type_id == work.source.number) & (c.id > after)
    rows = uow.conn.execute(_rows().where(here).order_by(c.id).limit(BATCH)).all()
    if not rows:
        return None
    _seal(uow, work, [row for row in rows if work.field_id in row.diff])
    return int(rows[-1].id)


def seal_rest(uow: UnitOfWork, work: Work, after: int, until: int | None = None) -> None:
    """Seal every revision with an id above `after`, up to `until`, that has the field in clear still."""
    c = revision.c
    where = (c.record_type_id == work.source.number) & (c.id > after) & _holds(uow, work.field_id)
    if until is not None:
        where = where & (c.id <= until)
    while rows := uow.conn.execute(_rows().where(where).order_by(c.id).limit(BATCH)).all():
        _seal(uow, work, rows)


def _rows() -> Any:
    c = revision.c
    return select(c.id, c.record_id, c.version, c.patient, c.diff, c.sealed)


def _holds(uow: UnitOfWork, field_id: str) -> ColumnElement[bool]:
    if uow.sqlite:
        return func.json_type(revision.c.diff, f'$."{field_id}"').is_not(None)
    return func.jsonb_exists(revision.c.diff, literal(field_id))


def _seal(uow: UnitOfWork, work: Work, rows: Sequence[Row[Any]]) -> None:
    keys = load_keys(uow, {row.patient for row in rows if row.patient is not None})
    without: Any = (
        func.json_remove(revision.c.diff, f'$."{work.field_id}"')
        if uow.sqlite
        else revision.c.diff.op("-")(literal(work.field_id))
    )
    for row in rows:
        key = keys.get(row.patient)
        sealed = row.sealed
        if key is not None:  # of a patient who was forgotten nothing stays
            context = seal_context(row.record_id, row.version)
            held = {} if sealed is None else json.loads(unseal(key, bytes(sealed), context))
            held[work.field_id] = row.diff[work.field_id]
            sealed = seal(key, encode_json(held).encode(), context)
        change = update(revision).where(revision.c.id == row.id).values(diff=without, sealed=sealed)
        uow.conn.execute(change)

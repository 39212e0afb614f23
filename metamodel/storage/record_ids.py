"""Record ids: unique over the whole platform, ascending, never used twice."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, select, text, update

from metamodel.tables import record_id_counter
from zhenshu.db.unit_of_work import UnitOfWork

_NEXT = text("SELECT nextval('record_id_seq') FROM generate_series(1, :count)")
_LAST = text("SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END FROM record_id_seq")


def next_record_ids(uow: UnitOfWork, count: int) -> Sequence[int]:
    """`count` fresh record ids, ascending. Ids of a transaction that rolls back may stay unused."""
    if count < 1:
        return ()
    if not uow.sqlite:
        return uow.conn.execute(_NEXT, {"count": count}).scalars().all()
    counter = record_id_counter.c
    take = update(record_id_counter).where(counter.id == 1).values(next=counter.next + count)
    end = uow.conn.execute(take.returning(counter.next)).scalar_one()
    return range(end - count, end)


def last_record_id(conn: Connection) -> int:
    """The highest id given out so far; 0 before the first. Another writer may be about to take more."""
    if conn.dialect.name == "sqlite":
        following = select(record_id_counter.c.next - 1).where(record_id_counter.c.id == 1)
        return int(conn.execute(following).scalar_one())
    return int(conn.execute(_LAST).scalar_one())

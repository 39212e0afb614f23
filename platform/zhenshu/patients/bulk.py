"""Many rows of the patient index in one statement."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam, func, insert, literal, select
from sqlalchemy.dialects.postgresql import ARRAY

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.patients.index import patient


def insert_columns(uow: UnitOfWork, table: Table, columns: dict[str, Sequence[Any]]) -> None:
    """Insert rows given column by column, all of one length."""
    if uow.sqlite:
        rows = [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
        if rows:
            uow.conn.execute(insert(table), rows)
        return
    # One array per column: several times faster than a statement's parameters row by row.
    arrays = [bindparam(name, type_=ARRAY(table.c[name].type)) for name in columns]
    source = func.unnest(*arrays).table_valued(*columns).render_derived()
    uow.conn.execute(
        insert(table).from_select(list(columns), select(*(source.c[name] for name in columns))),
        {name: list(values) for name, values in columns.items()},
    )


def insert_patients(uow: UnitOfWork, count: int) -> list[int]:
    """Make `count` patients; their ids, ascending."""
    series = select(literal(1).label("n")).cte("series", recursive=True)
    series = series.union_all(select(series.c.n + 1).where(series.c.n < count))
    made = select(literal(uow.at, patient.c.created_at.type)).select_from(series)
    statement = insert(patient).from_select(["created_at"], made).returning(patient.c.id)
    return sorted(uow.conn.scalars(statement))

"""Giving the records there are their row in each new part of their record type."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, TableClause, column, func, insert, select, table

from metamodel.plans.store import Plan

BATCH = 20_000  # records a transaction, so that writers never wait long


@dataclass(frozen=True, slots=True)
class NewPart:
    """A part that this plan has made, beside its record type's main table."""

    main: TableClause
    part: TableClause


def new_parts(plan: Plan) -> Iterator[NewPart]:
    """The parts that existing record types got from `plan`."""
    for inverse in plan.inverse:
        if inverse["kind"] == "drop_fields":
            for name in inverse["tables"]:
                yield NewPart(_ids(name.rpartition("_p")[0]), _ids(name))


def fill_batch(conn: Connection, part: NewPart) -> int:
    """Add the next rows that are missing, in the order of ids; gives how many there were."""
    reached = conn.execute(select(func.coalesce(func.max(part.part.c.id), 0))).scalar_one()
    following = select(part.main.c.id).where(part.main.c.id > reached)
    rows = following.order_by(part.main.c.id).limit(BATCH)
    fill = insert(part.part).from_select(["id"], rows)
    return conn.execute(fill, execution_options={"preserve_rowcount": True}).rowcount


def fill_gaps(conn: Connection, part: NewPart, after: int, until: int | None = None) -> None:
    """Add every row that is missing among the ids after `after`, up to `until`.

    Two transactions may commit in another order than they took their ids; the batches miss the later one.
    """
    there = select(part.part.c.id).where(part.part.c.id == part.main.c.id).exists()
    rows = select(part.main.c.id).where(part.main.c.id > after, ~there)
    if until is not None:
        rows = rows.where(part.main.c.id <= until)
    conn.execute(insert(part.part).from_select(["id"], rows))


def _ids(name: str) -> TableClause:
    return table(name, column("id", BigInteger))

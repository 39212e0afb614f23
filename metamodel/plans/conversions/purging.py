"""The job `records.purge_column`: a column that no release uses is emptied batch by batch, then dropped.

Emptied first, so that the values leave the rows, too, and not only the table's description; what is left to
drop is short. What is committed stays when its worker dies; it goes on from there.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from functools import partial
from typing import Any, Final

from sqlalchemy import MetaData, Table, delete, or_, select, update

from metamodel.plans.conversions.batches import GIVE_WAY, batch_of
from metamodel.plans.exclusive import SHORT_LOCK, patiently
from metamodel.plans.store import open_plans
from metamodel.storage.columns import StoredColumn, find_column
from metamodel.storage.ddl import column_names, drop_columns
from metamodel.storage.layout import build_table, table_name
from metamodel.tables import conversion_failure, storage_column, storage_record_type
from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import Conflict
from zhenshu.jobs import JobKind, JobRun

PURGE: Final = "records.purge_column"


class ColumnInUse(Conflict):
    """{column} is in use by the live release or a publish at work. Nothing was changed; try again later."""

    zh = "{column} 正由当前发布版本或正在进行的发布使用，不能清除。未作任何修改，请稍后再试。"


def run_purge(run: JobRun) -> Mapping[str, Any]:
    """Arguments: `database`, and `column`, its id in the book. The result tells how many rows were emptied.

    Raises:
        ColumnInUse: when a release uses the column.
    """
    seen: int = run.cursor.get("seen", 0)
    after: int = run.cursor.get("after", 0)
    while True:
        with run.write() as uow:
            table = _table(uow, run.args["column"])
            if table is None:
                return {"records": seen}
            last, emptied = _empty_next(uow, *table, after)
            seen, after = seen + emptied, last or after
            run.checkpoint(seen, None, {"seen": seen, "after": after}, uow)
        if last is None:
            break
        if uow.sqlite:
            time.sleep(GIVE_WAY)
    patiently(partial(_drop, run), retry=not uow.sqlite)
    return {"records": seen}


def _table(uow: UnitOfWork, column_id: int) -> tuple[StoredColumn, Table] | None:
    """The column and its table; None when it is gone already."""
    column = find_column(uow.conn, column_id)
    if column is None:
        return None
    c = storage_record_type.c
    definition_id = uow.conn.execute(select(c.definition_id).where(c.id == column.number)).scalar_one()
    if column.state == "live" or _read_by_a_plan(uow, definition_id, column_id):
        raise ColumnInUse(column=column.name)
    name = table_name(definition_id, column.number, column.part)
    return column, build_table(name, column.part, column.physical(), MetaData())


def _read_by_a_plan(uow: UnitOfWork, definition_id: int, column_id: int) -> bool:
    """Whether a publish at work converts from the column, or back to it."""
    begun = [item for plan in open_plans(uow.conn, definition_id) for item in plan.inverse]
    return any(column_id in (item.get("source"), item.get("origin")) for item in begun)


def _empty_next(uow: UnitOfWork, column: StoredColumn, table: Table, after: int) -> tuple[int | None, int]:
    names = [name for name, _ in column.physical()]
    held = or_(*(table.c[name].is_not(None) for name in names))
    query = select(table.c.id).where(table.c.id > after, held).order_by(table.c.id).limit(batch_of(uow))
    ids = list(uow.conn.execute(query).scalars())
    if not ids:
        return None, 0
    here = (table.c.id > after) & (table.c.id <= ids[-1]) & held
    uow.conn.execute(update(table).where(here).values(dict.fromkeys(names)))
    return ids[-1], len(ids)


def _drop(run: JobRun) -> None:
    with run.write() as uow:
        if not uow.sqlite:
            uow.conn.execute(SHORT_LOCK)
        found = _table(uow, run.args["column"])
        if found is None:
            return
        column, table = found
        there = column_names(uow.conn, table.name)
        drop_columns(uow.conn, table.name, [name for name, _ in column.physical() if name in there])
        uow.conn.execute(delete(storage_column).where(storage_column.c.id == column.id))
        failures = conversion_failure.c.column_id == column.id
        uow.conn.execute(delete(conversion_failure).where(failures))
        detail = {"field": column.field_id, "column": column.name, "job": run.id}
        record(uow, "purge", "database", run.args["database"], detail=detail)


PURGING: Final = JobKind(PURGE, {"zh": "清除旧列", "en": "Purge an old column"}, run_purge)

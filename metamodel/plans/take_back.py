"""Taking back what a plan has expanded: each logged inverse, the latest first.

Nothing here is ever done after the swap, so no table or column that goes can hold a value.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, delete, update

from metamodel.plans.conversions.log import drop_log
from metamodel.plans.conversions.sealing import forbid
from metamodel.storage.columns import release_columns
from metamodel.storage.ddl import (
    column_names,
    drop_columns,
    drop_index,
    drop_table,
    index_names,
    table_exists,
)
from metamodel.tables import conversion_failure, storage_column, storage_record_type

Inverse = Mapping[str, Any]


def take_back(conn: Connection, inverse: Inverse) -> None:
    """Undo one applied operation in the caller's transaction. What is gone already stays gone."""
    _ACTS[inverse["kind"]](conn, inverse)


def _drop_record_type(conn: Connection, inverse: Inverse) -> None:
    for table in inverse["tables"]:
        _drop_table(conn, table)
    number = inverse["number"]
    conn.execute(delete(storage_column).where(storage_column.c.record_type_id == number))
    conn.execute(delete(storage_record_type).where(storage_record_type.c.id == number))


def _drop_fields(conn: Connection, inverse: Inverse) -> None:
    for table in inverse["tables"]:
        _drop_table(conn, table)
    for table in {table for table, _ in inverse["columns"]}:
        there = column_names(conn, table)
        names = [name for where, name in inverse["columns"] if where == table and name in there]
        drop_columns(conn, table, names)
    release_columns(conn, inverse["column_ids"])
    here = storage_record_type.c.id == inverse["number"]
    conn.execute(update(storage_record_type).where(here).values(parts=inverse["parts"]))


def _drop_conversion(conn: Connection, inverse: Inverse) -> None:
    drop_log(conn, inverse["log"], inverse["tables"])
    if "seals" in inverse:
        forbid(conn, inverse["number"], inverse["seals"])
    conn.execute(delete(conversion_failure).where(conversion_failure.c.column_id == inverse["column"]))


def _drop_index(conn: Connection, inverse: Inverse) -> None:
    if inverse["index"] in index_names(conn, inverse["table"]):
        drop_index(conn, inverse["index"], inverse["table"])


def _drop_table(conn: Connection, table: str) -> None:
    if table_exists(conn, table):
        drop_table(conn, table)


_ACTS: Mapping[str, Callable[[Connection, Inverse], None]] = {
    "drop_record_type": _drop_record_type,
    "drop_fields": _drop_fields,
    "drop_index": _drop_index,
    "drop_conversion": _drop_conversion,
}

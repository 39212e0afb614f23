"""Comparing the tables in the database with what the live releases say is there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from alembic.migration import MigrationContext
from sqlalchemy import Column, Connection, MetaData, Table, func, inspect, select, table

from metamodel.storage.columns import StoredColumn, stored_columns
from metamodel.storage.layout import build_keyed_table, build_table
from metamodel.tables import definition, definition_release
from metamodel.tables import plan as plan_table
from zhenshu.db.metadata import platform_metadata
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.rooms import Check
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

# A plan is past these only when nothing of it is left to do or to take back.
_OPEN = ("planned", "expanded", "backfilled", "verified", "failed")


def check_storage(instance: Instance) -> Sequence[str]:
    """What is wrong, a line each: columns missing or of another type, parts with unequal rows, plans that
    stopped half-way."""
    with instance.read(SYSTEM, Channel.API) as uow:
        return [*_releases(uow), *_stopped_plans(uow)]


STORAGE_CHECK = Check("storage", check_storage)


def _releases(uow: UnitOfWork) -> Iterator[str]:
    c = definition_release.c
    query = select(definition.c.code, c.document, c.mapping).join(
        definition, definition.c.live_release_id == c.id
    )
    for code, document, mapping in uow.conn.execute(query.order_by(definition.c.code)):
        names = {item["id"]: item["code"] for item in document.get("record_types") or ()}
        for type_id, entry in (mapping or {}).get("types", {}).items():
            yield from _record_type(uow.conn, f"{code}.{names.get(type_id, type_id)}", entry)


def _record_type(conn: Connection, name: str, entry: Mapping[str, Any]) -> Iterator[str]:
    columns = (
        {item.name: item for item in stored_columns(conn, [entry["number"]])} if "number" in entry else {}
    )
    whole = True
    for part, table_name in enumerate(entry["tables"]):
        if not inspect(conn).has_table(table_name):
            yield f"{name}: table {table_name} is missing"
            whole = False
            continue
        expected = _expected(entry, part, table_name, columns)
        faults = list(_columns(conn, name, table_name, expected))
        whole = whole and not faults
        yield from faults
    if whole:
        yield from _row_counts(conn, name, entry["tables"])


def _expected(
    entry: Mapping[str, Any], part: int, name: str, columns: Mapping[str, StoredColumn]
) -> list[Column[Any]]:
    """The columns a table must have; those of a mapped one as its owner declares them."""
    if entry["storage"] == "keyed":
        return list(build_keyed_table(name, MetaData()).columns)
    wanted = [column for where, column in entry["columns"].values() if where == part]
    if entry["storage"] == "mapped":
        owned = platform_metadata.tables.get(name, Table(name, MetaData()))
        return [owned.c[column] for column in wanted if column in owned.c]
    specs = [spec for column in wanted if column in columns for spec in columns[column].physical()]
    return list(build_table(name, part, specs, MetaData()).columns)


def _columns(conn: Connection, name: str, table_name: str, expected: Sequence[Column[Any]]) -> Iterator[str]:
    found = {item["name"]: item for item in inspect(conn).get_columns(table_name)}
    compare = MigrationContext.configure(conn).impl.compare_type
    for column in expected:
        if column.name not in found:
            yield f"{name}: table {table_name} has no column {column.name}"
            continue
        there: Column[Any] = Column(column.name, found[column.name]["type"])
        if compare(there, column):
            kinds = f"{there.type}, not {column.type.dialect_impl(conn.dialect)}"
            yield f"{name}: column {table_name}.{column.name} is {kinds}"


def _row_counts(conn: Connection, name: str, tables: Sequence[str]) -> Iterator[str]:
    if len(tables) < 2:
        return
    counts = {item: _rows(conn, item) for item in tables}
    if len(set(counts.values())) > 1:
        listed = ", ".join(f"{item} {count}" for item, count in counts.items())
        yield f"{name}: its parts have different numbers of rows: {listed}"


def _rows(conn: Connection, name: str) -> int:
    return int(conn.execute(select(func.count()).select_from(table(name))).scalar_one())


def _stopped_plans(uow: UnitOfWork) -> Iterator[str]:
    c = plan_table.c
    query = (
        select(c.id, c.state, definition.c.code, c.lease_owner, c.lease_until)
        .join(definition, definition.c.id == c.definition_id)
        .where(c.state.in_(_OPEN), c.lease_owner.is_not(None))
    )
    for row in uow.conn.execute(query.order_by(c.id)):
        if row.lease_until is None or row.lease_until < uow.at:
            yield f"{row.code}: plan {row.id} stopped in state {row.state}; resume or abandon it"

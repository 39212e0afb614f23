"""The few DDL statements that change runtime tables, by Alembic's operations inside the caller's transaction.

Never `batch_alter_table`: it copies the table and drops the old one, which takes child rows along.
"""

from __future__ import annotations

from collections.abc import Iterable

from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.operations.ops import CreateIndexOp, CreateTableOp
from sqlalchemy import Column, Connection, Index, Table, inspect

from metamodel.storage.layout import ColumnSpec


def create_table(conn: Connection, table: Table) -> None:
    """Create `table` with its indexes."""
    operations = _operations(conn)
    operations.invoke(CreateTableOp.from_table(table))
    for index in sorted(table.indexes, key=lambda index: str(index.name)):
        operations.invoke(CreateIndexOp.from_index(index))


def add_columns(conn: Connection, table: str, columns: Iterable[ColumnSpec]) -> None:
    """Add nullable columns; both databases do this without touching the rows."""
    operations = _operations(conn)
    for name, kind in columns:
        operations.add_column(table, Column(name, kind, nullable=True))


def create_index(conn: Connection, index: Index) -> None:
    _operations(conn).invoke(CreateIndexOp.from_index(index))


def drop_table(conn: Connection, table: str) -> None:
    _operations(conn).drop_table(table)


def drop_columns(conn: Connection, table: str, columns: Iterable[str]) -> None:
    operations = _operations(conn)
    for name in columns:
        operations.drop_column(table, name)


def drop_index(conn: Connection, index: str, table: str) -> None:
    _operations(conn).drop_index(index, table_name=table)


def table_exists(conn: Connection, table: str) -> bool:
    return inspect(conn).has_table(table)


def column_names(conn: Connection, table: str) -> set[str]:
    """The columns that `table` has in the database."""
    return {column["name"] for column in inspect(conn).get_columns(table)}


def index_names(conn: Connection, table: str) -> set[str]:
    """The indexes that `table` has in the database."""
    return {str(index["name"]) for index in inspect(conn).get_indexes(table)}


def _operations(conn: Connection) -> Operations:
    return Operations(MigrationContext.configure(conn))

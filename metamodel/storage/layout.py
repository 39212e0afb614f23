"""How a record type lies in the database: table names, system columns, parts of columns, indexes.

Tables are Core objects built from metadata alone; they are never reflected.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, LargeBinary, MetaData, String, Table, Text, and_
from sqlalchemy.dialects.postgresql import ARRAY, DOUBLE_PRECISION
from sqlalchemy.types import TypeEngine

from metamodel.storage.record_ids import next_record_ids
from metamodel.tables import BigId
from zhenshu.db.types import JsonText, UtcDateTime

__all__ = [
    "FIELDS_PER_PART",
    "KEYED_COLUMNS",
    "SYSTEM_COLUMNS",
    "assign_parts",
    "blind_name",
    "build_keyed_table",
    "build_table",
    "key_index",
    "key_index_name",
    "next_record_ids",
    "pairs_name",
    "physical_columns",
    "table_name",
]

# Far below what either database bears (PostgreSQL 1,600 columns, SQLite 2,000), so that a row stays short.
FIELDS_PER_PART = 250

ACTIVE = "active"
TRASHED = "trashed"

ColumnSpec = tuple[str, TypeEngine[Any]]


def blind_name(column: str) -> str:
    """The blind index beside column `c{id}`, see `metamodel.storage.protected`."""
    return f"b{column[1:]}"


def pairs_name(column: str) -> str:
    """The column of pairs beside column `c{id}`."""
    return f"g{column[1:]}"


def physical_columns(name: str, kind: TypeEngine[Any], protected: bool) -> list[ColumnSpec]:
    """What a field's values lie in: one column, or a protected field's three."""
    if not protected:
        return [(name, kind)]
    return [(one, LargeBinary()) for one in (name, blind_name(name), pairs_name(name))]


def _id_column() -> Column[int]:
    # On SQLite an INTEGER key is the row's own address; a BIGINT one would need an index of its own.
    return Column("id", BigId, primary_key=True, autoincrement=False)


def _system_columns() -> list[Column[Any]]:
    """The columns of a main table (part 0) that are not fields."""
    return [
        _id_column(),
        Column("patient", BigInteger),
        Column("parent", BigInteger),
        Column("event", Text, nullable=False, server_default=""),
        Column("repeat_key", Integer, nullable=False, server_default="1"),  # ODM ItemGroupRepeatKey
        Column("centre", Text),
        Column("owner", Integer),
        Column("release_id", Integer, nullable=False),
        Column("row_version", Integer, nullable=False),
        Column("status", String(16), nullable=False),
        Column("created_by", String(128)),
        Column("created_at", UtcDateTime),
        Column("updated_by", String(128)),
        Column("updated_at", UtcDateTime),
        Column("missing", JsonText),  # {field id: missing-data code}
    ]


def _keyed_columns() -> list[Column[Any]]:
    """What a keyed record type has beside the system columns: an array, and the list of its names."""
    values = JsonText().with_variant(ARRAY(DOUBLE_PRECISION), "postgresql")
    return [
        Column("owner_record", BigInteger),
        Column("names_id", Integer),
        Column("values", values),
    ]


SYSTEM_COLUMNS: tuple[str, ...] = tuple(column.name for column in _system_columns())
KEYED_COLUMNS: tuple[str, ...] = tuple(column.name for column in _keyed_columns())


def table_name(definition_id: int, number: int, part: int = 0) -> str:
    """The name of one physical part, e.g. `d3_12`, then `d3_12_p2` for part 1."""
    name = f"d{definition_id}_{number}"
    return name if part == 0 else f"{name}_p{part + 1}"


def build_table(name: str, part: int, columns: Iterable[ColumnSpec], metadata: MetaData) -> Table:
    """The table of one part of a managed record type: `columns` are (column name, type) of its fields.

    Part 0 has the system columns and their indexes; any other part has `id` alone beside its fields.
    The unique index of a record type's key is not among them, see `key_index`.
    """
    fields = [Column(column, kind) for column, kind in columns]
    if part == 0:
        return _main_table(name, fields, metadata)
    return Table(name, metadata, _id_column(), *fields)


def build_keyed_table(name: str, metadata: MetaData) -> Table:
    """The one table of a keyed record type."""
    return _main_table(name, _keyed_columns(), metadata)


def key_index_name(name: str, column: str) -> str:
    """The name of the index that keeps the key in `column` of table `name` unique."""
    return f"uq_{name}_{column}"


def key_index(table: Table, column: str) -> Index:
    """The unique index of a record type's key, over records that are not in the trash.

    A key that lies in another part than the main table has no `status` beside it: there the index covers
    trashed records, too.
    """
    where = (table.c.status == ACTIVE) if "status" in table.c else None
    name = key_index_name(table.name, column)
    return Index(name, table.c[column], unique=True, sqlite_where=where, postgresql_where=where)


def assign_parts(counts: Sequence[int], new: int) -> list[int]:
    """The part of each of `new` further fields, given how many columns each part has by now.

    The last part is filled up first; then new parts follow.
    """
    part = max(len(counts) - 1, 0)
    used = counts[-1] if counts else 0
    parts = []
    for _ in range(new):
        if used >= FIELDS_PER_PART:
            part, used = part + 1, 0
        parts.append(part)
        used += 1
    return parts


def _main_table(name: str, fields: Iterable[Column[Any]], metadata: MetaData) -> Table:
    table = Table(name, metadata, *_system_columns(), *fields)
    for add in _INDEXES:
        add(table)
    return table


def _parent_index(table: Table) -> None:
    Index(f"ix_{table.name}_parent", table.c.parent)


def _patient_index(table: Table) -> None:
    Index(f"ix_{table.name}_patient", table.c.patient)


def _repeat_index(table: Table) -> None:
    where = and_(table.c.status == ACTIVE, table.c.parent.is_not(None))
    columns = (table.c.parent, table.c.event, table.c.repeat_key)
    Index(f"uq_{table.name}_repeat", *columns, unique=True, sqlite_where=where, postgresql_where=where)


_INDEXES: tuple[Callable[[Table], None], ...] = (_parent_index, _patient_index, _repeat_index)

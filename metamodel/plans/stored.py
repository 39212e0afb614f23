"""What a database has in storage, whatever release made it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy import Connection, select

from metamodel.storage.columns import StoredColumn, current_columns, stored_columns
from metamodel.storage.layout import table_name
from metamodel.tables import storage_record_type


@dataclass(frozen=True)
class Stored:
    """Record types and columns that earlier releases made and that are there to come back."""

    definition_id: int
    numbers: Mapping[str, int] = field(default_factory=dict)  # {record type id: storage number}
    parts: Mapping[str, int] = field(default_factory=dict)  # {record type id: physical tables}
    columns: Mapping[str, Mapping[str, StoredColumn]] = field(default_factory=dict)  # by type, field id
    all_columns: Mapping[str, Sequence[StoredColumn]] = field(default_factory=dict)  # by type, kept ones, too

    def table(self, type_id: str, part: int = 0) -> str:
        return table_name(self.definition_id, self.numbers[type_id], part)

    def owner_of(self, field_id: str) -> str | None:
        """The record type that has a column for `field_id`."""
        return next((key for key, columns in self.columns.items() if field_id in columns), None)


@dataclass(frozen=True)
class Made:
    """Storage that an unfinished plan made: numbers of record types, ids of columns. No release has it."""

    types: frozenset[int] = frozenset()
    columns: frozenset[int] = frozenset()


def read_stored(conn: Connection, definition_id: int, without: Made | None = None) -> Stored:
    """What is in storage for `definition_id`, but for what is listed in `without`."""
    left_out = without or Made()
    c = storage_record_type.c
    query = select(c.id, c.type_id, c.parts).where(c.definition_id == definition_id)
    rows = [row for row in conn.execute(query) if row.id not in left_out.types]
    types = {row.id: row.type_id for row in rows}
    every: dict[str, list[StoredColumn]] = {row.type_id: [] for row in rows}
    for column in stored_columns(conn, types):
        if column.id not in left_out.columns:
            every[types[column.number]].append(column)
    columns = {type_id: current_columns(mine) for type_id, mine in every.items()}
    numbers = {row.type_id: row.id for row in rows}
    return Stored(definition_id, numbers, {row.type_id: row.parts for row in rows}, columns, every)

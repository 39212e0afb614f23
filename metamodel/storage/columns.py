"""The columns of fields: their SQL types, and the book of every column ever made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, String, cast, delete, func, select, update
from sqlalchemy.types import TypeEngine

from metamodel.catalogue.model import Field, Label
from metamodel.field_types.registry import field_type
from metamodel.storage.layout import ColumnSpec, assign_parts, physical_columns
from metamodel.tables import storage_column, storage_record_type

ColumnState = Literal["live", "frozen"]

# Bound parameters of one statement are limited (SQLite: 32,766).
CHUNK = 500


@dataclass(frozen=True, slots=True)
class StoredColumn:
    """A column that exists. `state` is "frozen" while no release uses it; its values are kept."""

    id: int
    number: int  # storage_record_type.id
    field_id: str
    part: int
    name: str
    field_type: str
    options: Mapping[str, Any]
    state: str
    protected: bool = False

    @property
    def shape(self) -> tuple[str, dict[str, Any]]:
        return self.field_type, dict(self.options)

    def sql_type(self) -> TypeEngine[Any]:
        """The SQL type the column was made with."""
        return column_type({"id": self.field_id, "type": self.field_type, "options": self.options})

    def physical(self) -> list[ColumnSpec]:
        """What the database has of it, by name and SQL type."""
        return physical_columns(self.name, self.sql_type(), self.protected)


def storage_field(document: Mapping[str, Any]) -> Field:
    """As much of a field as its storage depends on: its type and the type's options."""
    return Field(
        id=document["id"],
        code=document.get("code", ""),
        label=Label(),
        type=field_type(document["type"]),
        options=document.get("options") or {},
    )


def column_type(document: Mapping[str, Any]) -> TypeEngine[Any]:
    """The SQL type of the column of a field, given as in a definition document."""
    field = storage_field(document)
    return field.type.column_type(field)


def column_shape(document: Mapping[str, Any]) -> tuple[str, dict[str, Any]]:
    """What must stay the same for a field to keep its column: type name and shaping options."""
    field = storage_field(document)
    return field.type.name, field.type.column_options(field)


def stored_columns(conn: Connection, numbers: Iterable[int]) -> list[StoredColumn]:
    """Every column of the record types `numbers`, live or frozen, in the order they were made."""
    c = storage_column.c
    query = select(
        c.id, c.record_type_id, c.field_id, c.part, c.name, c.field_type, c.options, c.state, c.protected
    ).where(c.record_type_id.in_(list(numbers)))
    return [StoredColumn(*row) for row in conn.execute(query.order_by(c.id))]


def reserve_columns(conn: Connection, number: int, fields: Sequence[Mapping[str, Any]]) -> list[StoredColumn]:
    """Book a column for each of `fields`, in parts that have room. They are frozen until a swap."""
    if not fields:
        return []
    parts = assign_parts(_columns_per_part(conn, number), len(fields))
    conn.execute(
        storage_column.insert(),
        [_row(number, field, part) for field, part in zip(fields, parts, strict=True)],
    )
    c = storage_column.c
    fresh = (c.record_type_id == number) & (c.name == "")
    conn.execute(update(storage_column).where(fresh).values(name="c" + cast(c.id, String)))
    wanted = {field["id"] for field in fields}
    return [column for column in stored_columns(conn, [number]) if column.field_id in wanted]


def release_columns(conn: Connection, ids: Sequence[int]) -> None:
    """Forget columns that never became live; the columns themselves must be gone."""
    for start in range(0, len(ids), CHUNK):
        conn.execute(delete(storage_column).where(storage_column.c.id.in_(ids[start : start + CHUNK])))


def set_column_state(conn: Connection, number: int, field_ids: Sequence[str], state: ColumnState) -> None:
    """Mark the columns of `field_ids` as used by the live release, or as kept aside."""
    c = storage_column.c
    for start in range(0, len(field_ids), CHUNK):
        chunk = field_ids[start : start + CHUNK]
        here = (c.record_type_id == number) & c.field_id.in_(chunk)
        conn.execute(update(storage_column).where(here).values(state=state))


def part_count(conn: Connection, number: int) -> int:
    """How many physical tables record type `number` has by now."""
    query = select(storage_record_type.c.parts).where(storage_record_type.c.id == number)
    return int(conn.execute(query).scalar_one())


def _row(number: int, field: Mapping[str, Any], part: int) -> dict[str, Any]:
    name, options = column_shape(field)
    return {
        "record_type_id": number,
        "field_id": field["id"],
        "part": part,
        "name": "",
        "field_type": name,
        "options": options,
        "state": "frozen",
        "protected": bool(field.get("identifying")),
    }


def _columns_per_part(conn: Connection, number: int) -> list[int]:
    c = storage_column.c
    query = select(c.part, func.count()).where(c.record_type_id == number).group_by(c.part)
    counts = {part: count for part, count in conn.execute(query)}
    return [counts.get(part, 0) for part in range(max(counts, default=-1) + 1)]

"""The columns of fields: their SQL types, and the book of every column ever made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
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
    frozen_at: datetime | None = None  # when a release last left it
    origin: Mapping[str, Any] | None = None  # what it was converted from, see `metamodel.plans.conversions`

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
    query = select(*_COLUMNS).where(c.record_type_id.in_(list(numbers)))
    return [StoredColumn(*row) for row in conn.execute(query.order_by(c.id))]


def find_column(conn: Connection, column_id: int) -> StoredColumn | None:
    row = conn.execute(select(*_COLUMNS).where(storage_column.c.id == column_id)).one_or_none()
    return None if row is None else StoredColumn(*row)


_COLUMNS = tuple(
    storage_column.c[name]
    for name in (
        "id", "record_type_id", "field_id", "part", "name", "field_type", "options", "state", "protected",
        "frozen_at", "origin",
    )
)  # fmt: skip


def current_columns(columns: Iterable[StoredColumn]) -> dict[str, StoredColumn]:
    """The column of each field: the live one, or that which a release left last."""
    found: dict[str, StoredColumn] = {}
    for column in columns:
        known = found.get(column.field_id)
        if known is None or _rank(column) > _rank(known):
            found[column.field_id] = column
    return found


def _rank(column: StoredColumn) -> tuple[bool, float, int]:
    left = column.frozen_at.timestamp() if column.frozen_at else 0.0
    return column.state == "live", left, column.id


def reserve_columns(
    conn: Connection,
    number: int,
    fields: Sequence[Mapping[str, Any]],
    origin: Mapping[str, Any] | None = None,
) -> list[StoredColumn]:
    """Book a column for each of `fields`, in parts that have room. They are frozen until a swap."""
    if not fields:
        return []
    parts = assign_parts(_columns_per_part(conn, number), len(fields))
    rows = [_row(number, field, part) for field, part in zip(fields, parts, strict=True)]
    conn.execute(storage_column.insert(), [row | {"origin": origin} for row in rows])
    c = storage_column.c
    fresh = (c.record_type_id == number) & (c.name == "")
    ids = set(conn.execute(select(c.id).where(fresh)).scalars())
    conn.execute(update(storage_column).where(fresh).values(name="c" + cast(c.id, String)))
    return [column for column in stored_columns(conn, [number]) if column.id in ids]


def release_columns(conn: Connection, ids: Sequence[int]) -> None:
    """Forget columns that never became live; the columns themselves must be gone."""
    for start in range(0, len(ids), CHUNK):
        conn.execute(delete(storage_column).where(storage_column.c.id.in_(ids[start : start + CHUNK])))


def set_column_state(
    conn: Connection, number: int, names: Sequence[str], state: ColumnState, at: datetime
) -> None:
    """Mark these columns as used by the live release, or as kept aside since `at`."""
    c = storage_column.c
    values = {"state": state, "frozen_at": at if state == "frozen" else None}
    for start in range(0, len(names), CHUNK):
        here = (c.record_type_id == number) & c.name.in_(names[start : start + CHUNK])
        conn.execute(update(storage_column).where(here, c.state != state).values(values))


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

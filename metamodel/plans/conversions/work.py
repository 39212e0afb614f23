"""The conversions of a plan: what each reads and writes, and how; from stored state alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from sqlalchemy import Column, Connection, MetaData, Table, select

from metamodel.catalogue.model import Field
from metamodel.plans.conversions.converter import (
    Change,
    Converter,
    Note,
    Original,
    calculation,
    compile_change,
    fields_of,
    note_of,
    placed,
)
from metamodel.plans.conversions.words import stepped
from metamodel.plans.documents import Document, fields_by_id
from metamodel.plans.operations import ConvertField
from metamodel.plans.store import Plan
from metamodel.storage.columns import StoredColumn, column_shape, stored_columns
from metamodel.storage.layout import build_table, table_name
from metamodel.tables import definition_release
from metamodel.tables import plan as plan_table

KIND = "drop_conversion"  # of the inverse that names a conversion


@dataclass(frozen=True)
class Work:
    """One conversion. Columns are those of the book; `origin` is the one that an undo goes back to."""

    definition_id: int
    plan_id: int
    field_id: str
    log: str
    source: StoredColumn
    target: StoredColumn
    origin: StoredColumn | None
    new_part: bool  # whether the plan has made the part of the target
    converter: Converter

    def table_of(self, column: StoredColumn) -> str:
        return table_name(self.definition_id, column.number, column.part)

    @cached_property
    def main(self) -> Table:
        return self._tables[0]

    def cell(self, column: StoredColumn) -> Column[Any]:
        return self._tables[column.part].c[column.name]

    def part(self, column: StoredColumn) -> Table:
        return self._tables[column.part]

    @cached_property
    def read(self) -> list[StoredColumn]:
        return [self.source] if self.origin is None else [self.source, self.origin]

    @cached_property
    def _tables(self) -> dict[int, Table]:
        columns = [*self.read, self.target]
        metadata = MetaData()
        return {
            part: build_table(
                table_name(self.definition_id, self.source.number, part),
                part,
                [spec for column in columns if column.part == part for spec in column.physical()],
                metadata,
            )
            for part in {0, *(column.part for column in columns)}
        }

    @property
    def seals(self) -> bool:
        """Whether plain values become protected ones."""
        return self.target.protected and not self.source.protected


def conversions(conn: Connection, plan: Plan) -> Iterator[Work]:
    """Those that `plan` has begun and not finished."""
    begun = [item for item in plan.inverse if item["kind"] == KIND]
    if not begun:
        return
    way = way_of(conn, plan)
    for item in begun:
        columns = {column.id: column for column in stored_columns(conn, [item["number"]])}
        operation = next(
            one for one in plan.operations
            if isinstance(one, ConvertField) and one.field_id == columns[item["column"]].field_id
        )  # fmt: skip
        source, target = columns[item["source"]], columns[item["column"]]
        origin = columns.get(item["origin"] or 0)
        yield Work(
            plan.definition_id, plan.id, operation.field_id, item["log"], source, target, origin,
            item["new_part"], converter_of(conn, way, source, target, origin),
        )  # fmt: skip


@dataclass(frozen=True)
class Way:
    """From one document to the next."""

    before: Document
    after: Document
    undo: bool

    def stepped(self, field_id: str) -> bool:
        """Whether the values come to mean something else by a note of either document."""
        return stepped(_field(self.before, field_id), _field(self.after, field_id), self.undo)


def way_of(conn: Connection, plan: Plan) -> Way:
    return Way(release_document(conn, plan.from_release_id), plan.document, plan.is_undo)


def converter_of(
    conn: Connection, way: Way, source: StoredColumn, target: StoredColumn | None,
    origin: StoredColumn | None,
) -> Converter:  # fmt: skip
    """The functions between the columns; `target` None: a dry run, whose column does not exist yet."""
    old, new = next(fields_of(way.before, source.field_id)), next(fields_of(way.after, source.field_id))
    change = _change(way, old, new)
    return Converter(
        _place(old, source), new if target is None else _place(new, target), change,
        new.type.shortens(old), None if origin is None else _original(conn, source, origin),
        calculation(*_notes(way, source.field_id), way.undo),
    )  # fmt: skip


def origin_of(
    conn: Connection, columns: Mapping[int, StoredColumn], source: StoredColumn, way: Way
) -> StoredColumn | None:
    """The kept column that `source` was converted from, where the field becomes again what that one is.

    That is so in an undo, and where a type alone is changed there and back.
    """
    made = (source.origin or {}).get("column")
    found = columns.get(made) if made else None
    field = _field(way.after, source.field_id)
    if found is None or found.shape != column_shape(field):
        return None
    if found.protected != bool(field.get("identifying")) or source.protected != found.protected:
        return None  # clear values of a protected field are about to be purged
    if not way.undo and (way.stepped(source.field_id) or _way_to(conn, source).stepped(source.field_id)):
        return None
    return found


def _way_to(conn: Connection, column: StoredColumn) -> Way:
    """The way on which `column` got its values."""
    assert column.origin is not None
    c = plan_table.c
    query = select(c.document, c.from_release_id, c.report).where(c.id == column.origin["plan"])
    row = conn.execute(query).one()
    undo = row.report.get("source") == "undo"
    return Way(release_document(conn, row.from_release_id), row.document, undo)


def _original(conn: Connection, source: StoredColumn, origin: StoredColumn) -> Original:
    way = _way_to(conn, source)
    old, new = next(fields_of(way.before, source.field_id)), next(fields_of(way.after, source.field_id))
    return Original(_place(old, origin), _change(way, old, new))


def _change(way: Way, old: Field, new: Field) -> Change:
    return compile_change(old, new, *_notes(way, new.id), way.undo)


def _notes(way: Way, field_id: str) -> tuple[Note, Note]:
    return note_of(_field(way.before, field_id)), note_of(_field(way.after, field_id))


def _field(document: Document, field_id: str) -> Document:
    for record_type in document.get("record_types") or ():
        if field := fields_by_id(record_type).get(field_id):
            return field
    return {}


def _place(field: Field, column: StoredColumn) -> Field:
    return placed(field, column.part, column.name, column.protected)


def release_document(conn: Connection, release_id: int | None) -> Document:
    c = definition_release.c
    document: Document = conn.execute(select(c.document).where(c.id == release_id)).scalar_one()
    return document

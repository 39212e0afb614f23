"""Counting stored records by conditions on their columns. Counts and record ids only, never a value."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, FromClause, MetaData, Table, and_, func, select
from sqlalchemy.sql.selectable import TableValuedAlias

from metamodel.plans.stored import Stored
from metamodel.storage.columns import StoredColumn
from metamodel.storage.layout import ACTIVE, blind_name, build_table

SAMPLES = 5


@dataclass(frozen=True, slots=True)
class Reason:
    """Why cells can't be converted as they are, and how many."""

    code: str
    zh: str
    en: str
    rows: int


@dataclass(frozen=True, slots=True)
class Finding:
    """What an operation concerns: how many records, and the ids of up to five of them.

    `rows` None: it was not counted, and the note tells why.
    """

    rows: int | None = 0
    samples: tuple[int, ...] = ()
    note_zh: str = ""
    note_en: str = ""
    values: int | None = None  # of a conversion: how many records have a value
    reasons: tuple[Reason, ...] = ()

    def to_json(self) -> dict[str, Any]:
        note = {"zh": self.note_zh, "en": self.note_en}
        told: dict[str, Any] = {"rows": self.rows, "samples": list(self.samples), "note": note}
        if self.values is not None:
            told |= {"values": self.values, "reasons": [asdict(reason) for reason in self.reasons]}
        return told


NOTHING = Finding()


class StoredRows:
    """The rows of a database's record types, whatever release made their columns."""

    def __init__(self, conn: Connection, stored: Stored) -> None:
        self.conn = conn
        self.stored = stored
        self._metadata = MetaData()

    def has(self, type_id: str, field_id: str) -> bool:
        return field_id in self.stored.columns.get(type_id, {})

    def table(self, type_id: str, part: int = 0) -> Table:
        """The table of one part, with every column it ever got."""
        name = self.stored.table(type_id, part)
        if name not in self._metadata.tables:
            known = self.stored.all_columns[type_id]
            columns = [spec for item in known if item.part == part for spec in item.physical()]
            build_table(name, part, columns, self._metadata)
        return self._metadata.tables[name]

    def column(self, type_id: str, field_id: str) -> Column[Any]:
        return self.cell(type_id, self.stored.columns[type_id][field_id])

    def cell(self, type_id: str, place: StoredColumn) -> Column[Any]:
        """One column of a field that may have several."""
        found: Column[Any] = self.table(type_id, place.part).c[place.name]
        return found

    def protected(self, type_id: str, field_id: str) -> bool:
        """Whether the values can't be read here: they are encrypted."""
        return self.stored.columns[type_id][field_id].protected

    def joined(self, type_id: str, *field_ids: str) -> FromClause:
        """The main table, joined with the parts in which the fields lie."""
        return self.joined_parts(type_id, (self.stored.columns[type_id][key].part for key in field_ids))

    def joined_parts(self, type_id: str, parts: Iterable[int]) -> FromClause:
        """The main table, joined with these of its parts."""
        main = rows = self.table(type_id)
        joined: FromClause = rows
        for part in sorted(set(parts) - {0}):
            other = self.table(type_id, part)
            joined = joined.join(other, main.c.id == other.c.id)
        return joined

    def active(self, type_id: str) -> ColumnElement[bool]:
        """Whether a record is not in the trash."""
        return self.table(type_id).c.status == ACTIVE

    def missing_code(self, type_id: str, field_id: str) -> ColumnElement[str]:
        """The code that says why a record has no value in the field; NULL without one."""
        missing = self.table(type_id).c.missing
        if self.conn.dialect.name == "sqlite":
            return func.json_extract(missing, f'$."{field_id}"')
        return func.jsonb_extract_path_text(missing, field_id)

    def items(self, value: ColumnElement[Any]) -> TableValuedAlias:
        """The codes of a multiple choice, one a row, in column `value`."""
        name = "json_each" if self.conn.dialect.name == "sqlite" else "jsonb_array_elements_text"
        function = getattr(func, name)(value)
        unnested: TableValuedAlias = function.table_valued("value")
        return unnested

    def count(self, type_id: str, condition: ColumnElement[bool], *field_ids: str) -> Finding:
        """Records for which `condition` on the columns of the fields holds."""
        rows = self.joined(type_id, *field_ids)
        total = self.conn.execute(select(func.count()).select_from(rows).where(condition)).scalar_one()
        if not total:
            return NOTHING
        ids = select(self.table(type_id).c.id).select_from(rows).where(condition).limit(SAMPLES)
        return Finding(total, tuple(self.conn.execute(ids).scalars()))

    def count_active(self, type_id: str, condition: ColumnElement[bool], *field_ids: str) -> Finding:
        return self.count(type_id, and_(self.active(type_id), condition), *field_ids)

    def duplicates(self, type_id: str, field_id: str) -> Finding:
        """Records whose value of the field another record has, too, as the key's index would see it."""
        value = self.column(type_id, field_id)
        if self.protected(type_id, field_id):
            value = value.table.c[blind_name(value.name)]
        covered: ColumnElement[bool] = value.is_not(None)
        if self.stored.columns[type_id][field_id].part == 0:
            covered = and_(self.active(type_id), covered)
        rows = self.joined(type_id, field_id)
        twice = select(value).select_from(rows).where(covered).group_by(value).having(func.count() > 1)
        return self.count(type_id, and_(covered, value.in_(twice)), field_id)

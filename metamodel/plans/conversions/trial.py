"""A conversion tried on the stored values, before anything is changed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from sqlalchemy import select

from metamodel.catalogue.model import Field
from metamodel.field_types import ValueProblem
from metamodel.plans.conversions.work import Way, converter_of, origin_of
from metamodel.plans.documents import Document, fields_by_id, types_by_id
from metamodel.plans.operations import ConvertField
from metamodel.plans.stored_rows import SAMPLES, Finding, Reason, StoredRows
from metamodel.storage.columns import storage_field
from metamodel.storage.protected import open_value
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.patients import load_keys

PAGE: Final = 20_000

OUTSIDE: Final = ("outside", "超出取值范围，值会保留", "out of the range; the value is kept")
SHORTENED: Final = (
    "shortened",
    "值会截短，原值留在旧列",
    "shortened; the whole value stays in the old column",
)
ROUNDED: Final = (
    "rounded",
    "按字段的小数位四舍五入；增加小数位可多保留几位",
    "rounded to the field's decimal places; with more places more stays",
)
NO_PATIENT: Final = (
    "no_patient",
    "记录不属于任何患者，无法加密",
    "the record has no patient whose key could seal it",
)


@dataclass(slots=True)
class _Seen:
    values: int = 0
    counts: dict[tuple[str, str, str], int] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)

    def note(self, record_id: int, reason: tuple[str, str, str]) -> None:
        self.counts[reason] = self.counts.get(reason, 0) + 1
        if len(self.ids) < SAMPLES:
            self.ids.append(record_id)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell that can't be converted as it is; `value` is the stored one."""

    record_id: int
    patient: int | None
    value: Any
    reason: tuple[str, str, str]


class Trial:
    """What `operation` would make of the values there are."""

    def __init__(self, uow: UnitOfWork, rows: StoredRows, way: Way, operation: ConvertField) -> None:
        self._uow, self._rows, self._type_id = uow, rows, operation.type_id
        document = fields_by_id(types_by_id(way.after)[operation.type_id])[operation.field_id]
        self._source = rows.stored.columns[operation.type_id][operation.field_id]
        self._protects = bool(document.get("identifying"))
        columns = {column.id: column for column in rows.stored.all_columns[operation.type_id]}
        self._origin = origin_of(uow.conn, columns, self._source, way)
        self.converter = converter_of(uow.conn, way, self._source, None, self._origin)
        self._low, self._high = _bounds(document)

    def finding(self) -> Finding:
        """How many cells have a value, and how many of them don't fit, by reason."""
        seen = _Seen()
        for cell in self.cells(0, seen):
            seen.note(cell.record_id, cell.reason)
        reasons = tuple(Reason(*reason, rows) for reason, rows in seen.counts.items())
        return Finding(sum(seen.counts.values()), tuple(seen.ids), values=seen.values, reasons=reasons)

    def cells(self, after: int, seen: _Seen | None = None) -> Iterator[Cell]:
        """The cells that don't fit, in the order of record ids."""
        counted = seen or _Seen()
        while page := self._page(after):
            after = page[-1][0]
            keys = self._keys(page)
            for record_id, patient, *raw in page:
                value = self._open(self.converter.source, keys, record_id, patient, raw[0])
                counted.values += value is not None
                frozen = None
                if self.converter.original is not None:
                    frozen = self._open(self.converter.original.source, keys, record_id, patient, raw[1])
                if (reason := self._reason(patient, value, frozen)) is not None:
                    yield Cell(record_id, patient, value, reason)

    def _reason(self, patient: int | None, value: Any, frozen: Any) -> tuple[str, str, str] | None:
        try:
            made = self.converter.of(value, frozen)
        except ValueProblem as problem:
            return problem.code, problem.zh, problem.en
        if made is None:
            return None
        if self._protects and patient is None:
            return NO_PATIENT
        if self.converter.shortens is not None and frozen is None and self.converter.shortens(value):
            return SHORTENED
        if self.converter.rounds(value, made):
            return ROUNDED
        if (self._low is not None and made < self._low) or (self._high is not None and made > self._high):
            return OUTSIDE
        return None

    def _page(self, after: int) -> Sequence[Any]:
        main = self._rows.table(self._type_id)
        columns = [self._source] if self._origin is None else [self._source, self._origin]
        cells = [self._rows.cell(self._type_id, column) for column in columns]
        source = self._rows.joined_parts(self._type_id, (column.part for column in columns))
        query = select(main.c.id, main.c.patient, *cells).select_from(source).where(main.c.id > after)
        held = cells[0].is_not(None) if self._origin is None else None
        query = query if held is None else query.where(held)
        return self._uow.conn.execute(query.order_by(main.c.id).limit(PAGE)).all()

    def _keys(self, page: Sequence[Any]) -> dict[int, bytes]:
        protected = self._source.protected or bool(self._origin and self._origin.protected)
        return load_keys(self._uow, {row[1] for row in page if row[1] is not None}) if protected else {}

    def _open(
        self, item: Field, keys: dict[int, bytes], record_id: int, patient: int | None, raw: Any
    ) -> Any:
        if raw is None or not item.protected:
            return raw
        key = None if patient is None else keys.get(patient)
        return None if key is None else open_value(key, item, record_id, raw)


def _bounds(document: Document) -> tuple[Any, Any]:
    """The bounds of the field to come as stored values; those by the clock are left to the quality rules."""
    item = storage_field(document)
    ends = (document.get("minimum"), document.get("maximum"))
    low, high = (None if end in (None, "today", "now") else item.type.bound(item, end) for end in ends)
    return low, high

"""The report of a conversion: each cell that did not fit, its raw value as the reader may see it, and why.

Before the swap the cells are looked for in the data as they are; afterwards they are those that were noted.
Raw values are read from the column that was converted, so that forgetting a patient and purging reach them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, TextIO

from sqlalchemy import Connection, MetaData, select

from metamodel.catalogue import RecordType, catalogue_of
from metamodel.catalogue.model import Field
from metamodel.masking import View
from metamodel.plans.conversions.converter import fields_of, placed
from metamodel.plans.conversions.trial import Trial
from metamodel.plans.conversions.work import Way, way_of
from metamodel.plans.operations import ConvertField
from metamodel.plans.states import State
from metamodel.plans.store import Plan, made_by
from metamodel.plans.stored import read_stored
from metamodel.plans.stored_rows import StoredRows
from metamodel.records.access import Access
from metamodel.storage.columns import StoredColumn, stored_columns
from metamodel.storage.layout import build_table, table_name
from metamodel.tables import conversion_failure, storage_column
from zhenshu.cells import harmless
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.policy import Action, Denied

HEAD_ZH: Final = ("记录", "原值", "原因", "代码")
HEAD_EN: Final = ("record", "raw value", "reason", "code")
FILE_PAGE: Final = 5_000


@dataclass(frozen=True, slots=True)
class ReportedCell:
    """`value` is JSON; `shown` tells whether the reader may see it."""

    record_id: int
    code: str
    zh: str
    en: str
    value: Any
    shown: bool

    def to_json(self) -> dict[str, Any]:
        reason = {"code": self.code, "zh": self.zh, "en": self.en}
        return {"record": self.record_id, "reason": reason, "value": self.value, "shown": self.shown}


def reported_cells(uow: UnitOfWork, plan: Plan, field_id: str, after: int, limit: int) -> list[ReportedCell]:
    """The next cells of the conversion of field `field_id`, in the order of record ids.

    Raises:
        NotFound: when `plan` converts no such field.
    """
    operation = conversion_of(plan, field_id)
    way = way_of(uow.conn, plan)
    source = next(fields_of(way.before, field_id))
    if plan.state is State.SWAPPED:
        found = _noted(uow, plan, source, after, limit)
    else:
        found = _sought(uow, plan, way, operation, after, limit)
    sight = _Sight(uow, plan, operation, source, [cell[0] for cell in found])
    return [
        ReportedCell(record_id, code, zh, en, *sight.of(record_id, value))
        for record_id, value, (code, zh, en) in found
    ]


_Found = tuple[int, Any, tuple[str, str, str]]


def conversion_of(plan: Plan, field: str) -> ConvertField:
    """
    Raises:
        NotFound: when `plan` converts no field with this id or code.
    """
    for operation in plan.operations:
        if isinstance(operation, ConvertField) and field in (operation.field_id, operation.field):
            return operation
    raise NotFound(kind="conversion", kind_zh="字段转换", name=field)


def write_cells(uow: UnitOfWork, plan: Plan, field_id: str, language: str, out: TextIO) -> None:
    """All of them as CSV; what may not be seen is said to be so."""
    chinese = language == "zh"
    file = csv.writer(out, lineterminator="\r\n")
    file.writerow(HEAD_ZH if chinese else HEAD_EN)
    after = 0
    while found := reported_cells(uow, plan, field_id, after, FILE_PAGE):
        after = found[-1].record_id
        for cell in found:
            value = "" if cell.value is None else str(cell.value)
            hidden = "（未显示）" if chinese else "(not shown)"
            raw = harmless(value) if cell.shown else hidden
            file.writerow((cell.record_id, raw, cell.zh if chinese else cell.en, cell.code))


def _sought(
    uow: UnitOfWork, plan: Plan, way: Way, operation: ConvertField, after: int, limit: int
) -> list[_Found]:
    stored = read_stored(uow.conn, plan.definition_id, made_by([plan]))
    cells = Trial(uow, StoredRows(uow.conn, stored), way, operation).cells(after)
    return [(cell.record_id, cell.value, cell.reason) for cell in islice(cells, limit)]


def _noted(uow: UnitOfWork, plan: Plan, source: Field, after: int, limit: int) -> list[_Found]:
    columns = _columns(uow.conn, plan, source.id)
    if columns is None:
        return []
    target, read = columns
    c = conversion_failure.c
    here = (c.column_id == target) & (c.record_id > after)
    query = select(c.record_id, c.code, c.zh, c.en).where(here).order_by(c.record_id).limit(limit)
    rows = uow.conn.execute(query).all()
    raw = {} if read is None else _raw(uow, plan, source, read, [row.record_id for row in rows])
    return [(row.record_id, raw.get(row.record_id), (row.code, row.zh, row.en)) for row in rows]


def _columns(conn: Connection, plan: Plan, field_id: str) -> tuple[int, StoredColumn | None] | None:
    """The id of the column that `plan` made for the field, and the one it read; None once that is purged."""
    c = storage_column.c
    query = select(c.id, c.record_type_id, c.origin).where(c.field_id == field_id, c.origin.is_not(None))
    for row in conn.execute(query):
        if row.origin and row.origin["plan"] == plan.id:
            known = {column.id: column for column in stored_columns(conn, [row.record_type_id])}
            return row.id, known.get(row.origin["column"])
    return None


def _raw(
    uow: UnitOfWork, plan: Plan, source: Field, column: StoredColumn, ids: Sequence[int]
) -> dict[int, Any]:
    """The cells as they were read; of encrypted ones none is opened here."""
    if column.protected:
        return {}
    name = table_name(plan.definition_id, column.number, column.part)
    table = build_table(name, column.part, column.physical(), MetaData())
    query = select(table.c.id, table.c[column.name]).where(table.c.id.in_(ids))
    return {row[0]: row[1] for row in uow.conn.execute(query)}


class _Sight:
    """What the reader may see of raw values: by rows, by field, never in clear where they identify."""

    def __init__(
        self, uow: UnitOfWork, plan: Plan, operation: ConvertField, source: Field, ids: Sequence[int]
    ) -> None:
        self._to_json = source.type.to_json(placed(source, 0, "", False))
        self._ids: set[int] = set()
        if not source.identifying and (kind := _live_type(uow, plan, operation)) is not None:
            self._ids = _seen(uow, kind, operation.field_id, ids)

    def of(self, record_id: int, value: Any) -> tuple[Any, bool]:
        return (self._to_json(value), True) if record_id in self._ids else (None, False)


def _live_type(uow: UnitOfWork, plan: Plan, operation: ConvertField) -> RecordType | None:
    database = catalogue_of(uow).databases.get(plan.code)
    kinds: Iterator[RecordType] = iter(database.record_types if database else ())
    return next((kind for kind in kinds if kind.id == operation.type_id), None)


def _seen(uow: UnitOfWork, kind: RecordType, field_id: str, ids: Sequence[int]) -> set[int]:
    """Those of the records that the subject may view, with the field in clear."""
    access = Access(uow)
    try:
        view: View = access.view(Action.VIEW, kind)
    except Denied:
        return set()
    field = kind.by_id.get(field_id)
    if field is None or field.identifying or not view.clear(field.code):
        return set()
    rows = select(kind.main.c.id).where(kind.main.c.id.in_(ids), access.rows(Action.VIEW, kind))
    return set(uow.conn.execute(rows).scalars())

"""Columns that no release uses any more, and purging one: a later act of its own, with no way back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from metamodel.definitions.access import require
from metamodel.plans.changes.change import Words
from metamodel.plans.changes.words import shape_words
from metamodel.plans.conversions.purging import PURGE, ColumnInUse
from metamodel.plans.current import definition_id_of
from metamodel.plans.documents import Document
from metamodel.plans.store import made_by, open_plans
from metamodel.plans.stored import read_stored
from metamodel.plans.stored_rows import StoredRows
from metamodel.storage.columns import StoredColumn
from metamodel.tables import definition_release
from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound, ZhenshuError
from zhenshu.jobs import submit
from zhenshu.security.policy import Action


class PurgeNotConfirmed(ZhenshuError):
    """Purging can't be undone: give the field's code {code} to confirm it. Nothing was changed."""

    status = 422
    zh = "清除后无法恢复：请输入字段编码 {code} 予以确认。未作任何修改。"


@dataclass(frozen=True, slots=True)
class KeptColumn:
    """A column of a removed or converted field. `record_type` and `field` are codes as last used."""

    id: int
    record_type: str
    field: str
    label: Mapping[str, str]
    type: Words
    values: int
    frozen_at: datetime | None

    def to_json(self) -> dict[str, Any]:
        return {
            "id": self.id,
            "record_type": self.record_type,
            "field": self.field,
            "label": dict(self.label),
            "type": self.type.to_json(),
            "values": self.values,
            "kept_since": self.frozen_at.isoformat() if self.frozen_at else None,
        }


def kept_columns(uow: UnitOfWork, code: str) -> list[KeptColumn]:
    """What is kept of database `code`, newest first.

    Raises:
        Denied: without the right to design the database.
    """
    require(uow, Action.DESIGN, code)
    definition_id = definition_id_of(uow.conn, code)
    stored = read_stored(uow.conn, definition_id, made_by(open_plans(uow.conn, definition_id)))
    rows = StoredRows(uow.conn, stored)
    frozen = [
        (type_id, column)
        for type_id, columns in stored.all_columns.items()
        for column in columns
        if column.state == "frozen"
    ]
    names = _names(uow, definition_id, {column.field_id for _, column in frozen})
    found = [_kept(uow, rows, type_id, column, names) for type_id, column in frozen]
    return sorted(found, key=lambda each: -each.id)


def purge_column(uow: UnitOfWork, code: str, column_id: int, confirm: str) -> int:
    """Have a job empty and drop the column; gives the job's id. Only a right to approve allows it.

    Raises:
        NotFound: when the database keeps no such column.
        PurgeNotConfirmed: when `confirm` is not the field's code.
        ColumnInUse: while a publish is at work on the database.
        Denied: without the right to approve.
    """
    require(uow, Action.APPROVE, code)
    kept = next((each for each in kept_columns(uow, code) if each.id == column_id), None)
    if kept is None:
        raise NotFound(kind="kept column", kind_zh="保留的列", name=column_id)
    if confirm.strip() != kept.field:
        raise PurgeNotConfirmed(code=kept.field)
    if any(plan.begun for plan in open_plans(uow.conn, definition_id_of(uow.conn, code))):
        raise ColumnInUse(column=f"{kept.record_type}.{kept.field}")
    detail = {"field": kept.field, "column": column_id, "values": kept.values}
    record(uow, "purge", "database", code, detail=detail)
    return submit(uow, PURGE, {"database": code, "column": column_id})


_Name = tuple[str, str, Mapping[str, str]]


def _kept(
    uow: UnitOfWork, rows: StoredRows, type_id: str, column: StoredColumn, names: Mapping[str, _Name]
) -> KeptColumn:
    cell = rows.cell(type_id, column)
    values = uow.conn.execute(select(func.count(cell)).select_from(cell.table)).scalar_one()
    type_code, code, label = names.get(column.field_id, (type_id, column.field_id, {}))
    words = shape_words(*column.shape)
    return KeptColumn(column.id, type_code, code, label, words, values, column.frozen_at)


def _names(uow: UnitOfWork, definition_id: int, wanted: set[str]) -> dict[str, _Name]:
    """What fields were called by the latest release that had them."""
    c = definition_release.c
    query = select(c.document).where(c.definition_id == definition_id).order_by(c.number.desc())
    found: dict[str, _Name] = {}
    if wanted:
        for document in uow.conn.execute(query).scalars():
            for type_code, field in _fields(document):
                if field["id"] in wanted and field["id"] not in found:
                    found[field["id"]] = type_code, field["code"], field.get("label") or {}
    return found


def _fields(document: Document) -> Iterable[tuple[str, Document]]:
    kinds: Sequence[Document] = document.get("record_types") or ()
    return ((kind["code"], field) for kind in kinds for field in kind.get("fields") or ())

"""Reading one stored record whole, as the store itself sees it: before masking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from metamodel.catalogue.model import Field, RecordType
from metamodel.records.rowreader import row_reader
from metamodel.storage import SYSTEM_COLUMNS
from metamodel.storage.layout import ACTIVE
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound


@dataclass(frozen=True)
class Stored:
    """A record as stored: system columns and typed values by field code."""

    id: int
    patient: int | None
    parent: int | None
    event: str
    repeat_key: int
    centre: str | None
    owner: int | None
    release_id: int
    row_version: int
    status: str
    created_by: str
    created_at: datetime
    updated_by: str
    updated_at: datetime
    missing: dict[str, str]
    values: dict[str, Any]

    @property
    def active(self) -> bool:
        return self.status == ACTIVE


def load(
    uow: UnitOfWork, record_type: RecordType, record_id: int, rows: ColumnElement[bool],
    fields: Sequence[Field] | None = None, lock: bool = False,
) -> Stored:  # fmt: skip
    """The record `record_id` if `rows` covers it, with the values of `fields` (all when None).

    With `lock` nobody else changes it until the transaction ends.

    Raises:
        NotFound: when there is no such record, or `rows` leaves it out.
    """
    main = record_type.main
    query = select(*(main.c[name] for name in SYSTEM_COLUMNS)).where(main.c.id == record_id, rows)
    row = uow.conn.execute(query.with_for_update() if lock else query).first()
    if row is None:
        raise NotFound(kind="记录 record", name=record_id)
    system = dict(row._mapping)
    system["missing"] = system["missing"] or {}
    return Stored(**system, values=_values(uow, record_type, record_id, fields))


def _values(
    uow: UnitOfWork, record_type: RecordType, record_id: int, fields: Sequence[Field] | None
) -> dict[str, Any]:
    wanted = record_type.fields if fields is None else fields
    if not wanted:
        return {}
    reader = row_reader(uow, record_type, wanted)
    (row,) = reader.read(uow.conn, [record_id])
    record = dict(zip(reader.names, row, strict=True))
    return {item.code: record[item.code] for item in wanted if item.place is not None}

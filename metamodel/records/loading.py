"""Reading one stored record whole, as the store itself sees it: before masking."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, True_, select

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
    if not lock:
        return _whole(uow, record_type, record_id, rows, fields)
    main = record_type.main
    query = select(*(main.c[name] for name in SYSTEM_COLUMNS)).where(main.c.id == record_id, rows)
    row = uow.conn.execute(query.with_for_update()).first()
    if row is None:
        raise NotFound(kind="record", kind_zh="记录", name=record_id)
    system = dict(row._mapping)
    system["missing"] = system["missing"] or {}
    return Stored(**system, values=_values(uow, record_type, record_id, fields))


def _whole(
    uow: UnitOfWork, record_type: RecordType, record_id: int, rows: ColumnElement[bool],
    fields: Sequence[Field] | None,
) -> Stored:  # fmt: skip
    """The record and the question whether it may be seen, in one statement."""
    wanted = record_type.fields if fields is None else fields
    reader = row_reader(uow, record_type, wanted)
    if isinstance(rows, True_):
        found = next(iter(reader.read(uow, [record_id])), None)
    else:
        found = reader.read_within(uow, record_id, rows)
    if found is None:
        raise NotFound(kind="record", kind_zh="记录", name=record_id)
    record = dict(zip(reader.names, found, strict=True))
    system = {name: record[name] for name in SYSTEM_COLUMNS}
    system["missing"] = system["missing"] or {}
    values = {item.code: record[item.code] for item in wanted if item.place is not None}
    return Stored(**system, values=values)


def _values(
    uow: UnitOfWork, record_type: RecordType, record_id: int, fields: Sequence[Field] | None
) -> dict[str, Any]:
    wanted = record_type.fields if fields is None else fields
    if not wanted:
        return {}
    reader = row_reader(uow, record_type, wanted)
    (row,) = reader.read(uow, [record_id])
    record = dict(zip(reader.names, row, strict=True))
    return {item.code: record[item.code] for item in wanted if item.place is not None}

"""The form in which records leave the store: one flat mapping, as the subject may see it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement

from metamodel.catalogue.model import RecordType
from metamodel.masking import Masked, View, apply
from metamodel.records.loading import Stored, load
from metamodel.records.revisions import apply_reasons, audit_clear
from metamodel.records.rowreader import row_reader
from metamodel.records.session import Session
from metamodel.storage import SYSTEM_COLUMNS
from zhenshu.errors import NotFound
from zhenshu.security.policy import Action


def get(session: Session, record_type: RecordType, record_id: int, trashed: bool = False) -> dict[str, Any]:
    """One record: system columns (`missing` by field code) and typed values by field code.

    Raises:
        NotFound: when it is not among the subject's rows, or in the trash unless `trashed`.
        ClearReadNeedsWrite: when identifying values would be shown in a read unit.
    """
    session.access.look_at(record_type, record_id)
    view = session.access.view(Action.VIEW, record_type)
    rows = session.access.rows(Action.VIEW, record_type)
    if record_type.storage == "mapped":
        return _mapped(session, record_type, record_id, view, rows)
    stored = load(session.uow, record_type, record_id, rows, view.visible)
    if stored.active == trashed:
        raise NotFound(kind="record", kind_zh="记录", name=record_id)
    audit_clear(session, record_type, view, [stored.patient], record_id)
    return as_record(record_type, view, stored)


def _mapped(
    session: Session, record_type: RecordType, record_id: int, view: View, rows: ColumnElement[bool]
) -> dict[str, Any]:
    """A row of its owner's own table, which has an id and fields but no versions, trash or reasons."""
    reader = row_reader(session.uow, record_type, view.visible)
    found = reader.read_within(session.uow, record_id, rows)
    if found is None:
        raise NotFound(kind="record", kind_zh="记录", name=record_id)
    record = dict(zip(reader.names, found, strict=True))
    audit_clear(session, record_type, view, [record.get("patient")], record_id)
    values = {item.code: record[item.code] for item in view.visible if item.place}
    return record | apply(view, values, record.get("patient"))


def as_record(record_type: RecordType, view: View, stored: Stored) -> dict[str, Any]:
    known = record_type.by_id
    by_code = {known[field].code: reason for field, reason in stored.missing.items() if field in known}
    record = {name: getattr(stored, name) for name in SYSTEM_COLUMNS}
    record["missing"] = apply_reasons(view, by_code)
    return record | apply(view, stored.values, stored.patient)


def as_json(record_type: RecordType, record: dict[str, Any]) -> dict[str, Any]:
    """The record with every value in its JSON form; masked values stay as they are shown."""
    return {name: _json(record_type, name, value) for name, value in record.items()}


def _json(record_type: RecordType, name: str, value: Any) -> Any:
    item = record_type.by_code.get(name)
    if value is None or isinstance(value, Masked):
        return value
    if item is not None:
        return item.type.to_json(item)(value)
    return value.isoformat() if isinstance(value, datetime) else value

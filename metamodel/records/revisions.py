"""A record's history, and the record as it was at any time, rebuilt from its revisions."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Row, select

from metamodel.catalogue.model import RecordType
from metamodel.masking import View, apply, to_json
from metamodel.records.errors import ClearReadNeedsWrite
from metamodel.records.history import MISSING, seal_context
from metamodel.records.loading import load
from metamodel.records.session import Session
from metamodel.records.shapes import RevisionView
from metamodel.tables import revision
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.patients import unseal_for
from zhenshu.security.policy import Action

Json = dict[str, Any]


def open_sealed(uow: UnitOfWork, row: Row[Any]) -> Json | None:
    """The sealed part of a revision's diff: {} when it has none, None when its patient was forgotten."""
    if row.sealed is None:
        return {}
    context = seal_context(row.record_id, row.version)
    plain = unseal_for(uow, row.patient, bytes(row.sealed), context)
    return None if plain is None else dict(json.loads(plain))


def revisions(session: Session, record_type: RecordType, record_id: int) -> list[RevisionView]:
    """The record's steps, oldest first, as the subject may see them.

    Raises:
        NotFound: when there is no such record in the subject's rows.
        ClearReadNeedsWrite: when identifying values would be shown in a read unit.
    """
    view, patient = _visible(session, record_type, record_id)
    rows = session.uow.conn.execute(_history(record_type, record_id)).all()
    found = [_view(session.uow, record_type, view, row, patient) for row in rows]
    audit_clear(session, record_type, view, [patient], record_id)
    return found


def as_of(session: Session, record_type: RecordType, record_id: int, at: datetime) -> Json:
    """The record as it was at the instant `at`: system columns and values by field code.

    Fields that this release does not have are left out.

    Raises:
        NotFound: when the record is not in the subject's rows, or did not exist then.
        ClearReadNeedsWrite: when identifying values would be shown in a read unit.
    """
    view, patient = _visible(session, record_type, record_id)
    rows = session.uow.conn.execute(_history(record_type, record_id).where(revision.c.at <= at)).all()
    if not rows:
        raise NotFound(kind="record", kind_zh="记录", name=f"{record_id} @ {at.isoformat()}")
    values, reasons = _folded(session.uow, rows)
    known = record_type.by_id
    back = session.compiled(record_type).from_stored
    typed = {known[i].code: back[known[i].code](value) for i, value in values.items() if i in known}
    typed = {item.code: typed.get(item.code) for item in view.visible}
    missing = {known[i].code: code for i, code in reasons.items() if i in known and code is not None}
    audit_clear(session, record_type, view, [patient], record_id)
    return {
        "id": record_id, "row_version": rows[-1].version, "release_id": rows[-1].release_id,
        "status": "trashed" if rows[-1].action == "trash" else "active", "updated_at": rows[-1].at,
        "updated_by": rows[-1].subject_name, "missing": apply_reasons(view, missing),
    } | apply(view, typed, patient)  # fmt: skip


def apply_reasons(view: View, missing: Mapping[str, str]) -> dict[str, str]:
    """Missing-data codes of fields that are not hidden."""
    return {code: reason for code, reason in missing.items() if code not in view.hidden}


def audit_clear(
    session: Session, record_type: RecordType, view: View, patients: Iterable[int | None], record_id: int
) -> None:
    """Audit that identifying fields of one record are shown in clear, if the view does so.

    Raises:
        ClearReadNeedsWrite: when it does in a unit that can't write.
    """
    if not view.identifies:
        session.note_browsing(record_type)
        return
    if not session.uow.writes:
        raise ClearReadNeedsWrite(type=record_type.path)
    session.note(
        "read", record_type, patients=list(patients), fields=view.identifies, detail={"ids": [record_id]}
    )


def _visible(session: Session, record_type: RecordType, record_id: int) -> tuple[View, int | None]:
    """How the subject sees the record, and its patient. A record in the trash has its history, too."""
    session.access.look_at(record_type, record_id)
    view = session.access.view(Action.VIEW, record_type)
    rows = session.access.rows(Action.VIEW, record_type)
    return view, load(session.uow, record_type, record_id, rows, fields=()).patient


def _history(record_type: RecordType, record_id: int) -> Any:
    return (
        select(revision)
        .where(revision.c.record_type_id == record_type.number, revision.c.record_id == record_id)
        .order_by(revision.c.version)
    )


def _view(
    uow: UnitOfWork, record_type: RecordType, view: View, row: Row[Any], patient: int | None
) -> RevisionView:
    opened = open_sealed(uow, row)
    values = {field_id: pair for field_id, pair in row.diff.items() if field_id != MISSING}
    return RevisionView(
        row.version, row.action, row.at, row.subject_name, row.channel, row.release_id,
        _pairs(record_type, view, values | (opened or {}), patient),
        _pairs(record_type, view, row.diff.get(MISSING, {}), patient, mask=False),
        row.provenance, forgotten=opened is None,
    )  # fmt: skip


def _pairs(
    record_type: RecordType, view: View, diff: Mapping[str, Any], patient: int | None, mask: bool = True
) -> dict[str, tuple[Any, Any]]:
    """Changes by field code as the view shows them. A field this release does not have is not shown:
    whether it may be seen can't be known."""
    pairs: dict[str, tuple[Any, Any]] = {}
    for field_id, (old, new) in diff.items():
        item = record_type.by_id.get(field_id)
        if item is None or item.code in view.hidden:
            continue
        show = to_json(view, item)
        pairs[item.code] = (show(old, patient), show(new, patient)) if mask else (old, new)
    return pairs


def _folded(uow: UnitOfWork, rows: Iterable[Row[Any]]) -> tuple[Json, Json]:
    """Values and missing-data codes by field id after the last of these revisions."""
    values: Json = {}
    reasons: Json = {}
    for row in rows:
        diff = row.diff | (open_sealed(uow, row) or {})
        values |= {field_id: pair[1] for field_id, pair in diff.items() if field_id != MISSING}
        for field_id, (_, new) in row.diff.get(MISSING, {}).items():
            reasons[field_id] = new
    return values, reasons

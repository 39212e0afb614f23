"""Telling an editor what others changed meanwhile, so that a page can merge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from sqlalchemy import select

from metamodel.catalogue.model import RecordType
from metamodel.masking import View
from metamodel.records.errors import RecordChanged
from metamodel.records.history import MISSING
from metamodel.records.loading import Stored
from metamodel.records.revisions import open_sealed
from metamodel.tables import revision
from zhenshu.db.unit_of_work import UnitOfWork


def raise_changed(
    uow: UnitOfWork, record_type: RecordType, current: Stored, expected: int, view: View
) -> NoReturn:
    """
    Raises:
        RecordChanged: always; its details tell who changed which fields when since version `expected`.
    """
    query = (
        select(revision)
        .where(
            revision.c.record_type_id == record_type.number,
            revision.c.record_id == current.id,
            revision.c.version > expected,
        )
        .order_by(revision.c.version)
    )
    changes = [
        {
            "version": row.version, "action": row.action, "by": row.subject_name, "at": row.at.isoformat(),
            "fields": _codes(record_type, view, row.diff | (open_sealed(uow, row) or {})),
        }
        for row in uow.conn.execute(query)
    ]  # fmt: skip
    raise RecordChanged(
        by=current.updated_by, at=current.updated_at.isoformat(timespec="seconds"),
        version=current.row_version, changes=changes,
    )  # fmt: skip


def _codes(record_type: RecordType, view: View, diff: Mapping[str, Any]) -> list[str]:
    """Codes of the changed fields that the view may know of."""
    ids = {field_id for field_id in diff if field_id != MISSING} | set(diff.get(MISSING, ()))
    known = (record_type.by_id[field_id].code for field_id in ids if field_id in record_type.by_id)
    return sorted(code for code in known if code not in view.hidden)

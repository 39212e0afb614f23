"""Telling an editor what others changed meanwhile, so that a page can merge."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NoReturn

from sqlalchemy import Select, select

from metamodel.catalogue.model import RecordType
from metamodel.masking import View
from metamodel.records.errors import RecordChanged
from metamodel.records.history import CALCULATED, MISSING
from metamodel.records.loading import Stored
from metamodel.records.revisions import open_sealed
from metamodel.tables import revision
from zhenshu.db.unit_of_work import UnitOfWork


def only_calculated(uow: UnitOfWork, record_type: RecordType, current: Stored, expected: int) -> bool:
    """Whether nothing but calculations of other acts came after version `expected`: no editor wrote those,
    so there is nothing to merge."""
    if expected > current.row_version:
        return False
    made = uow.conn.scalars(_since(record_type, current, expected, revision.c.provenance)).all()
    calculated = [item for item in made if item is not None and item.get("kind") == CALCULATED]
    return len(calculated) == current.row_version - expected


def raise_changed(
    uow: UnitOfWork, record_type: RecordType, current: Stored, expected: int, view: View
) -> NoReturn:
    """
    Raises:
        RecordChanged: always; its details tell who changed which fields when since version `expected`.
    """
    query = _since(record_type, current, expected, revision)
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


def _since(record_type: RecordType, current: Stored, expected: int, *what: Any) -> Select[Any]:
    """The revisions after version `expected`, oldest first."""
    return (
        select(*what)
        .where(
            revision.c.record_type_id == record_type.number,
            revision.c.record_id == current.id,
            revision.c.version > expected,
        )
        .order_by(revision.c.version)
    )


def _codes(record_type: RecordType, view: View, diff: Mapping[str, Any]) -> list[str]:
    """Codes of the changed fields that the view may know of."""
    ids = {field_id for field_id in diff if field_id != MISSING} | set(diff.get(MISSING, ()))
    known = (record_type.by_id[field_id].code for field_id in ids if field_id in record_type.by_id)
    return sorted(code for code in known if code not in view.hidden)

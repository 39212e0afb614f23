"""Putting checked drafts into the tables, with their revisions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from metamodel.records.compiled import CompiledType
from metamodel.records.draft import Draft
from metamodel.records.history import Historian, changed_reasons, new_values
from metamodel.records.owners import assign_patients, keys_for
from metamodel.records.shapes import Provenance
from metamodel.storage import next_record_ids
from metamodel.storage.layout import ACTIVE
from metamodel.storage.protected import seal_value
from zhenshu.db.unit_of_work import UnitOfWork


def insert_drafts(
    uow: UnitOfWork, compiled: CompiledType, drafts: Sequence[Draft], provenance: Provenance | None
) -> None:
    """Store `drafts`: patients, one row in every part, one revision each.

    Raises:
        IntegrityError: when another transaction took a key or place first; the caller rolls back.
        PatientForgotten: when identifying values are given for a forgotten patient.
    """
    made: dict[int, bytes] = {}
    if compiled.type.parent is None:
        made = assign_patients(uow, compiled.type, drafts)
    for draft, record_id in zip(drafts, next_record_ids(uow, len(drafts)), strict=True):
        draft.id = record_id
    keys = keys_for(uow, compiled, drafts, made)
    for part, (codes, inserter) in enumerate(compiled.parts):
        inserter.insert(uow.conn, [_row(uow, compiled, draft, part, codes, keys) for draft in drafts])
    _write_history(uow, compiled, drafts, keys, provenance)


def _row(
    uow: UnitOfWork, compiled: CompiledType, draft: Draft, part: int, codes: tuple[str, ...],
    keys: dict[int, bytes],
) -> list[Any]:  # fmt: skip
    get = draft.values.get
    values: list[Any] = []
    for code in codes:
        if (item := compiled.protected.get(code)) is None:
            values.append(get(code))
        else:
            key = None if draft.patient is None else keys.get(draft.patient)
            values += seal_value(uow, item, draft.id, draft.patient, key, get(code))
    if part > 0:
        return [draft.id, *values]
    name, at = uow.subject.name, uow.at
    return [
        draft.id, draft.patient, draft.new.parent, draft.new.event, draft.repeat_key, draft.centre,
        uow.subject.id, compiled.type.release_id, 1, ACTIVE, name, at, name, at, draft.missing or None,
        *values,
    ]  # fmt: skip


def _write_history(
    uow: UnitOfWork, compiled: CompiledType, drafts: Sequence[Draft], keys: dict[int, bytes],
    provenance: Provenance | None,
) -> None:  # fmt: skip
    historian = Historian(uow, compiled, "add", provenance)
    for draft in drafts:
        plain, identifying = new_values(compiled, draft.values)
        if draft.missing:
            plain |= changed_reasons({}, draft.missing)
        key = None if draft.patient is None else keys.get(draft.patient)
        historian.note(draft.id, 1, draft.patient, plain, identifying, key)
    historian.write()

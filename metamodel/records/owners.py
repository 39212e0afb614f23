"""Which patient a record belongs to: a root record finds or makes one, all others inherit."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from metamodel.catalogue.model import RecordType
from metamodel.records.compiled import CompiledType
from metamodel.records.draft import Draft
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.patients import add_identifiers, create_patients, find_patients, load_keys


def identifier_system(record_type: RecordType) -> str:
    """The system under which the patient index knows the key values of a database."""
    return f"db:{record_type.database}"


def key_text(record_type: RecordType) -> Callable[[Any], str]:
    """From a value of the record type's key field to the text it is found by."""
    assert record_type.key is not None
    item = record_type.field(record_type.key)
    return item.type.to_text(item, None)


def assign_patients(uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]) -> dict[int, bytes]:
    """Give each root record's draft its patient; the keys of those made now.

    A key value known already (from a record in the trash, say) leads to the same patient.
    """
    system = identifier_system(record_type)
    known = find_patients(uow, system, [draft.key for draft in drafts if draft.key])
    without = [draft for draft in drafts if draft.key not in known]
    keys = create_patients(uow, len(without))
    for draft, patient in zip(without, keys, strict=True):
        draft.patient = patient
    for draft in drafts:
        if draft.key in known:
            draft.patient = known[draft.key]
    identifiers = {draft.patient: draft.key for draft in without if draft.patient and draft.key}
    add_identifiers(uow, system, identifiers, keys)
    return keys


def keys_for(
    uow: UnitOfWork, compiled: CompiledType, drafts: Sequence[Draft], made: dict[int, bytes]
) -> dict[int, bytes]:
    """Patient keys of those drafts that hold identifying values."""
    identifying = compiled.identifying
    needed = {
        draft.patient
        for draft in drafts
        if draft.patient is not None and draft.patient not in made
        and any(draft.values.get(code) is not None for code in identifying)
    }  # fmt: skip
    return made | load_keys(uow, needed) if needed else made

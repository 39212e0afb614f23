"""What the database may refuse in new records, found by set queries before anything is written."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from sqlalchemy import select, true

from metamodel.catalogue.model import RecordType
from metamodel.records import problems
from metamodel.records.access import Access
from metamodel.records.compiled import CompiledType, joined
from metamodel.records.draft import Draft
from metamodel.records.problems import Problem
from metamodel.storage.layout import ACTIVE
from metamodel.storage.protected import BlindIndex, blind_index
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.patients import load_keys
from zhenshu.security.policy import Action

CHUNK = 1000


def taken_keys(uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]) -> list[Problem | None]:
    """For each draft the problem with its key value: another record's, here or earlier in the batch."""
    code = record_type.key
    if code is None:
        return [None] * len(drafts)
    same = key_identity(uow, record_type)
    given = [draft.values.get(code) for draft in drafts]
    values = [same(value) for value in given]
    taken = set(_taken(uow, record_type, given))
    found: list[Problem | None] = []
    for value in values:
        found.append(problems.duplicate_key(code) if value in taken else None)
        taken.add(value)
    return found


def key_identity(uow: UnitOfWork, record_type: RecordType) -> Callable[[Any], Any]:
    """From a key value to what equal ones have in common: itself, or its blind index."""
    index = _index(uow, record_type)
    if index is None:
        return _same
    return lambda value: None if value is None else index.of(value)


def stored_keys(uow: UnitOfWork, record_type: RecordType, values: Iterable[Any]) -> dict[Any, Any]:
    """What the key's column may hold of `values` -> their identity, see `key_identity`.

    While the key of blind indexes is being replaced, that is one of two hashes.
    """
    index = _index(uow, record_type)
    known = [value for value in values if value is not None]
    if index is None:
        return {value: value for value in known}
    return {stored: index.of(value) for value in known for stored in index.all_of(value)}


def _index(uow: UnitOfWork, record_type: RecordType) -> BlindIndex | None:
    assert record_type.key is not None
    place = record_type.field(record_type.key).place
    return blind_index(uow, place.name) if place and place.protected else None


def records_with_key(uow: UnitOfWork, record_type: RecordType, values: Sequence[Any]) -> dict[Any, int]:
    """Key value -> id of the record that has it, for those of `values` that are taken."""
    same = key_identity(uow, record_type)
    told = {value: same(value) for value in values}
    found = _taken(uow, record_type, values)
    return {value: found[key] for value, key in told.items() if key in found}


def _taken(uow: UnitOfWork, record_type: RecordType, values: Sequence[Any]) -> dict[Any, int]:
    """The identity of a value -> id of the record that has it, for those of `values` that are taken."""
    assert record_type.key is not None
    main, column = record_type.main, record_type.key_column()
    place = record_type.field(record_type.key).place
    part = place.part if place else 0
    # A key beside no status column is unique over the trash, too: see `metamodel.storage.layout.key_index`.
    within = main.c.status == ACTIVE if part == 0 else true()
    found: dict[Any, int] = {}
    stored = stored_keys(uow, record_type, values)
    keys = list(stored)
    for start in range(0, len(keys), CHUNK):
        query = (
            select(column, main.c.id)
            .select_from(joined(record_type, {part}))
            .where(column.in_(keys[start : start + CHUNK]), within)
        )
        found.update({stored[plain(key)]: record_id for key, record_id in uow.conn.execute(query)})
    return found


def _same(value: Any) -> Any:
    return value


def plain(key: Any) -> Any:
    """What the driver gave for a key, to be looked up by."""
    return bytes(key) if isinstance(key, memoryview) else key


def forgotten_patients(
    uow: UnitOfWork, compiled: CompiledType, drafts: Sequence[Draft]
) -> list[Problem | None]:
    """For each draft the problem that it gives identifying values of a patient who was forgotten."""
    given = [_identifying_field(compiled, draft) for draft in drafts]
    asked = {draft.patient for draft, code in zip(drafts, given, strict=True) if code and draft.patient}
    forgotten = asked - load_keys(uow, asked).keys() if asked else set()
    return [
        problems.patient_forgotten(code) if code and draft.patient in forgotten else None
        for draft, code in zip(drafts, given, strict=True)
    ]


def _identifying_field(compiled: CompiledType, draft: Draft) -> str | None:
    if draft.patient is None:
        return None
    return next((code for code in compiled.identifying if draft.values.get(code) is not None), None)


def outside_rows(
    access: Access, uow: UnitOfWork, record_type: RecordType, drafts: Sequence[Draft]
) -> list[Draft]:
    """Those of the drafts, stored just now, that the subject's row rule does not cover."""
    if access.scope(Action.ADD, record_type).rows is None:
        return []
    main = record_type.main
    inside: set[int] = set()
    for start in range(0, len(drafts), CHUNK):
        ids = [draft.id for draft in drafts[start : start + CHUNK]]
        query = select(main.c.id).where(main.c.id.in_(ids), access.rows(Action.ADD, record_type))
        inside.update(uow.conn.scalars(query))
    return [draft for draft in drafts if draft.id not in inside]

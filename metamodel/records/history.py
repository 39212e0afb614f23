"""Writing revisions: JSON diffs by field id, identifying values sealed under the patient's key."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from metamodel.records.bulk import Inserter, Row, encode_json
from metamodel.records.compiled import CompiledType
from metamodel.records.shapes import Provenance
from metamodel.tables import revision
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.patients import PatientForgotten
from zhenshu.security.secrets import seal

# Where a diff keeps changes of missing-data codes. No field id begins with "$".
MISSING = "$missing"

# The kind, in a revision's provenance, of one that no editor made: values calculated anew.
CALCULATED = "calculated"

COLUMNS = (
    "record_type_id", "record_id", "version", "action", "release_id", "patient", "diff", "sealed",
    "provenance", "subject_id", "subject_name", "channel", "at",
)  # fmt: skip

Diff = dict[str, Any]


def seal_context(record_id: int, version: int) -> bytes:
    """What binds sealed values to their place in history."""
    return f"{record_id}:{version}".encode()


def new_values(compiled: CompiledType, values: Mapping[str, Any]) -> tuple[Diff, Diff]:
    """The diff of a new record, plain and identifying: {field id: [None, JSON value]}."""
    plain: Diff = {}
    identifying: Diff = {}
    traits = compiled.traits
    for code, value in values.items():
        if value is not None:
            trait = traits[code]
            (identifying if trait.identifying else plain)[trait.id] = [None, trait.to_json(value)]
    return plain, identifying


def changed_values(
    compiled: CompiledType, old: Mapping[str, Any], new: Mapping[str, Any]
) -> tuple[Diff, Diff]:
    """The diff of a change, plain and identifying: {field id: [old, new]} of those in `new` that differ."""
    plain: Diff = {}
    identifying: Diff = {}
    for code, value in new.items():
        before = old.get(code)
        if value != before:
            trait = compiled.traits[code]
            part = identifying if trait.identifying else plain
            part[trait.id] = [trait.to_json(before), trait.to_json(value)]
    return plain, identifying


def changed_reasons(old: Mapping[str, str], new: Mapping[str, str]) -> Diff:
    """The diff of missing-data codes, ready to be put into a diff."""
    ids = [field_id for field_id in {**old, **new} if old.get(field_id) != new.get(field_id)]
    return {MISSING: {field_id: [old.get(field_id), new.get(field_id)] for field_id in ids}} if ids else {}


class Historian:
    """Writes the revisions of one act on records of one type."""

    def __init__(self, uow: UnitOfWork, compiled: CompiledType, action: str, provenance: Provenance | None):
        self._uow = uow
        self._type = compiled.type
        self._action = action
        self._provenance = None if provenance is None else encode_json(dict(provenance))
        self._rows: list[Row] = []

    def note(
        self, record_id: int, version: int, patient: int | None, plain: Diff, identifying: Diff,
        key: bytes | None,
    ) -> None:  # fmt: skip
        """Remember one revision; `key` is the patient's, needed when there are identifying values.

        Raises:
            PatientForgotten: when there are identifying values but no key.
        """
        uow = self._uow
        sealed = None
        if identifying:
            if key is None:
                raise PatientForgotten(patient=patient)
            sealed = seal(key, encode_json(identifying).encode(), seal_context(record_id, version))
        # Encoded at once: thousands of small lists kept alive would keep the garbage collector busy.
        diff = encode_json(plain)
        head = [self._type.number, record_id, version, self._action, self._type.release_id, patient]
        by = [uow.subject.id, uow.subject.name, uow.channel.value, uow.at]
        self._rows.append([*head, diff, sealed, self._provenance, *by])

    def write(self) -> None:
        inserter(self._uow).insert(self._uow.conn, self._rows)
        self._rows = []


def inserter(uow: UnitOfWork) -> Inserter:
    memo = uow.instance.memo
    found: Inserter | None = memo.get("records.revision")
    if found is None:
        found = memo["records.revision"] = Inserter(
            revision, COLUMNS, uow.conn.dialect, bound=("diff", "provenance")
        )
    return found


def write_plain(
    uow: UnitOfWork, compiled: CompiledType, action: str, provenance: Provenance,
    records: Sequence[tuple[int, int, int | None]],
) -> None:  # fmt: skip
    """Revisions without values, of a trashing or restoring; `records` are (id, version, patient)."""
    historian = Historian(uow, compiled, action, provenance)
    for record_id, version, patient in records:
        historian.note(record_id, version, patient, {}, {}, None)
    historian.write()

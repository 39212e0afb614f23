"""The record store: every act on records of the live databases goes through here."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from metamodel.catalogue.model import Catalogue, RecordType
from metamodel.records import fetching, keyed, revisions, trash
from metamodel.records.adding import Adding
from metamodel.records.changing import Changing
from metamodel.records.errors import DuplicateKey, DuplicateRecord, RecordInvalid
from metamodel.records.problems import Problem
from metamodel.records.session import Session
from metamodel.records.shapes import (
    BulkResult,
    NewRecord,
    Provenance,
    RecordRef,
    RevisionView,
    Saved,
)
from zhenshu.db.unit_of_work import UnitOfWork


class RecordStore:
    """Records within one unit of work, by its subject's scope.

    Every act writes values, revision, audit row and the event `record.saved` in the unit's transaction.
    """

    def __init__(self, uow: UnitOfWork, catalogue: Catalogue | None = None) -> None:
        self._session = Session(uow, catalogue)

    def add(
        self, type: RecordType, values: Mapping[str, Any], *, parent: int | None = None, event: str = "",
        repeat_key: int | None = None, missing: Mapping[str, str] | None = None,
        provenance: Provenance | None = None,
    ) -> Saved:  # fmt: skip
        """Add one record; `repeat_key` None takes the next.

        Raises:
            RecordInvalid: with every problem; DuplicateKey or DuplicateRecord when it is just that.
            Denied, OwnerWrites: see their messages.
        """
        new = NewRecord(values, parent, event, repeat_key, missing or {})
        result = Adding(self._session, type, [new], provenance).run()
        record_id = result.ids[0]
        if record_id is None:
            raise _invalid(result.rejected[0][1])
        warnings = result.warnings[0][1] if result.warnings else ()
        return Saved(record_id, 1, tuple(warnings))

    def add_many(
        self, type: RecordType, rows: Sequence[NewRecord], provenance: Provenance | None = None
    ) -> BulkResult:
        """Add the rows that are in order; the others come back with their problems.

        A few thousand rows a call is a good size: everything is worked out set by set.
        """
        return Adding(self._session, type, rows, provenance).run()

    def add_keyed(
        self, type: RecordType, parent: int | None, version: str, values: Sequence[float | None],
        provenance: Provenance | None = None,
    ) -> Saved:  # fmt: skip
        """Add an array of a keyed type under its owner; `values` follow the names of `version`.

        `register_names` makes the names of a version known.

        Raises:
            NotKeyed, WrongLength, NotNumbers, NotFound, RecordInvalid, Denied: see their messages.
        """
        return keyed.add_keyed(self._session, type, parent, version, values, provenance)

    def change(
        self, type: RecordType, id: int, values: Mapping[str, Any], expected_version: int,
        missing: Mapping[str, str | None] | None = None, provenance: Provenance | None = None,
    ) -> Saved:  # fmt: skip
        """Change the given fields; None empties one, a reason None in `missing` takes the reason away.

        Raises:
            RecordChanged: when the record is no longer at `expected_version`; tells who changed what.
            RecordInvalid, DuplicateKey, RecordInTrash, NotFound, Denied, OwnerWrites.
        """
        act = Changing(self._session, type, id, expected_version, provenance)
        return act.run(values, missing or {})

    def trash(
        self, type: RecordType, id: int, expected_version: int, provenance: Provenance | None = None
    ) -> list[RecordRef]:
        """Put the record and all below it into the trash; those that went there, the record first."""
        return trash.trash(self._session, type, id, expected_version, provenance)

    def restore(self, type: RecordType, id: int, provenance: Provenance | None = None) -> list[RecordRef]:
        """Bring the record back with exactly those that went to the trash with it."""
        return trash.restore(self._session, type, id, provenance)

    def get(self, type: RecordType, id: int, trashed: bool = False) -> dict[str, Any]:
        """One record as a flat mapping of system columns and typed values by field code."""
        return fetching.get(self._session, type, id, trashed)

    def revisions(self, type: RecordType, id: int) -> list[RevisionView]:
        """The record's history, oldest step first."""
        return revisions.revisions(self._session, type, id)

    def as_of(self, type: RecordType, id: int, at: datetime) -> dict[str, Any]:
        """The record as it was at an instant, rebuilt from its revisions."""
        return revisions.as_of(self._session, type, id, at)


def _invalid(problems: Sequence[Problem]) -> RecordInvalid:
    codes = {problem.code for problem in problems if problem.severity == "error"}
    if codes == {"duplicate_key"}:
        return DuplicateKey(problems)
    return DuplicateRecord(problems) if codes == {"duplicate_record"} else RecordInvalid(problems)

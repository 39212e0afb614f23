"""What the acts on records share: unit of work, catalogue, access, compiled types, audit and events."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

from metamodel.catalogue import Catalogue, Database, RecordType, catalogue_of
from metamodel.records.access import Access
from metamodel.records.compiled import CompiledType, compiled_type
from metamodel.records.errors import OwnerWrites
from rules_dsl import Context
from zhenshu.audit import record as audit
from zhenshu.audit.seldom import record_seldom
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.events import Event, emit


class Session:
    """One unit of work's dealings with records."""

    def __init__(self, uow: UnitOfWork, catalogue: Catalogue | None = None) -> None:
        self.uow = uow
        self.access = Access(uow)
        self._catalogue = catalogue

    @cached_property
    def catalogue(self) -> Catalogue:
        return self._catalogue or catalogue_of(self.uow)

    @cached_property
    def context(self) -> Context:
        """What rules know of the world: the unit's instant, the hospital's zone, the subject's language."""
        return Context(self.uow.at, self.uow.instance.settings.zone, self.uow.subject.language)

    def database(self, record_type: RecordType) -> Database:
        return self.catalogue.database(record_type.database)

    def compiled(self, record_type: RecordType) -> CompiledType:
        return compiled_type(self.uow, record_type, self.database(record_type))

    def note(
        self, action: str, record_type: RecordType, *, patients: Sequence[int | None],
        fields: Sequence[str] = (), detail: Mapping[str, Any],
    ) -> None:  # fmt: skip
        """One audit row of an act."""
        known = sorted({patient for patient in patients if patient is not None})
        audit(
            self.uow, action, "records", record_type.path, patients=known, fields=sorted(fields),
            detail=dict(detail),
        )  # fmt: skip

    def note_browsing(self, record_type: RecordType) -> None:
        """That the subject looks at records of the type without identities: one audit row in a while."""
        if self.uow.subject.id is not None:
            record_seldom(self.uow, "browse", "records", record_type.path)

    def announce(
        self, action: str, record_type: RecordType, ids: Sequence[int],
        below: Mapping[str, Sequence[int]] | None = None,
    ) -> None:  # fmt: skip
        """The event `record.saved`, once per act; `below` are records that went along, by type path."""
        payload: dict[str, Any] = {"action": action, "ids": list(ids)}
        if below:
            payload["below"] = {path: list(others) for path, others in below.items()}
        emit(self.uow, Event("record.saved", record_type.path, payload))


def refuse_owner_written(record_type: RecordType) -> None:
    """
    Raises:
        OwnerWrites: when the records are not written here.
    """
    if record_type.writer != "records" or record_type.storage == "mapped":
        raise OwnerWrites(type=record_type.path)

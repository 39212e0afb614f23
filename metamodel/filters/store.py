"""Saving, listing, changing and removing what people filter by, each as far as the subject may.

A saved document belongs to who saved it. A shared one is seen by all who may view its record type; only its
owner or a research admin changes it. It is sealed, since what a person types into a filter may identify
somebody, and it is changed in place. A removed one can be brought back for `KEPT`.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, ClassVar, Final, Generic, Protocol, TypeVar

from sqlalchemy import Row, Select, delete, insert, or_, select, update

from metamodel.catalogue import Database, RecordType
from metamodel.definitions.following import mentions_in, named_in
from metamodel.filters.errors import FilterChanged, FilterNotYours, SharedFilterIdentifies
from metamodel.filters.fitting import Reading, identifying_fields
from metamodel.filters.tables import saved_filter, sealed_context
from metamodel.records.access import scope_of
from zhenshu.audit import record as audit
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security import Action, Denied, Resource, Scope
from zhenshu.security.secrets import seal, unseal

KEPT: Final = timedelta(days=30)
TREE_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class Saved:
    """What a reader may see of whatever is saved."""

    id: int
    version: int
    name: str
    description: str
    record_type: str
    shared: bool
    owner: str
    mine: bool
    may_change: bool
    updated_at: datetime
    updated_by: str


class New(Protocol):
    """What a person gives to be saved: a name, and rules over a record type."""

    @property
    def name(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def record_type(self) -> str: ...
    @property
    def shared(self) -> bool: ...


NewT = TypeVar("NewT", bound=New)
SavedT = TypeVar("SavedT", bound=Saved)


class SavedRules(ABC, Generic[NewT, SavedT]):
    """The saved documents of one kind and one database, in one unit of work."""

    kind: ClassVar[str]  # of the documents, and as the trail calls them
    act: ClassVar[str]  # the last word of what the trail says was done
    name: ClassVar[tuple[str, str]]  # what one is called, in Chinese and English

    def __init__(self, uow: UnitOfWork, database: Database) -> None:
        self._uow = uow
        self._database = database
        self._scopes: dict[str, Scope | None] = {}

    @abstractmethod
    def _rules_in(self, document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        """The parts of a document that are rules, each with `where` and `named`."""

    @abstractmethod
    def _written(self, new: NewT, record_type: RecordType) -> Mapping[str, Any]:
        """What of `new` is this kind's own, as a document has it.

        Raises:
            QueryWrong, QueryNotAllowed: when a rule is none the subject may filter by.
        """

    @abstractmethod
    def _as_saved(self, head: Saved, document: Mapping[str, Any], readings: Sequence[Reading]) -> SavedT:
        """The document as its reader may see it."""

    @abstractmethod
    def _changed(self, shown: SavedT, document: Mapping[str, Any], changes: Mapping[str, Any]) -> NewT:
        """What a document becomes by `changes`; what they leave alone is kept with the names of today."""

    def page(self, record_type: str | None, after: int, limit: int) -> tuple[list[SavedT], int | None]:
        """In the order they were saved, and the id after which to go on, None at the end."""
        found: list[SavedT] = []
        for row in self._uow.conn.execute(self._listed(after)).all():
            shown = self._shown(row)
            if shown is None or record_type not in (None, shown.record_type):
                continue
            if len(found) == limit:
                return found, found[-1].id
            found.append(shown)
        return found, None

    def get(self, saved_id: int) -> SavedT:
        """
        Raises:
            NotFound: when there is none that the subject may see.
        """
        return self._shown_or_missing(self._row(saved_id))

    def add(self, new: NewT) -> SavedT:
        """
        Raises:
            NotFound, Denied: when the record type is not there, or its records may not be viewed.
            QueryWrong, QueryNotAllowed: when a rule is none the subject may filter by.
            SharedFilterIdentifies: when it would show others whom it is about.
        """
        record_type = self._database.record_type(new.record_type)
        document = self._document(new, record_type)
        values = {
            "definition_id": self._database.id,
            "type_id": record_type.id or record_type.code,
            "owner_id": self._uow.subject.id,
            "owner_name": self._uow.subject.name,
            "version": 1,
            **self._stored(document, new.shared, self._uow.subject.id),
        }
        made = self._uow.conn.execute(insert(saved_filter).returning(saved_filter.c.id), values).scalar_one()
        return self._noted("save", made)

    def change(self, saved_id: int, version: int, changes: Mapping[str, Any]) -> SavedT:
        """Give it another name, description, audience or other rules.

        Raises:
            NotFound, FilterNotYours, FilterChanged, and what `add` raises.
        """
        row = self._mine(saved_id, version)
        new = self._changed(self._shown_or_missing(row), self._open(row), changes)
        document = self._document(new, self._type_of(row))
        self._update(row, self._stored(document, new.shared, row.owner_id))
        return self._noted("change", saved_id)

    def remove(self, saved_id: int, version: int) -> None:
        """Put it into the trash; what has been there for longer than `KEPT` goes for good.

        Raises:
            NotFound, FilterNotYours, FilterChanged.
        """
        row = self._mine(saved_id, version)
        self._update(row, {"removed_at": self._uow.at})
        self._note("remove", row)
        overdue = saved_filter.c.removed_at < self._uow.at - KEPT
        self._uow.conn.execute(delete(saved_filter).where(overdue))

    def restore(self, saved_id: int) -> SavedT:
        """
        Raises:
            NotFound: when it was not removed, or has gone for good.
            FilterNotYours: when it is another's.
        """
        row = self._mine(saved_id, None, removed=True)
        self._update(row, {"removed_at": None})
        return self._noted("restore", saved_id)

    def _document(self, new: NewT, record_type: RecordType) -> dict[str, Any]:
        """The document of what the subject may filter by."""
        self._require(record_type)
        head = {"kind": self.kind, "name": new.name, "description": new.description}
        document = {**head, **self._written(new, record_type)}
        persons = {
            code
            for rule in self._rules_in(document)
            for code in identifying_fields(rule["where"], record_type, self._database)
        }
        if new.shared and persons:
            raise SharedFilterIdentifies(fields=", ".join(sorted(persons)), **self._named())
        return document

    def _rule(self, where: str, record_type: RecordType) -> dict[str, Any]:
        """A rule as a document has it, with the ids of what it names."""
        named = named_in(where, record_type, self._database)
        return {"where": where, "tree_version": TREE_VERSION, "named": [item.as_json() for item in named]}

    def _stored(self, document: Mapping[str, Any], shared: bool, owner_id: int | None) -> dict[str, Any]:
        plain = json.dumps(document, ensure_ascii=False, separators=(",", ":")).encode()
        return {
            "document": seal(self._uow.instance.secrets.master, plain, self._context(owner_id)),
            "shared": shared,
            "updated_by": self._uow.subject.name,
            "updated_at": self._uow.at,
        }

    def _open(self, row: Row[Any]) -> dict[str, Any]:
        plain = unseal(self._uow.instance.secrets.master, row.document, self._context(row.owner_id))
        document: dict[str, Any] = json.loads(plain)
        return document

    def _context(self, owner_id: int | None) -> bytes:
        return sealed_context(self._database.id, owner_id)

    def _listed(self, after: int) -> Select[Any]:
        c = saved_filter.c
        mine = c.owner_id.is_(None) if self._uow.subject.id is None else c.owner_id == self._uow.subject.id
        query = select(saved_filter).where(
            c.definition_id == self._database.id, c.id > after, c.removed_at.is_(None), or_(c.shared, mine)
        )
        return query.order_by(c.id)

    def _row(self, saved_id: int, removed: bool = False) -> Row[Any]:
        row = self._any_row(saved_id)
        if row is None or (row.removed_at is not None) is not removed or not (row.shared or self._owns(row)):
            raise self._missing(saved_id)
        return row

    def _any_row(self, saved_id: int) -> Row[Any] | None:
        c = saved_filter.c
        query = select(saved_filter).where(c.id == saved_id, c.definition_id == self._database.id)
        return self._uow.conn.execute(query.with_for_update() if self._uow.writes else query).one_or_none()

    def _mine(self, saved_id: int, version: int | None, removed: bool = False) -> Row[Any]:
        row = self._row(saved_id, removed)
        self._shown_or_missing(row)
        if not self._may_change(row):
            raise FilterNotYours(owner=row.owner_name, **self._named())
        if version is not None and row.version != version:
            raise FilterChanged(by=row.updated_by, version=row.version, **self._named())
        return row

    def _shown_or_missing(self, row: Row[Any]) -> SavedT:
        shown = self._shown(row)
        if shown is None:
            raise self._missing(row.id)
        return shown

    def _shown(self, row: Row[Any]) -> SavedT | None:
        """As the subject may see it; None: of another kind, or its records or fields are not for them."""
        record_type = self._find_type(row)
        if record_type is None or self._scope(record_type) is None:
            return None
        document = self._open(row)
        if document["kind"] != self.kind:
            return None
        mine = self._owns(row)
        readings = [
            Reading.of(self._uow, self._database, record_type, rule) for rule in self._rules_in(document)
        ]
        if not mine and any(reading.withheld for reading in readings):
            return None
        head = Saved(
            row.id, row.version, document["name"], document["description"], record_type.code, row.shared,
            row.owner_name, mine, self._may_change(row), row.updated_at, row.updated_by,
        )  # fmt: skip
        return self._as_saved(head, document, readings)

    def _owns(self, row: Row[Any]) -> bool:
        return bool(row.owner_id == self._uow.subject.id)

    def _may_change(self, row: Row[Any]) -> bool:
        if self._owns(row):
            return True
        try:
            self._uow.instance.policy.scope(
                self._uow.subject, Action.DESIGN, Resource("databases", self._database.code),
                self._uow.channel, self._uow.at,
            )  # fmt: skip
        except Denied:
            return False
        return True

    def _find_type(self, row: Row[Any]) -> RecordType | None:
        return next((t for t in self._database.record_types if (t.id or t.code) == row.type_id), None)

    def _type_of(self, row: Row[Any]) -> RecordType:
        found = self._find_type(row)
        assert found is not None  # `_shown` has looked
        return found

    def _require(self, record_type: RecordType) -> Scope:
        return scope_of(self._uow, Action.VIEW, record_type)

    def _scope(self, record_type: RecordType) -> Scope | None:
        if record_type.code not in self._scopes:
            try:
                self._scopes[record_type.code] = self._require(record_type)
            except Denied:
                self._scopes[record_type.code] = None
        return self._scopes[record_type.code]

    def _update(self, row: Row[Any], values: Mapping[str, Any]) -> None:
        changed = {**values, "version": row.version + 1}
        self._uow.conn.execute(update(saved_filter).where(saved_filter.c.id == row.id).values(**changed))

    def _noted(self, act: str, saved_id: int) -> SavedT:
        row = self._any_row(saved_id)  # a research admin may just have made it private to its owner
        assert row is not None
        self._note(act, row)
        return self._shown_or_missing(row)

    def _note(self, act: str, row: Row[Any]) -> None:
        """The trail is append-only: it learns which fields the rules name, never the name or the values."""
        record_type = self._type_of(row)
        named = [
            mention
            for rule in self._rules_in(self._open(row))
            for mention in mentions_in(rule["where"], record_type, self._database)
        ]
        fields = sorted({item.reached.field.code for item in named if item.reached is not None})
        detail = {"record_type": record_type.code, "shared": row.shared, "version": row.version}
        place = f"{self._database.code}/{row.id}"
        audit(self._uow, f"{act}_{self.act}", self.kind, place, fields=fields, detail=detail)

    def _missing(self, saved_id: int) -> NotFound:
        return NotFound(name=saved_id, **self._named())

    def _named(self) -> dict[str, str]:
        zh, en = self.name
        return {"kind": en, "kind_zh": zh}

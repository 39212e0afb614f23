"""Saving, listing, changing and removing filters, each as far as the subject may.

A filter belongs to who saved it. A shared one is seen by all who may view its record type; only its owner or
a research admin changes it. Its document is sealed, since what a person types into a filter may identify
somebody, and it is changed in place. A removed filter can be brought back for `KEPT`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, Select, delete, insert, or_, select, update

from metamodel.catalogue import Database, RecordType
from metamodel.definitions.following import mentions_in, named_in
from metamodel.filters.errors import FilterChanged, FilterNotYours, SharedFilterIdentifies
from metamodel.filters.fitting import Reading, identifying_fields, read_filter
from metamodel.filters.tables import saved_filter
from metamodel.records.access import scope_of
from zhenshu.audit import record as audit
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security import Action, Denied, Resource, Scope
from zhenshu.security.secrets import seal, unseal

KIND: Final = "saved_filter"
KEPT: Final = timedelta(days=30)
TREE_VERSION: Final = 1


@dataclass(frozen=True, slots=True)
class NewFilter:
    """What a person gives a filter: a name and a rule over a record type."""

    name: str
    where: str
    record_type: str
    description: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class SavedFilter:
    """A saved filter as its reader may see it."""

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
    reading: Reading


class SavedFilters:
    """The saved filters of one database, in one unit of work."""

    def __init__(self, uow: UnitOfWork, database: Database) -> None:
        self._uow = uow
        self._database = database
        self._scopes: dict[str, Scope | None] = {}

    def page(self, record_type: str | None, after: int, limit: int) -> tuple[list[SavedFilter], int | None]:
        """Filters in the order they were saved, and the id after which to go on, None at the end."""
        found: list[SavedFilter] = []
        rows = self._uow.conn.execute(self._listed(after)).all()
        for row in rows:
            shown = self._shown(row)
            if shown is None or record_type not in (None, shown.record_type):
                continue
            if len(found) == limit:
                return found, found[-1].id
            found.append(shown)
        return found, None

    def get(self, filter_id: int) -> SavedFilter:
        """
        Raises:
            NotFound: when there is none that the subject may see.
        """
        shown = self._shown(self._row(filter_id))
        if shown is None:
            raise _no_filter(filter_id)
        return shown

    def add(self, new: NewFilter) -> SavedFilter:
        """
        Raises:
            NotFound, Denied: when the record type is not there, or its records may not be viewed.
            QueryWrong, QueryNotAllowed: when the rule is none the subject may filter by.
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
        return self._noted("save_filter", made)

    def change(self, filter_id: int, version: int, changes: Mapping[str, Any]) -> SavedFilter:
        """Give the filter another name, description, rule or audience.

        Raises:
            NotFound, FilterNotYours, FilterChanged, and what `add` raises.
        """
        row = self._mine(filter_id, version)
        record_type = self._type_of(row)
        before = self._open(row)
        where = changes.get("where", self._shown_or_missing(row).reading.where or before["where"])
        new = NewFilter(
            changes.get("name", before["name"]), where, record_type.code,
            changes.get("description", before["description"]), changes.get("shared", row.shared),
        )  # fmt: skip
        document = self._document(new, record_type)
        self._update(row, self._stored(document, new.shared, row.owner_id))
        return self._noted("change_filter", filter_id)

    def remove(self, filter_id: int, version: int) -> None:
        """Put the filter into the trash; what has been there for longer than `KEPT` goes for good.

        Raises:
            NotFound, FilterNotYours, FilterChanged.
        """
        row = self._mine(filter_id, version)
        self._update(row, {"removed_at": self._uow.at})
        self._note("remove_filter", row)
        overdue = saved_filter.c.removed_at < self._uow.at - KEPT
        self._uow.conn.execute(delete(saved_filter).where(overdue))

    def restore(self, filter_id: int) -> SavedFilter:
        """
        Raises:
            NotFound: when it was not removed, or has gone for good.
            FilterNotYours: when it is another's.
        """
        row = self._mine(filter_id, None, removed=True)
        self._update(row, {"removed_at": None})
        return self._noted("restore_filter", filter_id)

    def _document(self, new: NewFilter, record_type: RecordType) -> dict[str, Any]:
        """The document of a filter that the subject may use."""
        self._require(record_type)
        read_filter(self._uow, self._database, record_type, new.where)
        persons = identifying_fields(new.where, record_type, self._database)
        if new.shared and persons:
            raise SharedFilterIdentifies(fields=", ".join(persons))
        named = named_in(new.where, record_type, self._database)
        return {
            "kind": KIND,
            "name": new.name,
            "description": new.description,
            "where": new.where,
            "tree_version": TREE_VERSION,
            "named": [item.as_json() for item in named],
        }

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
        """A sealed filter can't be moved to another database or person."""
        return f"{KIND}:{self._database.id}:{owner_id}".encode()

    def _listed(self, after: int) -> Select[Any]:
        c = saved_filter.c
        mine = c.owner_id.is_(None) if self._uow.subject.id is None else c.owner_id == self._uow.subject.id
        query = select(saved_filter).where(
            c.definition_id == self._database.id, c.id > after, c.removed_at.is_(None), or_(c.shared, mine)
        )
        return query.order_by(c.id)

    def _row(self, filter_id: int, removed: bool = False) -> Row[Any]:
        row = self._any_row(filter_id)
        if row is None or (row.removed_at is not None) is not removed or not (row.shared or self._owns(row)):
            raise _no_filter(filter_id)
        return row

    def _any_row(self, filter_id: int) -> Row[Any] | None:
        c = saved_filter.c
        query = select(saved_filter).where(c.id == filter_id, c.definition_id == self._database.id)
        return self._uow.conn.execute(query.with_for_update() if self._uow.writes else query).one_or_none()

    def _mine(self, filter_id: int, version: int | None, removed: bool = False) -> Row[Any]:
        row = self._row(filter_id, removed)
        self._shown_or_missing(row)
        if not self._may_change(row):
            raise FilterNotYours(owner=row.owner_name)
        if version is not None and row.version != version:
            raise FilterChanged(by=row.updated_by, version=row.version)
        return row

    def _shown_or_missing(self, row: Row[Any]) -> SavedFilter:
        shown = self._shown(row)
        if shown is None:
            raise _no_filter(row.id)
        return shown

    def _shown(self, row: Row[Any]) -> SavedFilter | None:
        """The filter as the subject may see it; None where its records or its fields are not for them."""
        record_type = self._find_type(row)
        if record_type is None or self._scope(record_type) is None:
            return None
        document = self._open(row)
        mine = self._owns(row)
        reading = Reading.of(self._uow, self._database, record_type, document)
        if reading.withheld and not mine:
            return None
        return SavedFilter(
            row.id, row.version, document["name"], document["description"], record_type.code, row.shared,
            row.owner_name, mine, self._may_change(row), row.updated_at, row.updated_by, reading,
        )  # fmt: skip

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

    def _noted(self, action: str, filter_id: int) -> SavedFilter:
        row = self._any_row(filter_id)  # a research admin may just have made it private to its owner
        assert row is not None
        self._note(action, row)
        return self._shown_or_missing(row)

    def _note(self, action: str, row: Row[Any]) -> None:
        """The trail is append-only: it learns which fields a filter names, never its name or its values."""
        record_type = self._type_of(row)
        named = mentions_in(self._open(row)["where"], record_type, self._database)
        fields = sorted({item.reached.field.code for item in named if item.reached is not None})
        detail = {"record_type": record_type.code, "shared": row.shared, "version": row.version}
        audit(self._uow, action, KIND, f"{self._database.code}/{row.id}", fields=fields, detail=detail)


def _no_filter(filter_id: int) -> NotFound:
    return NotFound(kind="saved filter", kind_zh="已存筛选", name=filter_id)

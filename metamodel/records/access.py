"""What the subject of a unit of work may do with records: scopes, asked for once each."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, true

from metamodel.catalogue.model import RecordType
from metamodel.masking import Masks, View, view_of
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action, Resource, Scope


class Access:
    """Scopes of one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._scopes: dict[tuple[Action, str], Scope] = {}
        self._masks = Masks(uow)

    def scope(self, action: Action, record_type: RecordType) -> Scope:
        """
        Raises:
            Denied: when nothing allows the action.
        """
        name = (action, record_type.path)
        if name not in self._scopes:
            uow = self._uow
            resource = Resource("records", record_type.path)
            self._scopes[name] = uow.instance.policy.scope(uow.subject, action, resource, uow.channel, uow.at)
        return self._scopes[name]

    def rows(self, action: Action, record_type: RecordType) -> ColumnElement[bool]:
        """The rows of the main table that the action may touch, as a condition."""
        rule = self.scope(action, record_type).rows
        return true() if rule is None else rule(record_type.main)

    def view(self, action: Action, record_type: RecordType, select: Iterable[str] | None = None) -> View:
        """How the action's scope sees the record type's fields, or those that `select` names.

        Raises:
            NotFound: when `select` names a field that is not there, or that the scope hides.
        """
        return view_of(self.scope(action, record_type), record_type, self._masks, select)

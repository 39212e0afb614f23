"""What the subject of a unit of work may do with records: scopes, asked for once each."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import ColumnElement, false, select, true

from metamodel.catalogue.model import RecordType
from metamodel.masking import Masks, View, view_of
from metamodel.records.system import patient_column
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action, Denied, Resource, RowRule, Scope
from zhenshu.security.requests import note_use


def scope_of(uow: UnitOfWork, action: Action, record_type: RecordType, patient: int | None = None) -> Scope:
    """What the policy says, its row rules compiled for the record type; of one patient's records, if given.

    Raises:
        Denied: when nothing allows the action.
    """
    from metamodel.queries.row_rules import bound  # it judges rules over records, which begin here

    resource = Resource("records", record_type.path, patient)
    scope = uow.instance.policy.scope(uow.subject, action, resource, uow.channel, uow.at)
    return bound(uow, record_type, scope)


class Access:
    """Scopes of one unit of work."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._uow = uow
        self._scopes: dict[tuple[Action, str, int | None], Scope] = {}
        self._masks = Masks(uow)
        self._patient: int | None = None  # whose records alone are looked at

    def look_at(self, record_type: RecordType, record_id: int) -> None:
        """From here on only records of this one's patient count, if an emergency of the subject is for them:
        it shows identities where no others' are in sight."""
        uow = self._uow
        taken = {each.patient for each in uow.subject.grants if each.holds(uow.at)} - {None}
        column = patient_column(record_type, record_type.main) if taken and record_type.tables else None
        if column is None:
            return
        found = uow.conn.scalar(select(column).where(record_type.main.c.id == record_id))
        if found in taken:
            self._patient = found

    def scope(self, action: Action, record_type: RecordType) -> Scope:
        """
        Raises:
            Denied: when nothing allows the action.
        """
        name = (action, record_type.path, self._patient)
        if name not in self._scopes:
            uow = self._uow
            self._scopes[name] = scope_of(uow, action, record_type, self._patient)
            note_use(uow, self._scopes[name], record_type.path, self._patient)
        return self._scopes[name]

    def permits(self, record_type: RecordType) -> bool:
        """Whether the subject may view some records of the type; to others it is not there."""
        try:
            self.scope(Action.VIEW, record_type)
        except Denied:
            return False
        return True

    def row_rule(self, record_type: RecordType) -> RowRule | None:
        """Which rows the subject may view; None for every row, and no row where it may view none."""
        if not self.permits(record_type):
            return lambda _main: false()
        return self.scope(Action.VIEW, record_type).rows

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

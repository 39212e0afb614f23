"""What the page of a form gets to run the rules of a record: programs, and values of its ancestors."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlalchemy import ColumnElement, false

from metamodel.catalogue.model import RecordType
from metamodel.catalogue.reach import Reached
from metamodel.masking import View
from metamodel.records.around import Neighbour, load_around
from metamodel.records.browser_rules import Json, browser_rules
from metamodel.records.loading import load
from metamodel.records.needs import Needs
from metamodel.records.session import Session
from rules_dsl.program import as_json
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.policy import Action, Denied

MOST_KEPT: Final = 500  # sets of rules in memory: record types x views; the oldest go first


class FormRules:
    """The rules of one record type for the page of a form that shows `view`."""

    def __init__(self, uow: UnitOfWork, record_type: RecordType, view: View) -> None:
        self._session = Session(uow)
        self._type = record_type
        self._compiled = self._session.compiled(record_type)
        self._view = view

    def of(self, record: int | None, parent: int | None, also: Mapping[str, str]) -> Json:
        """For the stored `record`, or a new one below `parent`; `also` are the form's own skip rules.

        Raises:
            NotFound: when there is no such record that the subject may see.
        """
        around = self._around(record, parent)
        return {**self._rules(frozenset(around), also), "around": around} | rules_clock(self._session.uow)

    def _rules(self, around: frozenset[str], also: Mapping[str, str]) -> Json:
        instance, kind, view = self._session.uow.instance, self._type, self._view
        memo: dict[Any, Json] = instance.memo.setdefault("records.browser_rules", {})
        key = (kind.path, kind.release_id, view.masked, view.hidden, around)
        if (found := memo.get(key)) is None:
            found = browser_rules(kind, self._compiled.database, view, around, also)
            while len(memo) >= MOST_KEPT:
                memo.pop(next(iter(memo)), None)
            memo[key] = found
        return found

    def _around(self, record: int | None, parent: int | None) -> Json:
        """Ancestors' values that rules read and the subject sees in clear, by path. Reading identifying ones
        is audited, so those stay here."""
        place = self._place(record, parent)
        needed = self._compiled.rules.needs.near
        near = {path: hit for path, hit in needed.items() if self._is_seen(hit)}
        if place is None or not near:
            return {}
        uow, surroundings = self._session.uow, self._compiled.surroundings
        (found,) = load_around(uow, surroundings, Needs(near=near), [place], self._visible_rows)
        return {path: as_json(value) for path, value in found.items()}

    def _place(self, record: int | None, parent: int | None) -> Neighbour | None:
        uow, kind = self._session.uow, self._type
        if record is not None:
            stored = load(uow, kind, record, self._session.access.rows(Action.VIEW, kind), fields=())
            return Neighbour(stored.id, stored.parent, stored.patient)
        if parent is None or kind.parent is None:
            return None
        above = self._session.database(kind).record_type(kind.parent)
        try:
            stored = load(uow, above, parent, self._visible_rows(above), fields=())
        except NotFound:
            return None
        return Neighbour(None, stored.id, stored.patient)

    def _is_seen(self, hit: Reached) -> bool:
        try:
            view = self._session.access.view(Action.VIEW, hit.type)
        except Denied:
            return False
        return view.clear(hit.field.code) and not hit.field.identifying

    def _visible_rows(self, record_type: RecordType) -> ColumnElement[bool]:
        try:
            return self._session.access.rows(Action.VIEW, record_type)
        except Denied:
            return false()


def rules_clock(uow: UnitOfWork) -> Json:
    """The server's instant and zone: rules on a page take today from here, wherever it is looked at."""
    return {"at": uow.at.isoformat(), "zone": uow.instance.settings.zone}

"""Explaining a rule on a record: what each part of it gives, as far as the reader may see the values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import ColumnElement, and_, false

from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.records.around import Neighbour, load_around
from metamodel.records.errors import ClearReadNeedsWrite
from metamodel.records.loading import Stored, load
from metamodel.records.needs import Needs
from metamodel.records.reading import ValueReader
from metamodel.records.rule_names import DraftRuleNames, RuleNames
from metamodel.records.session import Session
from metamodel.records.validation import Validator
from rules_dsl import Missing, Part, RuleType, explain, parse
from rules_dsl.nodes import Span
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action, Denied, Visibility

Drafted = tuple[RecordType, Database]


class RecordExplainer:
    """One rule over a record type, and what its parts give for a reader."""

    def __init__(
        self, uow: UnitOfWork, record_type: RecordType, expression: str, drafted: Drafted | None = None
    ) -> None:
        """`drafted` is the record type as a draft has it, and the draft: the rule is one over that.

        Raises:
            Denied: when the subject may not view such records.
            RuleError: when `expression` is no rule over them.
        """
        self._session = Session(uow)
        self._type = record_type
        self._compiled = self._session.compiled(record_type)
        self._view = self._session.access.view(Action.VIEW, record_type)
        self._tree = parse(expression)
        live = self._session.database(record_type)
        self._names = (
            RuleNames(self._tree, record_type, live)
            if drafted is None
            else DraftRuleNames(self._tree, *drafted, record_type, live)
        )
        self.type: RuleType = self._names.type

    def explain(self, record: int | None, values: Mapping[str, Any]) -> list[Part]:
        """The rule's parts on the record `record` with `values` in place of its own, or on `values` alone.

        A value that can't be read counts as missing.

        Raises:
            NotFound: when there is no such record in the subject's rows.
            Denied: when other values are tried on a record that the subject may not edit: calculations would
                tell by and by what they are made of.
            ClearReadNeedsWrite: when identifying values are told in a read unit; see `identifies`.
        """
        uow = self._session.uow
        stored = None if record is None else self._load(record, Action.EDIT if values else Action.VIEW)
        place = Neighbour(stored.id, stored.parent, stored.patient) if stored else Neighbour(None, None, None)
        (around,) = load_around(
            uow, self._compiled.surroundings, Needs.of(self._names.stored), [place], self._visible_rows
        )
        seen = self._names.seen(self._seen(stored, values, around))
        parts = explain(self._tree, self._names.types, seen, self._session.context, list(self._hidden()))
        self._note(stored)
        return parts

    @property
    def identifies(self) -> tuple[str, ...]:
        """Codes of identifying fields that the rule names and the subject sees in clear: telling them is
        audited, which takes a writing unit."""
        named = {
            field.code
            for _, kind, field in self._names.fields()
            if field.identifying and self._shows(kind, field)
        }
        return tuple(sorted(named))

    def _load(self, record: int, action: Action) -> Stored:
        rows = and_(*(self._session.access.rows(each, self._type) for each in {Action.VIEW, action}))
        return load(self._session.uow, self._type, record, rows)

    def _visible_rows(self, record_type: RecordType) -> ColumnElement[bool]:
        return self._session.access.rows(Action.VIEW, record_type) if self._views(record_type) else false()

    def _seen(
        self, stored: Stored | None, values: Mapping[str, Any], around: Mapping[str, Any]
    ) -> dict[str, Any]:
        """The record as rules see it. With other values than the stored ones it is calculated anew."""
        typed, _, _ = ValueReader(self._compiled, self._view).read(values)
        own = (stored.values if stored else {}) | typed
        by_id = self._type.by_id
        reasons = {
            by_id[key].code: code for key, code in (stored.missing if stored else {}).items() if key in by_id
        }
        reasons = {code: reason for code, reason in reasons.items() if own.get(code) is None}
        if typed:
            self._derive(own, reasons, stored)
        seen = {**around, **own} | {code: Missing(reason) for code, reason in reasons.items()}
        for path, code in Needs.of(self._names.stored).aliases.items():
            seen[path] = seen.get(code)
        return seen

    def _derive(self, own: dict[str, Any], reasons: Mapping[str, str], stored: Stored | None) -> None:
        place = Neighbour(stored.id, stored.parent, stored.patient) if stored else Neighbour(None, None, None)
        rules = self._compiled.rules
        (around,) = load_around(self._session.uow, self._compiled.surroundings, rules.needs, [place])
        Validator(rules, self._session.context).run(own, reasons, around, {})

    def _hidden(self) -> Iterator[Span]:
        """Places in the rule that name what the subject does not see in clear."""
        for span, kind, field in self._names.fields():
            if not self._shows(kind, field):
                yield span
        for span, kind in self._names.records():
            if not self._views(kind):
                yield span

    def _shows(self, record_type: RecordType, field: Field) -> bool:
        """Whether the subject sees the field in clear."""
        if not self._views(record_type):
            return False
        scope = self._session.access.scope(Action.VIEW, record_type)
        return scope.visibility(field.field_class) is Visibility.SHOW

    def _views(self, record_type: RecordType) -> bool:
        try:
            self._session.access.scope(Action.VIEW, record_type)
        except Denied:
            return False
        return True

    def _note(self, stored: Stored | None) -> None:
        fields = self.identifies
        if not fields or stored is None:
            return
        if not self._session.uow.writes:
            raise ClearReadNeedsWrite(type=self._type.path)
        detail = {"ids": [stored.id], "of": "rule"}
        self._session.note("read", self._type, patients=[stored.patient], fields=fields, detail=detail)

"""Looking at values before they are saved: what rules hide, need, compute and complain of. Stores nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from metamodel.catalogue.model import RecordType
from metamodel.catalogue.reach import ReachTypes, Surroundings
from metamodel.records import problems
from metamodel.records.around import Neighbour, load_around
from metamodel.records.loading import Stored, load
from metamodel.records.problems import Problem
from metamodel.records.reading import ValueReader, read_missing
from metamodel.records.rules import compile_rule
from metamodel.records.session import Session, refuse_owner_written
from metamodel.records.validation import Validator
from rules_dsl import Missing
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.policy import Action


@dataclass(frozen=True, slots=True)
class Outlook:
    """What a form shows while it is filled in. `hidden` are field codes and keys of further skip rules,
    `required` field codes, `computed` JSON values of calculated fields that the reader sees in clear."""

    hidden: frozenset[str]
    required: frozenset[str]
    computed: Mapping[str, Any]
    problems: tuple[Problem, ...]


class RecordChecker:
    """Checks values of one record type as a form has them; the same rules run again when they are saved."""

    def __init__(self, uow: UnitOfWork, record_type: RecordType) -> None:
        """
        Raises:
            OwnerWrites: when such records are not written by people.
        """
        refuse_owner_written(record_type)
        self._session = Session(uow)
        self._type = record_type
        self._compiled = self._session.compiled(record_type)

    def check(
        self, values: Mapping[str, Any], missing: Mapping[str, str | None], record: int | None,
        parent: int | None, also: Mapping[str, str] | None = None,
    ) -> Outlook:  # fmt: skip
        """`values` and `missing` are what changes in `record`, or a new record's own below `parent`.
        `also` are further skip rules by a key of the caller's, e.g. of a form's headings.

        Raises:
            NotFound: when there is no such record; Denied: when the subject may not write it.
        """
        access = self._session.access
        view = access.view(Action.ADD if record is None else Action.EDIT, self._type)
        old = None if record is None else self._load(record)
        typed, found, given = ValueReader(self._compiled, view).read(values)
        merged = (old.values if old else {}) | typed
        by_id, wrong = read_missing(self._compiled, view, missing, merged)
        found += wrong
        reasons = self._reasons(old, typed, by_id)
        place = Neighbour(old.id, old.parent, old.patient) if old else self._place(parent, found)
        (around,) = load_around(
            self._session.uow, self._compiled.surroundings, self._compiled.rules.needs, [place]
        )
        validator = Validator(self._compiled.rules, self._session.context, view.hidden)
        unread = {problem.field for problem in found}
        checked = validator.run(merged, reasons, around, given)
        found += [problem for problem in checked if problem.field not in unread]
        hidden, required = validator.asked(merged, reasons, around)
        filled = {code for code in hidden if merged.get(code) is not None or code in values.keys() & unread}
        hidden = (hidden - filled) | self._skipped(also or {}, merged, reasons, around)
        return Outlook(frozenset(hidden), frozenset(required), self._computed(merged), tuple(found))

    def _skipped(
        self, also: Mapping[str, str], values: Mapping[str, Any], reasons: Mapping[str, str],
        around: Mapping[str, Any],
    ) -> set[str]:  # fmt: skip
        """Keys whose rule is not true. Of other records they know what fields' rules take from there."""
        types = ReachTypes(Surroundings(self._type, self._compiled.database))
        seen = {**around, **values, **{code: Missing(reason) for code, reason in reasons.items()}}
        context = self._session.context
        return {key for key, text in also.items() if compile_rule(text, types)(seen, context) is not True}

    def _load(self, record: int) -> Stored:
        return load(self._session.uow, self._type, record, self._session.access.rows(Action.EDIT, self._type))

    def _place(self, parent: int | None, found: list[Problem]) -> Neighbour:
        if parent is None or self._type.parent is None:
            return Neighbour(None, None, None)
        above = self._session.database(self._type).record_type(self._type.parent)
        rows = self._session.access.rows(Action.VIEW, above)
        try:
            stored = load(self._session.uow, above, parent, rows, fields=())
        except NotFound:
            found.append(problems.parent_missing())
            return Neighbour(None, None, None)
        return Neighbour(None, stored.id, stored.patient)

    def _reasons(
        self, old: Stored | None, typed: Mapping[str, Any], given: Mapping[str, str | None]
    ) -> dict[str, str]:
        """By field code: the stored ones with what changes; a field that now has a value has no reason."""
        by_id = self._type.by_id
        merged: dict[str, str | None] = {**(old.missing if old else {}), **given}
        reasons = {by_id[key].code: code for key, code in merged.items() if code and key in by_id}
        return {code: reason for code, reason in reasons.items() if typed.get(code) is None}

    def _computed(self, values: Mapping[str, Any]) -> dict[str, Any]:
        """Identifying ones are left out: reading those in clear is audited, and this is not."""
        seen = self._session.access.view(Action.VIEW, self._type)
        shown = [item for item in seen.visible if seen.clear(item.code) and not item.identifying]
        traits = self._compiled.traits
        return {
            item.code: traits[item.code].to_json(values.get(item.code)) for item in shown if item.calculation
        }

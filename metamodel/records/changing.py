"""Changing one record under optimistic locking."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import update
from sqlalchemy.exc import IntegrityError

from metamodel.catalogue.model import RecordType
from metamodel.masking import shown
from metamodel.records import problems
from metamodel.records.around import Neighbour, load_around
from metamodel.records.compiled import CompiledType
from metamodel.records.conflicts import only_calculated, raise_changed
from metamodel.records.errors import DuplicateKey, RecordInTrash, RecordInvalid
from metamodel.records.history import Historian, changed_reasons, changed_values
from metamodel.records.loading import Stored, load
from metamodel.records.owners import identifier_system, key_text
from metamodel.records.problems import Problem, has_errors
from metamodel.records.reading import ValueReader, read_missing
from metamodel.records.recalculating import hold, settle
from metamodel.records.session import Session, refuse_owner_written
from metamodel.records.shapes import Provenance, Saved
from metamodel.records.uniqueness import records_with_key
from metamodel.records.validation import Validator
from metamodel.storage.protected import protected_columns
from zhenshu.patients import PatientForgotten, find_patients, load_keys, replace_identifier
from zhenshu.security.policy import Action, Denied

Values = dict[str, Any]


class Changing:
    """The act of changing fields of record `record_id`; only given fields change, None empties one."""

    def __init__(
        self, session: Session, record_type: RecordType, record_id: int, expected_version: int,
        provenance: Provenance | None,
    ) -> None:  # fmt: skip
        refuse_owner_written(record_type)
        self._session = session
        self._uow = session.uow
        self._type = record_type
        self._view = session.access.view(Action.EDIT, record_type)
        self._compiled: CompiledType = session.compiled(record_type)
        self._expected = expected_version
        self._provenance = provenance
        rows = session.access.rows(Action.EDIT, record_type)
        hold(session, [record_type], [record_id], record_type)
        self._old: Stored = load(self._uow, record_type, record_id, rows, lock=True)

    def run(self, values: Mapping[str, Any], missing: Mapping[str, str | None]) -> Saved:
        self._check_current()
        typed, found, given = ValueReader(self._compiled, self._view).read(values)
        found += map(problems.masked_echo, self._echoes(typed))
        merged = self._old.values | typed
        reasons, wrong = self._reasons(typed, missing, merged)
        found += wrong
        unread = {problem.field for problem in found}
        found += [one for one in self._validate(merged, reasons, given, typed) if one.field not in unread]
        if has_errors(found):
            raise RecordInvalid(found)
        return self._write(merged, reasons, tuple(found))

    def _echoes(self, typed: Values) -> list[str]:
        """Masked fields that are given as they are shown, which is no value, whatever it looks like."""
        old = self._old
        return [
            code
            for code in typed.keys() & self._view.masked
            if typed[code] is not None
            and typed[code] == shown(self._view, code, old.values.get(code), old.patient)
        ]

    def _check_current(self) -> None:
        current = self._old.row_version
        if current != self._expected and not only_calculated(
            self._uow, self._type, self._old, self._expected
        ):
            raise_changed(self._uow, self._type, self._old, self._expected, self._view)
        if not self._old.active:
            raise RecordInTrash()

    def _reasons(
        self, typed: Values, missing: Mapping[str, str | None], merged: Values
    ) -> tuple[dict[str, str], list[Problem]]:
        """Missing-data codes by field id after the change; a field that gets a value loses its code."""
        given, found = read_missing(self._compiled, self._view, missing, merged)
        filled = {self._type.field(code).id for code, value in typed.items() if value is not None}
        kept = {field_id: code for field_id, code in self._old.missing.items() if field_id not in filled}
        return {field_id: code for field_id, code in (kept | given).items() if code is not None}, found

    def _validate(
        self, merged: Values, reasons: Mapping[str, str], given: Values, typed: Values
    ) -> list[Problem]:
        """Problems after the change. An error of a field that is not being changed, and that the record
        had before, is a warning: old data must not block a correction elsewhere."""
        old = self._old
        place = Neighbour(old.id, old.parent, old.patient)
        around = load_around(self._uow, self._compiled.surroundings, self._compiled.rules.needs, [place])[0]
        validator = Validator(self._compiled.rules, self._session.context, self._view.hidden)
        found = validator.run(merged, self._by_code(reasons), around, given)
        if not has_errors(found):
            return found
        before = validator.run(dict(old.values), self._by_code(old.missing), around, {})
        return [_softened(one) if one.field not in typed and one in before else one for one in found]

    def _by_code(self, reasons: Mapping[str, str]) -> dict[str, str]:
        known = self._type.by_id
        return {known[field_id].code: code for field_id, code in reasons.items() if field_id in known}

    def _write(self, merged: Values, reasons: dict[str, str], warnings: tuple[Problem, ...]) -> Saved:
        plain, identifying = changed_values(self._compiled, self._old.values, merged)
        plain |= changed_reasons(self._old.missing, reasons)
        if not plain and not identifying:
            return Saved(self._old.id, self._old.row_version, warnings)
        changed = {code: value for code, value in merged.items() if value != self._old.values.get(code)}
        version = self._old.row_version + 1
        self._change_key(changed)
        self._update(changed, reasons, version)
        historian = Historian(self._uow, self._compiled, "change", self._provenance)
        historian.note(
            self._old.id, version, self._old.patient, plain, identifying,
            self._patient_key() if identifying else None,
        )  # fmt: skip
        historian.write()
        self._report(changed, version)
        return Saved(self._old.id, version, warnings)

    def _patient_key(self) -> bytes | None:
        patient = self._old.patient
        return None if patient is None else load_keys(self._uow, [patient]).get(patient)

    def _change_key(self, changed: Values) -> None:
        """A new key value must be free; a root record's is its patient's identifier, too."""
        code = self._type.key
        if code is None or code not in changed:
            return
        value = changed[code]
        text = key_text(self._type)(value)
        system = identifier_system(self._type)
        owner = find_patients(self._uow, system, [text]).get(text) if self._type.parent is None else None
        holder = records_with_key(self._uow, self._type, [value]).get(value)
        if holder not in (None, self._old.id) or owner not in (None, self._old.patient):
            raise DuplicateKey([problems.duplicate_key(code)])
        if self._type.parent is None and self._old.patient is not None:
            if (key := self._patient_key()) is None:
                raise PatientForgotten(patient=self._old.patient)
            replace_identifier(self._uow, system, self._old.patient, text, key)

    def _update(self, changed: Values, reasons: dict[str, str], version: int) -> None:
        uow = self._uow
        system = {
            "row_version": version, "updated_by": uow.subject.name, "updated_at": uow.at,
            "release_id": self._type.release_id, "missing": reasons or None,
        }  # fmt: skip
        try:
            for part, table in enumerate(self._type.tables):
                values = self._stored_values(changed, part)
                if part == 0:
                    values |= system
                if values:
                    uow.conn.execute(update(table).where(table.c.id == self._old.id).values(values))
        except IntegrityError as error:
            raise DuplicateKey([problems.duplicate_key(self._type.key or "")]) from error
        self._check_rows()

    def _stored_values(self, changed: Values, part: int) -> Values:
        """What the columns of one part take."""
        values: Values = {}
        for code, value in changed.items():
            place = self._type.field(code).place
            if place is None or place.part != part:
                continue
            if (item := self._compiled.protected.get(code)) is None:
                values[place.name] = value
                continue
            key = None if value is None else self._patient_key()
            values |= protected_columns(self._uow, item, self._old.id, self._old.patient, key, value)
        return values

    def _check_rows(self) -> None:
        """A change must not move the record out of the rows the subject may edit."""
        if self._session.access.scope(Action.EDIT, self._type).rows is None:
            return
        main = self._type.main
        rows = self._session.access.rows(Action.EDIT, self._type)
        if self._uow.conn.execute(main.select().where(main.c.id == self._old.id, rows)).first() is None:
            raise Denied(action=Action.EDIT.value, resource=self._type.path)

    def _report(self, changed: Values, version: int) -> None:
        record_id = self._old.id
        detail = {"ids": [record_id], "version": version}
        self._session.note(
            "change", self._type, patients=[self._old.patient], fields=sorted(changed), detail=detail
        )
        self._session.announce("change", self._type, [record_id])
        places = [(self._type.code, code) for code in changed]
        settle(self._session, self._type, places, [self._old.patient], [record_id])


def _softened(problem: Problem) -> Problem:
    return Problem(problem.field, problem.code, problem.zh, problem.en, "warning")

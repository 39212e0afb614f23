"""Adding records: read, place, validate, store; a set of them at a time, bad rows apart from good ones."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import NestedTransaction
from sqlalchemy.exc import IntegrityError

from metamodel.catalogue.dependencies import places_of
from metamodel.catalogue.model import RecordType
from metamodel.records import problems
from metamodel.records.around import Neighbour, load_around
from metamodel.records.draft import Draft
from metamodel.records.grades import inherit
from metamodel.records.inserting import insert_drafts
from metamodel.records.owners import key_text
from metamodel.records.placing import check_events, find_parents, number_repeats
from metamodel.records.problems import Problem
from metamodel.records.reading import ValueReader, read_missing
from metamodel.records.recalculating import hold, settle
from metamodel.records.session import Session, refuse_owner_written
from metamodel.records.shapes import BulkResult, NewRecord, Provenance
from metamodel.records.uniqueness import forgotten_patients, outside_rows, taken_keys
from metamodel.records.validation import Validator
from zhenshu.errors import Conflict
from zhenshu.security.policy import Action

ATTEMPTS = 5  # others may take keys and places while we look; each further try needs one more such race


class Adding:
    """The act of adding `rows` to `record_type`."""

    def __init__(
        self, session: Session, record_type: RecordType, rows: Sequence[NewRecord],
        provenance: Provenance | None,
    ) -> None:  # fmt: skip
        refuse_owner_written(record_type)
        self._session = session
        self._uow = session.uow
        self._type = record_type
        self._view = session.access.view(Action.ADD, record_type)
        self._compiled = session.compiled(record_type)
        self._provenance = provenance
        self._drafts = [Draft(index, new) for index, new in enumerate(rows)]
        self._reader = ValueReader(self._compiled, self._view)

    def run(self) -> BulkResult:
        """Store what is in order, say what is wrong with the rest."""
        for draft in self._drafts:
            draft.values, draft.problems, draft.given = self._reader.read(draft.new.values)
        database = self._session.database(self._type)
        if self._type.parent is not None:
            above = database.record_type(self._type.parent)
            hold(self._session, [self._type], (draft.new.parent for draft in self._drafts), above)
        find_parents(self._uow, self._session.access, self._type, database, self._drafts)
        check_events(self._type, self._drafts)
        self._validate()
        stored = self._store()
        if stored:
            self._report(stored)
        return self._result(stored)

    def _validate(self) -> None:
        places = [Neighbour(None, draft.new.parent, draft.patient) for draft in self._drafts]
        compiled = self._compiled
        surroundings = load_around(self._uow, compiled.surroundings, compiled.rules.needs, places)
        validator = Validator(self._compiled.rules, self._session.context, self._view.hidden)
        for draft, around in zip(self._drafts, surroundings, strict=True):
            reasons = self._reasons(draft) if draft.new.missing else {}
            found = validator.run(draft.values, reasons, around, draft.given)
            if draft.problems and found:
                unread = {problem.field for problem in draft.problems}
                found = [problem for problem in found if problem.field not in unread]
            draft.problems += found
        if self._type.key is not None:
            text = key_text(self._type)
            for draft in self._drafts:
                draft.key = text(draft.values.get(self._type.key)) or None

    def _reasons(self, draft: Draft) -> dict[str, str]:
        """Missing-data codes by field code, as rules see them; by id in the draft."""
        by_id, found = read_missing(self._compiled, self._view, draft.new.missing, draft.values)
        draft.problems += found
        draft.missing = {field_id: code for field_id, code in by_id.items() if code is not None}
        return {self._type.by_id[field_id].code: code for field_id, code in draft.missing.items()}

    def _store(self) -> list[Draft]:
        """The stored drafts. A key or place that another transaction took meanwhile is looked up again."""
        refused: IntegrityError | None = None
        for _ in range(ATTEMPTS):
            drafts = [draft for draft in self._drafts if not draft.failed]
            drafts = self._without_conflicts(drafts)
            try:
                if not drafts or self._try_to_insert(drafts):
                    return drafts
            except IntegrityError as error:
                refused = error
        reason, reason_zh = "Others keep writing the same records.", "其他人正在写入相同的记录。"
        raise Conflict(reason=reason, reason_zh=reason_zh) from refused

    def _without_conflicts(self, drafts: list[Draft]) -> list[Draft]:
        for check in (number_repeats, taken_keys):
            refused = check(self._uow, self._type, drafts)
            drafts = _apart(drafts, refused)
        return _apart(drafts, forgotten_patients(self._uow, self._compiled, drafts))

    def _try_to_insert(self, drafts: list[Draft]) -> bool:
        """Whether all was stored; otherwise nothing was, and drafts outside the row rule have a problem.

        Raises:
            IntegrityError: when another transaction took a key or place; nothing was stored.
        """
        savepoint = self._uow.conn.begin_nested()
        try:
            insert_drafts(self._uow, self._compiled, drafts, self._provenance)
        except IntegrityError:
            self._undo(savepoint)
            raise
        if self._type.parent is not None:
            parents = {draft.id: draft.new.parent for draft in drafts}
            inherit(self._uow, self._session.database(self._type), self._type, parents)
        outside = outside_rows(self._session.access, self._uow, self._type, drafts)
        if not outside:
            savepoint.commit()
            return True
        self._undo(savepoint)
        for draft in outside:
            draft.problems.append(problems.row_not_permitted())
        return False

    def _undo(self, savepoint: NestedTransaction) -> None:
        savepoint.rollback()
        if self._type.parent is None:
            for draft in self._drafts:
                draft.patient = None  # made or found again at the next try

    def _report(self, stored: list[Draft]) -> None:
        ids = [draft.id for draft in stored]
        fields = set().union(*(draft.values for draft in stored))
        detail = {"ids": ids} if len(ids) <= 100 else {"count": len(ids), "first": ids[0], "last": ids[-1]}
        patients = [draft.patient for draft in stored]
        self._session.note("add", self._type, patients=patients, fields=sorted(fields), detail=detail)
        self._session.announce("add", self._type, ids)
        settle(self._session, self._type, places_of(self._type), patients, ids)

    def _result(self, stored: list[Draft]) -> BulkResult:
        ids: list[int | None] = [None] * len(self._drafts)
        for draft in stored:
            ids[draft.index] = draft.id
        rejected = [(draft.index, draft.problems) for draft in self._drafts if ids[draft.index] is None]
        warnings = [(draft.index, draft.problems) for draft in stored if draft.problems]
        return BulkResult(ids, rejected, warnings)


def _apart(drafts: list[Draft], refused: Sequence[Problem | None]) -> list[Draft]:
    """The drafts without a problem; the others get theirs."""
    for draft, problem in zip(drafts, refused, strict=True):
        if problem is not None:
            draft.problems.append(problem)
    return [draft for draft, problem in zip(drafts, refused, strict=True) if problem is None]

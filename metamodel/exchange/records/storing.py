"""Storing what rows ask for: found records are changed, others added, set by set."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select

from metamodel.catalogue.model import Database, RecordType
from metamodel.exchange.records.targets import Identity, Step, Target, identity_of
from metamodel.records import NewRecord, Problem, RecordInvalid, RecordStore
from metamodel.records.access import Access
from metamodel.records.compiled import joined
from metamodel.records.errors import RecordError
from metamodel.records.uniqueness import key_identity, plain, stored_keys
from metamodel.storage.layout import ACTIVE
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.security.policy import Action, Denied

CHUNK = 500
Path = tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Known:
    """A record that is there: its id and version."""

    id: int
    version: int


@dataclass(slots=True)
class Outcome:
    """What became of a target: added, changed, unchanged or rejected."""

    target: Target
    state: str
    problems: Sequence[Problem] = field(default_factory=list)


class BatchStore:
    """Stores the targets of one batch within one unit of work."""

    def __init__(self, uow: UnitOfWork, database: Database, provenance: dict[str, Any]) -> None:
        self._uow = uow
        self._database = database
        self._provenance = provenance
        self._store = RecordStore(uow)
        self._access = Access(uow)
        self._known: dict[Identity, Known] = {}
        self._refused: dict[Identity, Sequence[Problem]] = {}
        self._depth = {item.code: len(database.ancestors(item.code)) for item in database.record_types}

    def store(self, targets: Sequence[Target]) -> list[Outcome]:
        """Store them in order: the later of two that speak of one record changes what the earlier made."""
        outcomes: list[Outcome] = []
        for wave in _waves(targets):
            outcomes += self._store_wave(wave)
        return outcomes

    def _store_wave(self, wave: Sequence[Target]) -> list[Outcome]:
        """Each record is asked for at most once here, so whole sets can be added at a time."""
        outcomes: list[Outcome] = []
        for record_type in sorted(self._database.record_types, key=lambda item: self._depth[item.code]):
            own = [target for target in wave if target.type == record_type.code]
            above = self._parents_needed(wave, record_type)
            if own or above:
                self._find(record_type, [*above, *(target.steps for target in own)])
                outcomes += self._add_parents(record_type, above)
                outcomes += self._store_type(record_type, own)
        return outcomes

    def _parents_needed(self, wave: Sequence[Target], record_type: RecordType) -> list[Path]:
        """Paths to records of this type that others in the wave stand under, and no target asks for."""
        asked = {target.identity() for target in wave if target.type == record_type.code}
        paths: dict[Identity, Path] = {}
        for target in wave:
            for end in range(1, len(target.steps)):
                path = target.steps[:end]
                identity = identity_of(path)
                if path[-1].type == record_type.code and identity is not None and identity not in asked:
                    paths.setdefault(identity, path)
        return list(paths.values())

    def _add_parents(self, record_type: RecordType, paths: Sequence[Path]) -> list[Outcome]:
        """Records that others stand under and that are not there yet, with nothing but their key.

        Their targets have row 0: no row of the file asked for them by itself.
        """
        missing = [path for path in paths if identity_of(path) not in self._known]
        targets = [Target(0, path, _key_values(record_type, path[-1])) for path in missing]
        return self._add(record_type, targets)

    def _store_type(self, record_type: RecordType, targets: Sequence[Target]) -> list[Outcome]:
        new, outcomes = [], []
        for target in targets:
            identity = target.identity()
            known = None if identity is None else self._known.get(identity)
            if known is None:
                new.append(target)
            elif target.values.keys() <= {record_type.key} and not target.missing:
                outcomes.append(Outcome(target, "unchanged"))
            else:
                outcomes.append(self._change(record_type, target, known))
        return outcomes + self._add(record_type, new)

    def _change(self, record_type: RecordType, target: Target, known: Known) -> Outcome:
        try:
            with self._uow.conn.begin_nested():
                saved = self._store.change(
                    record_type, known.id, target.values, known.version, target.missing, self._provenance
                )
        except RecordInvalid as error:
            return Outcome(target, "rejected", error.problems)
        except (RecordError, Denied) as error:
            return Outcome(target, "rejected", [_problem_of(error)])
        self._remember(target.steps, Known(known.id, saved.version))
        return Outcome(target, "unchanged" if saved.version == known.version else "changed", saved.warnings)

    def _add(self, record_type: RecordType, targets: Sequence[Target]) -> list[Outcome]:
        ready, outcomes = [], []
        for target in targets:
            refused = self._refusal(target)
            if refused is None:
                ready.append(target)
            else:
                outcomes.append(Outcome(target, "rejected", refused))
                self._refuse(target, refused)
        if not ready:
            return outcomes
        result = self._store.add_many(record_type, [self._new(item) for item in ready], self._provenance)
        warnings, rejected = dict(result.warnings), dict(result.rejected)
        for index, (target, record_id) in enumerate(zip(ready, result.ids, strict=True)):
            if record_id is None:
                outcomes.append(Outcome(target, "rejected", rejected[index]))
                self._refuse(target, rejected[index])
            else:
                outcomes.append(Outcome(target, "added", warnings.get(index, ())))
                self._remember(target.steps, Known(record_id, 1))
        return outcomes

    def _refusal(self, target: Target) -> Sequence[Problem] | None:
        """Why a target can't be added: its parent was refused, or an id leads to no record."""
        if target.steps[-1].id is not None:
            zh, en = "没有该编号的记录。", "There is no record with this id."
            return [Problem("id", "not_found", zh, en)]
        above = identity_of(target.steps[:-1]) if len(target.steps) > 1 else None
        if above is None or above not in self._refused:
            return None
        reasons = self._refused[above]
        zh = "其上级记录被拒绝：" + "；".join(f"{item.field} {item.zh}".strip() for item in reasons)
        en = "Its parent record was rejected: " + "; ".join(
            f"{item.field} {item.en}".strip() for item in reasons
        )
        return [Problem("", "parent_rejected", zh, en)]

    def _refuse(self, target: Target, problems: Sequence[Problem]) -> None:
        identity = target.identity()
        if identity is not None:
            self._refused[identity] = problems

    def _new(self, target: Target) -> NewRecord:
        last = target.steps[-1]
        above = identity_of(target.steps[:-1]) if len(target.steps) > 1 else None
        parent = None if above is None else self._known.get(above)
        return NewRecord(
            {code: value for code, value in target.values.items() if value is not None},
            parent=None if parent is None else parent.id,
            event=last.event,
            repeat_key=last.repeat_key if last.repeats else None,
            missing=target.missing,
        )

    def _remember(self, steps: Path, known: Known) -> None:
        identity = identity_of(steps)
        if identity is not None:
            self._known[identity] = known
            self._refused.pop(identity, None)

    def _find(self, record_type: RecordType, paths: Sequence[Path]) -> None:
        """Look up those of the records that are not known yet."""
        unknown = [
            path for path in paths if (name := identity_of(path)) is not None and name not in self._known
        ]
        by_key = {path[-1].key: path for path in unknown if path[-1].key is not None}
        by_id = {path[-1].id: path for path in unknown if path[-1].id is not None}
        by_place = [
            path for path in unknown if path[-1].key is None and path[-1].id is None and len(path) > 1
        ]
        for value, row in self._rows_by_key(record_type, list(by_key)):
            self._remember(by_key[value], Known(row.id, row.row_version))
        for row in self._rows(record_type, record_type.main.c.id, list(by_id)):
            self._remember(by_id[row.id], Known(row.id, row.row_version))
        self._find_by_place(record_type, by_place)

    def _rows_by_key(self, record_type: RecordType, values: list[Any]) -> Iterator[tuple[Any, Any]]:
        if not values or record_type.key is None:
            return
        main, column = record_type.main, record_type.key_column()
        same = key_identity(self._uow, record_type)
        given: dict[Any, list[Any]] = {}
        for value in values:
            given.setdefault(same(value), []).append(value)
        stored = stored_keys(self._uow, record_type, values)
        place = record_type.field(record_type.key).place
        source = joined(record_type, {place.part if place else 0})
        for chunk in _chunks(list(stored)):
            query = select(column.label("key"), main.c.id, main.c.row_version).select_from(source)
            for row in self._uow.conn.execute(query.where(column.in_(chunk), *self._visible(record_type))):
                for value in given[stored[plain(row.key)]]:
                    yield value, row

    def _find_by_place(self, record_type: RecordType, paths: Sequence[Path]) -> None:
        wanted: dict[tuple[int, str, int], Path] = {}
        for path in paths:
            above = identity_of(path[:-1])
            parent = None if above is None else self._known.get(above)
            if parent is not None:
                wanted[parent.id, path[-1].event, path[-1].repeat_key or 1] = path
        for row in self._rows(record_type, record_type.main.c.parent, list({place[0] for place in wanted})):
            path_found = wanted.get((row.parent, row.event, row.repeat_key))
            if path_found is not None:
                self._remember(path_found, Known(row.id, row.row_version))

    def _rows(self, record_type: RecordType, column: Any, values: list[Any]) -> Iterator[Any]:
        main = record_type.main
        for chunk in _chunks(values):
            query = select(main.c.id, main.c.parent, main.c.event, main.c.repeat_key, main.c.row_version)
            yield from self._uow.conn.execute(query.where(column.in_(chunk), *self._visible(record_type)))

    def _visible(self, record_type: RecordType) -> tuple[Any, ...]:
        return record_type.main.c.status == ACTIVE, self._access.rows(Action.VIEW, record_type)


def _waves(targets: Iterable[Target]) -> Iterator[list[Target]]:
    """Parts of the batch in which no record is asked for twice, in the order of the rows."""
    often: dict[Identity, int] = {}
    waves: list[list[Target]] = []
    for target in targets:
        identity = target.identity()
        number = 0
        if identity is not None:
            number = often.get(identity, 0)
            often[identity] = number + 1
        while len(waves) <= number:
            waves.append([])
        waves[number].append(target)
    yield from waves


def _key_values(record_type: RecordType, step: Step) -> dict[str, Any]:
    return {} if record_type.key is None or step.key is None else {record_type.key: step.key}


def _problem_of(error: ZhenshuError) -> Problem:
    return Problem("", error.code(), error.message("zh"), error.message("en"))


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), CHUNK):
        yield values[start : start + CHUNK]

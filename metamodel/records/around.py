"""Values of other records that rules of a record need: its ancestors', and others under the same root."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, select, true

from metamodel.catalogue.model import Field, RecordType
from metamodel.catalogue.reach import Reached, Surroundings
from metamodel.records.compiled import joined
from metamodel.records.needs import Needs, Ranged
from metamodel.storage.layout import ACTIVE
from metamodel.storage.protected import Opener, protected_of
from rules_dsl import Missing
from zhenshu.db.unit_of_work import UnitOfWork

CHUNK = 1000

Paths = Mapping[str, Any]
Permitted = Callable[[RecordType], ColumnElement[bool]]


class Neighbour:
    """Where a record stands: its parent, its patient, and its own id when it has one already."""

    __slots__ = ("id", "parent", "patient")

    def __init__(self, id: int | None, parent: int | None, patient: int | None) -> None:
        self.id = id
        self.parent = parent
        self.patient = patient


@dataclass(frozen=True, slots=True)
class _Row:
    """A record and those of its values that are needed, by path."""

    id: int
    parent: int | None
    patient: int | None
    values: dict[str, Any]


def load_around(
    uow: UnitOfWork, surroundings: Surroundings, needs: Needs, records: Iterable[Neighbour],
    permitted: Permitted | None = None,
) -> Sequence[Paths]:  # fmt: skip
    """For each record the values that `needs` names of others, by path; related records as lists.

    `permitted` leaves out records that a reader may not see. Where rules decide what is stored, all count.
    """
    places = list(records)
    if not needs.others:
        return [{}] * len(places)
    finder = _Finder(uow, permitted)
    found: list[dict[str, Any]] = [{} for _ in places]
    if needs.near:
        finder.add_ancestors(surroundings, needs.near, places, found)
    if needs.only or needs.ranges_over:
        finder.add_others(needs, places, found)
    return found


class _Finder:
    """Adds what is needed to what is found of each place: as many queries as paths, however many places."""

    def __init__(self, uow: UnitOfWork, permitted: Permitted | None) -> None:
        self._uow = uow
        self._permitted = permitted

    def add_ancestors(
        self, surroundings: Surroundings, near: Mapping[str, Reached],
        places: Sequence[Neighbour | _Row], found: Sequence[dict[str, Any]],
    ) -> None:  # fmt: skip
        above = [place.parent for place in places]
        for ancestor in surroundings.ancestors():
            wanted = {path: hit.field for path, hit in near.items() if hit.type.code == ancestor.code}
            rows = self._rows(ancestor, wanted, "id", {item for item in above if item is not None})
            for position, key in enumerate(above):
                row = rows[key][0] if key in rows else None
                if row is not None:
                    found[position].update(row.values)
                above[position] = None if row is None else row.parent

    def add_others(self, needs: Needs, places: Sequence[Neighbour], found: Sequence[dict[str, Any]]) -> None:
        """All records of one root carry its patient, so the patient finds them."""
        patients = {place.patient for place in places if place.patient is not None}
        for path, hit in needs.only.items():
            rows = self._rows(hit.type, {path: hit.field}, "patient", patients)
            for position, place in enumerate(places):
                several = [row for row in rows.get(place.patient, ()) if row.id != place.id]
                found[position][path] = several[0].values[path] if len(several) == 1 else None
        for path, ranged in needs.ranges_over.items():
            values: dict[int | None, list[Paths]] = defaultdict(list)
            for row in self._ranged(ranged, patients):
                values[row.patient].append(row.values)
            for position, place in enumerate(places):
                found[position][path] = values.get(place.patient, [])

    def _ranged(self, ranged: Ranged, patients: Collection[int]) -> list[_Row]:
        """The patients' records that a quantifier ranges over, each with what lies below it as lists."""
        surroundings = ranged.surroundings
        found = self._rows(surroundings.type, ranged.fields, "patient", patients)
        rows = [row for several in found.values() for row in several]
        if ranged.near:
            self.add_ancestors(surroundings, ranged.near, rows, [row.values for row in rows])
        for path, further in ranged.below.items():
            below = self._by_owner(further, patients)
            for row in rows:
                row.values[path] = below.get(row.id, [])
        return rows

    def _by_owner(self, ranged: Ranged, patients: Collection[int]) -> Mapping[int | None, list[Paths]]:
        """The values of such records by the id of the record around that they lie below.

        The records in between only lead there, so it does not matter who may see them.
        """
        above: dict[tuple[str, int], int | None] = {}
        for ancestor in ranged.surroundings.ancestors():
            found = self._rows(ancestor, {}, "patient", patients, all_of_them=True)
            above |= {(ancestor.code, row.id): row.parent for several in found.values() for row in several}
        values: dict[int | None, list[Paths]] = defaultdict(list)
        for row in self._ranged(ranged, patients):
            owner = row.parent
            for ancestor in ranged.surroundings.ancestors():
                owner = None if owner is None else above.get((ancestor.code, owner))
            values[owner].append(row.values)
        return values

    def _rows(
        self, record_type: RecordType, fields: Mapping[str, Field], by: str, keys: Collection[int],
        all_of_them: bool = False,
    ) -> dict[int | None, list[_Row]]:  # fmt: skip
        """Active records by the value of the system column `by`, with the fields by path; those that the
        reader may see, or `all_of_them`."""
        main = record_type.main
        columns = [record_type.column(item.code).label(f"f{n}") for n, item in enumerate(fields.values())]
        source = joined(record_type, {item.place.part for item in fields.values() if item.place})
        permitted = None if all_of_them else self._permitted
        seen = true() if permitted is None else permitted(record_type)
        ordered = sorted(keys)
        protected = {4 + n: item for n, item in enumerate(fields.values()) if protected_of([item])}
        opener = Opener(protected, 0, 2)
        rows: dict[int | None, list[_Row]] = defaultdict(list)
        for start in range(0, len(ordered), CHUNK):
            query = (
                select(main.c.id, main.c.parent, main.c.patient, main.c.missing, *columns)
                .select_from(source)
                .where(main.c[by].in_(ordered[start : start + CHUNK]), main.c.status == ACTIVE, seen)
                .order_by(main.c.id)
            )
            found = [list(row) for row in self._uow.conn.execute(query)]
            opener.open(self._uow, found)
            for record_id, parent, patient, missing, *held in found:
                values = dict(zip(fields, held, strict=True))
                if missing:
                    values |= _reasons(fields, values, missing)
                rows[record_id if by == "id" else patient].append(_Row(record_id, parent, patient, values))
        return rows


def _reasons(
    fields: Mapping[str, Field], values: Mapping[str, Any], missing: Mapping[str, str]
) -> dict[str, Missing]:
    """Why fields have no value, by path."""
    coded = {path: missing.get(item.id) for path, item in fields.items() if values[path] is None}
    return {path: Missing(code) for path, code in coded.items() if code is not None}

"""Values of other records that rules of a record need: its ancestors', and others under the same root."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, select, true

from metamodel.catalogue.model import Field, RecordType
from metamodel.catalogue.reach import Surroundings
from metamodel.records.compiled import joined
from metamodel.records.needs import Needs
from metamodel.storage.layout import ACTIVE
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
    finder = _Finder(uow, surroundings, needs, permitted)
    found: list[dict[str, Any]] = [{} for _ in places]
    if needs.near:
        finder.add_ancestors(places, found)
    if needs.only or needs.ranges_over:
        finder.add_others(places, found)
    return found


class _Finder:
    """Adds what `needs` names to what is found of each place."""

    def __init__(
        self, uow: UnitOfWork, surroundings: Surroundings, needs: Needs, permitted: Permitted | None
    ) -> None:
        self._uow = uow
        self._surroundings = surroundings
        self._needs = needs
        self._permitted = permitted

    def add_ancestors(self, places: list[Neighbour], found: list[dict[str, Any]]) -> None:
        above = [place.parent for place in places]
        for ancestor in self._surroundings.ancestors():
            near = self._needs.near.items()
            wanted = {path: hit.field for path, hit in near if hit.type.code == ancestor.code}
            rows = self._rows(ancestor, wanted, "id", {item for item in above if item is not None})
            for position, key in enumerate(above):
                row = rows[key][0] if key in rows else None
                if row is not None:
                    found[position].update({path: row[path] for path in wanted})
                above[position] = None if row is None else row["parent"]

    def add_others(self, places: list[Neighbour], found: list[dict[str, Any]]) -> None:
        """All records of one root carry its patient, so the patient finds them."""
        patients = {place.patient for place in places if place.patient is not None}
        for path, hit in self._needs.only.items():
            rows = self._rows(hit.type, {path: hit.field}, "patient", patients)
            for position, place in enumerate(places):
                several = [row for row in rows.get(place.patient, ()) if row["id"] != place.id]
                found[position][path] = several[0][path] if len(several) == 1 else None
        for path, ranged in self._needs.ranges_over.items():
            rows = self._rows(ranged.type, ranged.fields, "patient", patients)
            for position, place in enumerate(places):
                found[position][path] = rows.get(place.patient, [])

    def _rows(
        self, record_type: RecordType, fields: Mapping[str, Field], by: str, keys: set[int]
    ) -> dict[int | None, list[dict[str, Any]]]:
        """Active records by the value of the system column `by`: id, parent and the fields by path."""
        main = record_type.main
        columns = [record_type.column(item.code).label(f"f{n}") for n, item in enumerate(fields.values())]
        source = joined(record_type, {item.place.part for item in fields.values() if item.place})
        seen = true() if self._permitted is None else self._permitted(record_type)
        ordered = sorted(keys)
        rows: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
        for start in range(0, len(ordered), CHUNK):
            query = (
                select(main.c.id, main.c.parent, main.c[by].label("by"), main.c.missing, *columns)
                .select_from(source)
                .where(main.c[by].in_(ordered[start : start + CHUNK]), main.c.status == ACTIVE, seen)
                .order_by(main.c.id)
            )
            for row in self._uow.conn.execute(query):
                values = dict(zip(fields, row[4:], strict=True))
                if row.missing:
                    values |= _reasons(fields, values, row.missing)
                rows[row.by].append({"id": row.id, "parent": row.parent} | values)
        return rows


def _reasons(
    fields: Mapping[str, Field], values: Mapping[str, Any], missing: Mapping[str, str]
) -> dict[str, Missing]:
    """Why fields have no value, by path."""
    coded = {path: missing.get(item.id) for path, item in fields.items() if values[path] is None}
    return {path: Missing(code) for path, code in coded.items() if code is not None}

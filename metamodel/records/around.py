"""Values of other records that rules of a record need: its ancestors', and others under the same root."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import select

from metamodel.catalogue.model import Field, RecordType
from metamodel.catalogue.reach import Surroundings
from metamodel.records.compiled import CompiledType, joined
from metamodel.storage.layout import ACTIVE
from zhenshu.db.unit_of_work import UnitOfWork

CHUNK = 1000

Paths = Mapping[str, Any]


class Neighbour:
    """Where a record stands: its parent, its patient, and its own id when it has one already."""

    __slots__ = ("id", "parent", "patient")

    def __init__(self, id: int | None, parent: int | None, patient: int | None) -> None:
        self.id = id
        self.parent = parent
        self.patient = patient


def load_around(uow: UnitOfWork, compiled: CompiledType, records: Iterable[Neighbour]) -> Sequence[Paths]:
    """For each record the values its rules need from others, by path; related records as lists."""
    places = list(records)
    rules = compiled.rules
    if not (rules.near or rules.only or rules.ranges_over):
        return [{}] * len(places)
    found: list[dict[str, Any]] = [{} for _ in places]
    if rules.near:
        _add_ancestors(uow, compiled, places, found)
    if rules.only or rules.ranges_over:
        _add_others(uow, compiled, places, found)
    return found


def _add_ancestors(
    uow: UnitOfWork, compiled: CompiledType, places: list[Neighbour], found: list[dict[str, Any]]
) -> None:
    above = [place.parent for place in places]
    for ancestor in Surroundings(compiled.type, compiled.database).ancestors():
        near = compiled.rules.near.items()
        wanted = {path: hit.field for path, hit in near if hit.type.code == ancestor.code}
        rows = _rows(uow, ancestor, wanted, "id", {item for item in above if item is not None})
        for position, key in enumerate(above):
            row = rows[key][0] if key in rows else None
            if row is not None:
                found[position].update({path: row[path] for path in wanted})
            above[position] = None if row is None else row["parent"]


def _add_others(
    uow: UnitOfWork, compiled: CompiledType, places: list[Neighbour], found: list[dict[str, Any]]
) -> None:
    """All records of one root carry its patient, so the patient finds them."""
    patients = {place.patient for place in places if place.patient is not None}
    for path, hit in compiled.rules.only.items():
        rows = _rows(uow, hit.type, {path: hit.field}, "patient", patients)
        for position, place in enumerate(places):
            several = [row for row in rows.get(place.patient, ()) if row["id"] != place.id]
            found[position][path] = several[0][path] if len(several) == 1 else None
    for path, ranged in compiled.rules.ranges_over.items():
        rows = _rows(uow, ranged.type, ranged.fields, "patient", patients)
        for position, place in enumerate(places):
            found[position][path] = rows.get(place.patient, [])


def _rows(
    uow: UnitOfWork, record_type: RecordType, fields: Mapping[str, Field], by: str, keys: set[int]
) -> dict[int | None, list[dict[str, Any]]]:
    """Active records by the value of the system column `by`: id, parent and the fields by path."""
    main = record_type.main
    columns = [record_type.column(item.code).label(f"f{n}") for n, item in enumerate(fields.values())]
    source = joined(record_type, {item.place.part for item in fields.values() if item.place})
    ordered = sorted(keys)
    rows: dict[int | None, list[dict[str, Any]]] = defaultdict(list)
    for start in range(0, len(ordered), CHUNK):
        query = (
            select(main.c.id, main.c.parent, main.c[by].label("by"), *columns)
            .select_from(source)
            .where(main.c[by].in_(ordered[start : start + CHUNK]), main.c.status == ACTIVE)
            .order_by(main.c.id)
        )
        for row in uow.conn.execute(query):
            values = dict(zip(fields, row[3:], strict=True))
            rows[row.by].append({"id": row.id, "parent": row.parent} | values)
    return rows

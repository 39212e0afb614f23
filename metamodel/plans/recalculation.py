"""After a publish: stored records are calculated by the release's new and changed calculations, by a job."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, select, table, true

from metamodel.catalogue.dependencies import Dependencies, Place
from metamodel.definitions.validation import draft_database
from metamodel.plans.conversions.converter import note_of
from metamodel.plans.documents import Document, fields_by_id, storage_kind, types_by_id
from metamodel.records.recalculating import KIND
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs import submit


def schedule_recalculation(
    uow: UnitOfWork, before: Document | None, after: Document, mapping: Mapping[str, Any]
) -> int | None:
    """The id of the job, in the publish's own transaction; None where no stored record needs it."""
    if before is None:
        return None
    changed = [
        (type_id, place)
        for type_id, place in _changed(before, after)
        if _has_rows(uow.conn, mapping["types"][type_id]["tables"][0])
    ]
    if not changed:
        return None
    ids = {item["code"]: type_id for type_id, item in types_by_id(after).items()}
    calculated = {type_id for type_id, item in types_by_id(after).items() if _calculates(item)}
    direct = list(dict.fromkeys(type_id for type_id, _ in changed if type_id in calculated))
    waves = Dependencies(draft_database(after)).waves([place for _, place in changed])
    types = [
        *direct,
        *(ids[code] for code in waves if storage_kind(types_by_id(after)[ids[code]]) == "managed"),
    ]
    if not types:
        return None
    return submit(uow, KIND, {"database": after["code"], "types": types, "patients": None})


def _changed(before: Document, after: Document) -> Iterator[tuple[str, Place]]:
    """Calculated fields whose stored values may be others now, each with its record type's id."""
    former = types_by_id(before)
    for type_id, item in types_by_id(after).items():
        if type_id not in former or storage_kind(item) != "managed":
            continue
        old = fields_by_id(former[type_id])
        converted = any(
            _converted(old.get(field_id), field) for field_id, field in fields_by_id(item).items()
        )
        for field_id, field in fields_by_id(item).items():
            other = _meaning(field) != _meaning(old.get(field_id, {}))
            if (field.get("calculation") and (other or converted)) or _converted(old.get(field_id), field):
                yield type_id, (item["code"], field["code"])


def _converted(was: Document | None, field: Document) -> bool:
    """Whether the field's values are others by now, so that what is calculated from them may be."""
    return was is not None and (was["type"], note_of(was)) != (field["type"], note_of(field))


def _meaning(field: Mapping[str, Any]) -> tuple[Any, ...]:
    return field.get("calculation"), field.get("type"), field.get("options") or {}


def _calculates(item: Document) -> bool:
    return any(field.get("calculation") for field in item.get("fields") or ())


def _has_rows(conn: Connection, name: str) -> bool:
    return conn.execute(select(true()).select_from(table(name)).limit(1)).first() is not None

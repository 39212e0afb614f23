"""Documents compiled and published by hand, one column per field, for tests of the catalogue alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import insert, select, update

from metamodel.catalogue import Database, compile_database
from metamodel.definitions import with_ids
from metamodel.tables import definition, definition_release
from zhenshu.db.metadata import catalogue_state
from zhenshu.db.unit_of_work import UnitOfWork


@dataclass(frozen=True)
class ReleaseNumber:
    id: int = 7
    number: int = 3


def a_mapping(document: Mapping[str, Any], definition_id: int = 1, per_part: int = 250) -> dict[str, Any]:
    """Where a plan might have put each field of `document`, which has ids."""
    types: dict[str, Any] = {}
    for number, item in enumerate(document["record_types"], 1):
        storage = item.get("storage", {"kind": "managed"})
        names = [field["id"] for field in item["fields"]]
        places: dict[str, Any] = {name: [index // per_part, f"c{index}"] for index, name in enumerate(names)}
        parts = max((part for part, _ in places.values()), default=0) + 1
        tables = [f"d{definition_id}_{number}" + (f"_p{part + 1}" if part else "") for part in range(parts)]
        if storage["kind"] == "mapped":
            columns = storage["columns"]
            places = {field["id"]: [0, columns[field["code"]]] for field in item["fields"]}
            tables = [storage["table"]]
        types[item["id"]] = {
            "number": number, "storage": storage["kind"], "tables": tables, "columns": places,
        }  # fmt: skip
    return {"types": types}


def compiled(document: Mapping[str, Any], per_part: int = 250) -> Database:
    whole = with_ids(document)
    return compile_database(whole, a_mapping(whole, per_part=per_part), 1, ReleaseNumber())


def put_release(uow: UnitOfWork, document: Mapping[str, Any]) -> None:
    """Make `document` the live release of its code and move the revision on, as a plan's swap does."""
    whole = with_ids(document)
    code = whole["code"]
    found = uow.conn.execute(select(definition.c.id).where(definition.c.code == code)).scalar_one_or_none()
    if found is None:
        head = {"kind": "database", "code": code, "label": whole["label"], "created_by": "li"}
        made = insert(definition).returning(definition.c.id)
        found = uow.conn.execute(made, head | {"created_at": uow.at}).scalar_one()
    releases = uow.conn.execute(
        select(definition_release.c.id).where(definition_release.c.definition_id == found)
    )
    values = {
        "definition_id": found, "number": len(releases.all()) + 1, "document": whole, "document_hash": "",
        "mapping": a_mapping(whole, found), "published_by": "li", "published_at": uow.at,
    }  # fmt: skip
    release = uow.conn.execute(insert(definition_release).returning(definition_release.c.id), values)
    uow.conn.execute(
        update(definition).where(definition.c.id == found).values(live_release_id=release.scalar_one())
    )
    uow.conn.execute(update(catalogue_state).values(revision=catalogue_state.c.revision + 1))

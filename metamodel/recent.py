"""The records somebody worked on lately, found by their revisions, as that person may see them now.

A record is named by its key, else by its first field that has a value; never by an identifying field, so that
a list that nobody asked for shows no identities, in clear or masked.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import select

from metamodel.catalogue import Catalogue, Database, Field, RecordType, catalogue_of
from metamodel.exchange.records.lineage import Lineage
from metamodel.masking import View
from metamodel.queries.conditions import Filter
from metamodel.records.rowreader import row_reader
from metamodel.records.session import Session
from metamodel.tables import revision
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action, Denied

LOOKED_AT: Final = 500  # revisions; one import makes many of them
NAMES_TRIED: Final = 8  # fields of a record, in their order


@dataclass(frozen=True, slots=True)
class Recent:
    """A record and what its reader did to it last. `within` is the key of the nearest record above it."""

    type: RecordType
    database: Database
    id: int
    name: str
    within: str
    action: str
    at: datetime


def recent_records(uow: UnitOfWork, language: str, limit: int = 10) -> list[Recent]:
    """The records that the subject of `uow` added or changed last, the latest first, a record once."""
    catalogue = catalogue_of(uow)
    latest = _latest(uow, _types(catalogue))
    wanted: dict[str, list[int]] = {}
    for path, record_id in latest:
        ids = wanted.setdefault(path, [])
        if len(ids) < 2 * limit:  # some may be in the trash by now
            ids.append(record_id)
    names = {path: _names(uow, catalogue, path, ids, language) for path, ids in wanted.items()}
    found = []
    for (path, record_id), (action, at) in latest.items():
        if named := names[path].get(record_id):
            kind = catalogue.record_type(path)
            database = catalogue.database(kind.database)
            found.append(Recent(kind, database, record_id, *named, action, at))
    return found[:limit]


def _types(catalogue: Catalogue) -> dict[int, str]:
    """The path of each record type by the number of its storage."""
    types = [item for database in catalogue.databases.values() for item in database.record_types]
    return {item.number: item.path for item in types if item.storage == "managed"}


def _latest(uow: UnitOfWork, types: Mapping[int, str]) -> dict[tuple[str, int], tuple[str, datetime]]:
    c = revision.c
    query = select(c.record_type_id, c.record_id, c.action, c.at).where(c.subject_id == uow.subject.id)
    found: dict[tuple[str, int], tuple[str, datetime]] = {}
    for row in uow.conn.execute(query.order_by(c.id.desc()).limit(LOOKED_AT)):
        if row.record_type_id in types:
            found.setdefault((types[row.record_type_id], row.record_id), (row.action, row.at))
    return found


def _names(
    uow: UnitOfWork, catalogue: Catalogue, path: str, ids: Sequence[int], language: str
) -> dict[int, tuple[str, str]]:
    """(name, key of the nearest record above) of those of `ids` that the subject may see."""
    kind = catalogue.record_type(path)
    session = Session(uow, catalogue)
    try:
        rows = Filter(session, kind, None)
        view = session.access.view(Action.VIEW, kind)
    except Denied:
        return {}
    query = select(kind.main.c.id).select_from(rows.source).where(*rows.condition, kind.main.c.id.in_(ids))
    seen = list(uow.conn.scalars(query))
    fields = _naming_fields(kind, view)
    reader = row_reader(uow, kind, fields)
    records = [dict(zip(reader.names, row, strict=True)) for row in reader.read(uow, seen)]
    _add_keys_above(uow, catalogue.database(kind.database), kind, records)
    return {record["id"]: (_name(fields, record, language), record["within"]) for record in records}


def _naming_fields(kind: RecordType, view: View) -> list[Field]:
    """The key alone where it may name the record, else the first fields that may."""
    plain = [item for item in view.visible if item.place and not item.identifying and view.clear(item.code)]
    key = [item for item in plain if item.code == kind.key]
    return key or plain[:NAMES_TRIED]


def _name(fields: Sequence[Field], record: Mapping[str, Any], language: str) -> str:
    for item in fields:
        value = record[item.code]
        if value is not None and value != "":
            text = item.type.to_text(item, language)(value)
            return f"{text} {item.unit}".strip()[:200]
    return f"#{record['id']}"


def _add_keys_above(
    uow: UnitOfWork, database: Database, kind: RecordType, records: Sequence[dict[str, Any]]
) -> None:
    """Complete each record with `within`."""
    above = database.ancestors(kind.code)
    named = [(item.code, item.key) for item in above if item.key and not item.field(item.key).identifying]
    for record in records:
        record["within"] = ""
    if not named:
        return
    try:
        Lineage(uow, database, kind, Action.VIEW).add(records)
    except Denied:
        return
    for record in records:
        keys = [record["ancestors"][code].get(key) for code, key in named]
        record["within"] = next((str(value) for value in keys if value is not None), "")

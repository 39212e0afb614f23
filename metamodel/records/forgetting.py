"""Forgetting a patient: the key is destroyed, identifying values and identifiers go, clinical values stay.

All in one transaction, so that it is done whole or not at all; done again, it finds nothing left to do. What
older revisions hold of identities is sealed under the destroyed key. Texts elsewhere that name the patient go
too: saved filters, notices, reasons, jobs, names of files. There is no way back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select, update

from metamodel.filters.forgetting import drop_filters, filters_naming
from metamodel.plans.stored import read_stored
from metamodel.plans.stored_rows import StoredRows
from metamodel.records.naming import names_of
from metamodel.storage.columns import StoredColumn
from metamodel.tables import definition, definition_release
from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound, ZhenshuError
from zhenshu.patients import forget_patient, patient_identifier, patient_key
from zhenshu.patients.traces import blot, count_traces
from zhenshu.security.policy import Action, Resource
from zhenshu.storage.tables import file_object


class NotConfirmed(ZhenshuError):
    """Forgetting can't be undone: type {phrase} to confirm it. Nothing was changed."""

    status = 422
    zh = "遗忘后无法恢复：请输入“{phrase_zh}”予以确认。未作任何修改。"


class ReasonNeeded(ZhenshuError):
    """Say why the patient is to be forgotten. Nothing was changed."""

    status = 422
    zh = "请填写遗忘该患者的原因。未作任何修改。"


@dataclass(frozen=True, slots=True)
class Affected:
    """A record type in which the patient has records, and how many identifying values they hold."""

    database: str
    record_type: str
    records: int
    values: int


@dataclass(frozen=True, slots=True)
class Forgetting:
    """What forgetting a patient does, or has done. `files` are stored files of that time which may still name
    the patient: people must look through them. `traces` are texts elsewhere that name the patient."""

    patient: int
    forgotten: bool
    destroyed_at: datetime | None
    identifiers: int
    affected: Sequence[Affected]
    files: Sequence[dict[str, Any]]
    traces: Mapping[str, int]

    @property
    def values(self) -> int:
        return sum(item.values for item in self.affected)

    def to_json(self, language: str = "en") -> dict[str, Any]:
        at = self.destroyed_at and self.destroyed_at.isoformat()
        return asdict(self) | {
            "values": self.values,
            "phrase": phrase_of(self.patient, language),
            "destroyed_at": at,
        }


@dataclass(frozen=True, slots=True)
class _Place:
    """Identifying columns of one record type."""

    rows: StoredRows
    database: str
    name: str
    type_id: str
    columns: Sequence[StoredColumn]


def phrase_of(patient: int, language: str = "en") -> str:
    """What is typed to confirm, in either language."""
    return f"遗忘 {patient}" if language == "zh" else f"forget {patient}"


def look(uow: UnitOfWork, patient: int) -> Forgetting:
    """What forgetting would do; nothing is changed.

    Raises:
        NotFound: when there is no such patient. Denied: when the subject may not approve it.
    """
    _permit(uow)
    k = patient_key.c
    held = select(k.wrapped, k.destroyed_at).where(k.patient_id == patient)
    key = uow.conn.execute(held.with_for_update() if uow.writes else held).first()
    if key is None:
        raise NotFound(kind="patient", kind_zh="患者", name=patient)
    here = patient_identifier.c.patient_id == patient
    identifiers = uow.conn.execute(
        select(func.count()).select_from(patient_identifier).where(here)
    ).scalar_one()
    affected = [found for place in _places(uow) if (found := _count(uow, place, patient)).records]
    databases = {item.database for item in affected}
    names = names_of(uow, patient)
    traces = count_traces(uow, names) | {"filters": len(filters_naming(uow, names))}
    files = _files(uow, databases)
    return Forgetting(patient, key.wrapped is None, key.destroyed_at, identifiers, affected, files, traces)


def forget(uow: UnitOfWork, patient: int, reason: str, confirm: str) -> Forgetting:
    """Forget the patient for good; tells what was there.

    Raises:
        ReasonNeeded, NotConfirmed, NotFound, Denied: see their messages.
    """
    _permit(uow)
    if not reason.strip():
        raise ReasonNeeded()
    if confirm.strip() not in (phrase_of(patient), phrase_of(patient, "zh")):
        raise NotConfirmed(phrase=phrase_of(patient), phrase_zh=phrase_of(patient, "zh"))
    found = look(uow, patient)
    names = names_of(uow, patient)
    drop_filters(uow, filters_naming(uow, names))
    blot(uow, names)
    for place in _places(uow):
        _blank(uow, place, patient)
    if not found.forgotten:
        forget_patient(uow, patient)
    if found.forgotten and not found.values and not found.identifiers:
        return found
    found = replace(found, forgotten=True, destroyed_at=found.destroyed_at or uow.at)
    detail = {
        "reason": reason.strip()[:500], "values": found.values, "identifiers": found.identifiers,
        "records": sum(item.records for item in found.affected), "traces": dict(found.traces),
        "files": [one["id"] for one in found.files],
    }  # fmt: skip
    record(uow, "forget_values", "patients", str(patient), patients=[patient], detail=detail)
    return found


def _permit(uow: UnitOfWork) -> None:
    uow.instance.policy.scope(uow.subject, Action.APPROVE, Resource("databases"), uow.channel, uow.at)


def _places(uow: UnitOfWork) -> Iterator[_Place]:
    """Every record type with columns that hold identities, whatever release made them."""
    named = _identifying(uow)
    query = select(definition.c.id, definition.c.code).where(definition.c.kind == "database")
    for definition_id, code in uow.conn.execute(query.order_by(definition.c.code)).all():
        stored = read_stored(uow.conn, definition_id)
        rows = StoredRows(uow.conn, stored)
        ids, names = named[definition_id]
        for type_id, columns in stored.all_columns.items():
            held = [one for one in columns if one.protected or one.field_id in ids]
            if stored.parts[type_id]:
                yield _Place(rows, code, names.get(type_id, type_id), type_id, held)


def _identifying(uow: UnitOfWork) -> dict[int, tuple[set[str], dict[str, str]]]:
    """By definition: ids of fields that were identifying in any release, and codes of record types by id."""
    found: dict[int, tuple[set[str], dict[str, str]]] = defaultdict(lambda: (set(), {}))
    c = definition_release.c
    for definition_id, document in uow.conn.execute(select(c.definition_id, c.document).order_by(c.id)):
        ids, names = found[definition_id]
        for kind in document.get("record_types") or ():
            names[kind.get("id", "")] = kind["code"]
            ids.update(item["id"] for item in kind.get("fields") or () if item.get("identifying"))
    return found


def _count(uow: UnitOfWork, place: _Place, patient: int) -> Affected:
    main = place.rows.table(place.type_id)
    if "patient" not in main.c:
        return Affected(place.database, place.name, 0, 0)
    columns = [place.rows.cell(place.type_id, one) for one in place.columns]
    counts = [func.count(), *(func.count(column) for column in columns)]
    source = place.rows.joined_parts(place.type_id, (one.part for one in place.columns))
    records, *values = uow.conn.execute(
        select(*counts).select_from(source).where(main.c.patient == patient)
    ).one()
    return Affected(place.database, place.name, records, sum(values))


def _blank(uow: UnitOfWork, place: _Place, patient: int) -> None:
    """Empty the columns and what is kept beside them."""
    main = place.rows.table(place.type_id)
    mine = select(main.c.id).where(main.c.patient == patient)
    parts: dict[int, list[str]] = defaultdict(list)
    for one in place.columns:
        parts[one.part] += [name for name, _ in one.physical()]
    ids = _holders(uow, place, patient)
    for part, names in parts.items():
        table = place.rows.table(place.type_id, part)
        empty = update(table).where(table.c.id.in_(mine)).values(dict.fromkeys(names))
        uow.conn.execute(empty)
    for start in range(0, len(ids), 1000):
        uow.conn.execute(
            update(main)
            .where(main.c.id.in_(ids[start : start + 1000]))
            .values(updated_by=uow.subject.name, updated_at=uow.at)
        )


def _holders(uow: UnitOfWork, place: _Place, patient: int) -> list[int]:
    if not place.columns:
        return []
    main = place.rows.table(place.type_id)
    held: list[ColumnElement[bool]] = [
        place.rows.cell(place.type_id, one).is_not(None) for one in place.columns
    ]
    source = place.rows.joined_parts(place.type_id, (one.part for one in place.columns))
    query = select(main.c.id).select_from(source).where(main.c.patient == patient, or_(*held))
    return list(uow.conn.scalars(query))


def _files(uow: UnitOfWork, databases: set[str]) -> list[dict[str, Any]]:
    """Stored files of these databases: exports, lists of rejected rows, files that were imported."""
    c = file_object.c
    query = select(c.id, c.name, c.created_by, c.attributes).where(c.state == "stored").order_by(c.id)
    found = []
    for row in uow.conn.execute(query):
        database = (row.attributes or {}).get("database")
        if databases and database in (None, *databases):
            found.append({"id": row.id, "name": row.name, "created_by": row.created_by})
    return found

"""The swap: in one transaction, with no other writer at work, the coming release becomes the live one."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import Any

from sqlalchemy import func, insert, select, update

from metamodel.notices import plan_settled
from metamodel.plans.backfill import fill_gaps, new_parts
from metamodel.plans.conversions.finish import finish_conversions
from metamodel.plans.current import KIND, check_current, definition_row
from metamodel.plans.documents import (
    EMPTY,
    Document,
    fields_by_id,
    key_field,
    mapped_columns,
    storage_kind,
    types_by_id,
)
from metamodel.plans.operations import (
    AddRecordType,
    ConvertField,
    DropField,
    DropRecordType,
    RestoreRecordType,
    SetKey,
)
from metamodel.plans.recalculation import schedule_recalculation
from metamodel.plans.states import State
from metamodel.plans.store import Plan, save_progress
from metamodel.storage.columns import set_column_state
from metamodel.storage.ddl import drop_index, index_names
from metamodel.storage.layout import blind_name, key_index_name
from metamodel.tables import definition, definition_release
from zhenshu.audit import record
from zhenshu.db.metadata import catalogue_state
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.events import Event, emit
from zhenshu.security.grants.following import follow_types

Mappings = Mapping[str, Any]


def swap(uow: UnitOfWork, plan: Plan) -> None:
    """Make the document of `plan` the live release.

    Raises:
        PlanOutdated: when draft or live release are no longer those that the plan was made for.
    """
    check_current(uow.conn, plan)
    for part in new_parts(plan):
        fill_gaps(uow.conn, part, plan.report.get("barrier", 0))
    finish_conversions(uow, plan)
    mapping = release_mapping(plan)
    _drop_former_keys(uow, plan, mapping)
    _mark_columns(uow, plan, mapping)
    before = _live_document(uow, plan)
    number = _insert_release(uow, plan, mapping)
    follow_types(uow, plan.code, _codes(before or EMPTY), _codes(plan.document))
    schedule_recalculation(uow, before, plan.document, mapping)
    revision = update(catalogue_state).values(revision=catalogue_state.c.revision + 1)
    uow.conn.execute(revision.where(catalogue_state.c.id == 1))
    save_progress(
        uow.conn, plan.id, state=State.SWAPPED, applied=0, mapping=mapping, finished_at=uow.at,
        lease_owner=None, lease_until=None, error=None,
    )  # fmt: skip
    detail = {"release": number, "plan": plan.id, "operations": len(plan.operations)}
    record(uow, "publish", KIND, plan.code, detail=detail)
    plan_settled(uow, plan.code)
    emit(uow, Event("catalogue.published", f"{KIND}/{plan.code}", {"release": number}))


def _codes(document: Document) -> dict[str, str]:
    """The code of each record type by its id."""
    return {type_id: kind["code"] for type_id, kind in types_by_id(document).items()}


def release_mapping(plan: Plan) -> dict[str, Any]:
    """Where each record type and field of the coming release is stored; nothing of what it drops."""
    expanded = (plan.mapping or {}).get("types", {})
    types: dict[str, Any] = {}
    for type_id, document in types_by_id(plan.document).items():
        if storage_kind(document) == "mapped":
            columns = {key: [0, name] for key, name in mapped_columns(document).items()}
            table = document["storage"]["table"]
            types[type_id] = {"storage": "mapped", "tables": [table], "columns": columns}
            continue
        entry = expanded[type_id]
        wanted = fields_by_id(document).keys()
        columns = {key: place for key, place in entry["columns"].items() if key in wanted}
        types[type_id] = entry | {"columns": columns}
        if protected := [key for key in entry.get("protected", ()) if key in wanted]:
            types[type_id] |= {"protected": protected}
        else:
            types[type_id].pop("protected", None)
    return {"types": types}


def _drop_former_keys(uow: UnitOfWork, plan: Plan, mapping: Mappings) -> None:
    types = types_by_id(plan.document)
    for operation in plan.operations:
        if not isinstance(operation, SetKey | RestoreRecordType | ConvertField):
            continue
        entry = mapping["types"][operation.type_id]
        if entry["storage"] != "managed":
            continue
        key = key_field(types[operation.type_id])
        kept = _key_index(entry, key["id"]) if key else ""
        for table in entry["tables"]:
            for index in index_names(uow.conn, table):
                former = (key_index_name(table, "c"), key_index_name(table, "b"))
                if index.startswith(former) and index != kept:
                    drop_index(uow.conn, index, table)


def _key_index(entry: Mappings, field_id: str) -> str:
    part, column = entry["columns"][field_id]
    column = blind_name(column) if field_id in entry.get("protected", ()) else column
    return key_index_name(entry["tables"][part], column)


def _mark_columns(uow: UnitOfWork, plan: Plan, mapping: Mappings) -> None:
    """Columns of this release are live, those it leaves behind are frozen with their values."""
    for operation in plan.operations:
        entry = mapping["types"].get(operation.type_id) or _former(plan, operation.type_id)
        if entry is None or "number" not in entry:
            continue
        mark = partial(set_column_state, uow.conn, entry["number"], at=uow.at)
        columns = {field_id: name for field_id, (_, name) in entry["columns"].items()}
        match operation:
            case AddRecordType() | RestoreRecordType():
                mark(list(columns.values()), state="live")
            case DropRecordType():
                mark(list(columns.values()), state="frozen")
            case DropField():
                former = _former(plan, operation.type_id)["columns"]
                mark([former[operation.field_id][1]], state="frozen")
            case _ if added := getattr(operation, "field_ids", ()):
                mark([columns[field_id] for field_id in added], state="live")


def _former(plan: Plan, type_id: str) -> Any:
    """The place of a record type that the coming release no longer has."""
    return (plan.mapping or {}).get("types", {}).get(type_id)


def _live_document(uow: UnitOfWork, plan: Plan) -> Any:
    """The document of the release that this one follows; None for the first."""
    live = definition_row(uow.conn, plan.definition_id).live_release_id
    c = definition_release.c
    return uow.conn.execute(select(c.document).where(c.id == live)).scalar_one_or_none()


def _insert_release(uow: UnitOfWork, plan: Plan, mapping: Mappings) -> int:
    c = definition_release.c
    last = select(func.coalesce(func.max(c.number), 0)).where(c.definition_id == plan.definition_id)
    number = int(uow.conn.execute(last).scalar_one()) + 1
    row = {
        "definition_id": plan.definition_id,
        "number": number,
        "document": plan.document,
        "document_hash": plan.document_hash,
        "mapping": mapping,
        "plan_id": plan.id,
        "note": plan.note,
        "published_by": uow.subject.name,
        "published_at": uow.at,
    }
    release_id = uow.conn.execute(insert(definition_release).values(row).returning(c.id)).scalar_one()
    former = definition_row(uow.conn, plan.definition_id)
    values: dict[str, Any] = {"live_release_id": release_id}
    values["label"] = plan.document.get("label") or former.label
    if not plan.is_undo:  # a draft in progress outlives an undo
        values |= {"draft": None, "draft_by": None, "draft_at": None}
    here = definition.c.id == plan.definition_id
    uow.conn.execute(update(definition).where(here).values(values))
    return number

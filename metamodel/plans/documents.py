"""Reading database definition documents: look-ups by stable id."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Document = Mapping[str, Any]
Path = tuple[str | int, ...]

EMPTY: Document = {"record_types": [], "value_sets": {}, "events": [], "forms": []}


def types_by_id(document: Document) -> dict[str, Document]:
    return {item["id"]: item for item in document.get("record_types") or ()}


def fields_by_id(record_type: Document) -> dict[str, Document]:
    return {field["id"]: field for field in record_type.get("fields") or ()}


def storage_kind(record_type: Document) -> str:
    """`managed`, `mapped` or `keyed`."""
    return str((record_type.get("storage") or {}).get("kind", "managed"))


def key_field(record_type: Document) -> Document | None:
    """The field that identifies a record of `record_type`, if there is one."""
    code = record_type.get("key")
    return next((field for field in record_type.get("fields") or () if field["code"] == code), None)


def parent_id(document: Document, record_type: Document) -> str | None:
    """The stable id of the parent: its code may change."""
    code = record_type.get("parent")
    return next((item["id"] for item in document["record_types"] if item["code"] == code), None)


def choices(document: Document, field: Document) -> dict[str, Document] | None:
    """The choices of a field by code, active or not; None for a field that has none."""
    name = field.get("value_set")
    if not name:
        return None
    value_set = (document.get("value_sets") or {}).get(name) or {}
    return {choice["code"]: choice for choice in value_set.get("choices") or ()}


def mapped_columns(record_type: Document) -> dict[str, str]:
    """{field id: column} of a mapped record type; a field without a column is absent."""
    named = (record_type.get("storage") or {}).get("columns") or {}
    fields = record_type.get("fields") or ()
    return {field["id"]: named[field["code"]] for field in fields if field["code"] in named}


def path_of(document: Document, type_id: str, field_id: str | None = None) -> Path:
    """Keys and indexes that lead to a record type, or to one of its fields."""
    types = list(types_by_id(document))
    path: Path = ("record_types", types.index(type_id))
    if field_id is None:
        return path
    fields = list(fields_by_id(document["record_types"][path[1]]))
    return (*path, "fields", fields.index(field_id))

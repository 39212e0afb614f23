"""Edits of record types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metamodel.definitions.edits.errors import already_there
from metamodel.definitions.edits.parts import Document, changed, find_type, has, with_type
from metamodel.definitions.edits.rewriting import Target, rewritten
from metamodel.definitions.mentions import Mention

Json = Mapping[str, Any]


def add_record_type(document: Json, edit: Json) -> Document:
    """Add a record type."""
    item = edit["record_type"]
    if has(document["record_types"], item["code"]):
        raise already_there("记录类型", "record type", item["code"])
    return {**document, "record_types": [*document["record_types"], item]}


def set_record_type(document: Json, edit: Json) -> Document:
    """Change properties of a record type; one set to null is taken away."""
    code = edit["record_type"]
    return with_type(document, code, changed("record_type", find_type(document, code), edit["set"]))


def rename_record_type(document: Json, edit: Json) -> Document:
    """Give a record type another code; parents, forms and all rules follow."""
    old, new = edit["record_type"], edit["code"]
    record_type = find_type(document, old)
    if old == new:
        return dict(document)
    if has(document["record_types"], new):
        raise already_there("记录类型", "record type", new)
    renamed = with_type(document, old, {**record_type, "code": new})
    renamed["record_types"] = [
        {**item, "parent": new} if item.get("parent") == old else item for item in renamed["record_types"]
    ]
    if "forms" in renamed:
        renamed["forms"] = [
            {**form, "record_type": new} if form["record_type"] == old else form for form in renamed["forms"]
        ]

    def new_path(mention: Mention) -> str:
        parts = mention.path.split(".")
        names = len(parts) - (mention.reached is not None)  # the last part of a field's path is the field
        return ".".join([new if part == old else part for part in parts[:names]] + parts[names:])

    def moved(target: Target) -> Target:
        return (new, target[1]) if target[0] == old else target

    return rewritten(dict(document), renamed, new_path, moved)

"""Edits of record types."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metamodel.definitions.edits.errors import EditRefused, already_there
from metamodel.definitions.edits.parts import (
    RECORD_TYPE,
    Document,
    changed,
    find_type,
    has,
    moved,
    refuse,
    with_type,
    without,
)
from metamodel.definitions.edits.rewriting import Renaming, Target, meaning, rewritten, rules_in, targets
from metamodel.definitions.mentions import Mention
from metamodel.definitions.problems import pointer
from metamodel.definitions.structure import tree_problems

Json = Mapping[str, Any]


def add_record_type(document: Json, edit: Json) -> Document:
    """Add a record type."""
    item = edit["record_type"]
    if has(document["record_types"], item["code"]):
        raise already_there(*RECORD_TYPE, item["code"])
    return _below_its_parent({**document, "record_types": [*document["record_types"], item]}, item["code"])


def set_record_type(document: Json, edit: Json) -> Document:
    """Change properties of a record type; one set to null is taken away."""
    code = edit["record_type"]
    result = with_type(document, code, changed("record_type", find_type(document, code), edit["set"]))
    return _below_its_parent(result, code) if "parent" in edit["set"] else result


def _below_its_parent(document: Document, code: str) -> Document:
    """
    Raises:
        EditRefused: when the parent of record type `code` is not there, or below it.
    """
    place = next(n for n, item in enumerate(document["record_types"]) if item["code"] == code)
    at = pointer(("record_types", place, "parent"))
    refuse([found for found in tree_problems(document) if found.path == at])
    return document


def rename_record_type(document: Json, edit: Json) -> Document:
    """Give a record type another code; parents, forms and all rules follow."""
    old, new = edit["record_type"], edit["code"]
    record_type = find_type(document, old)
    if old == new:
        return dict(document)
    if has(document["record_types"], new):
        raise already_there(*RECORD_TYPE, new)
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

    def now(target: Target) -> Target:
        return (new, target[1]) if target[0] == old else target

    return rewritten(dict(document), renamed, Renaming(old, new, new_path, now))


def move_record_type(document: Json, edit: Json) -> Document:
    """Put a record type elsewhere in their order."""
    types = moved(document["record_types"], edit["record_type"], edit, RECORD_TYPE)
    return {**document, "record_types": types}


def remove_record_type(document: Json, edit: Json) -> Document:
    """Take a record type and its forms out of the definition; its records stay in the database."""
    code = edit["record_type"]
    rest = without(document["record_types"], code, RECORD_TYPE)
    if not rest:
        raise EditRefused(
            f"{code} 是唯一的记录类型，不能移除", f"{code} is the only record type and can't be removed"
        )
    if children := ", ".join(item["code"] for item in rest if item.get("parent") == code):
        raise EditRefused(
            f"{code} 是 {children} 的上级，请先移除它们或改换上级",
            f"{code} is the parent of {children}; remove them or give them another parent first",
        )
    _refuse_mentioned(document, code)
    result = {**document, "record_types": rest}
    if "forms" in document:
        result["forms"] = [form for form in document["forms"] if form["record_type"] != code]
    return result


def _refuse_mentioned(document: Json, code: str) -> None:
    database = meaning(document)
    for rule in rules_in(document, database):
        if rule.type.code != code and any(target[0] == code for target in targets(rule, database)):
            raise EditRefused(
                f"{rule.place} 的规则“{rule.text}”用到记录类型 {code}，请先修改该规则",
                f"the rule '{rule.text}' of {rule.place} uses record type {code}; change it first",
            )

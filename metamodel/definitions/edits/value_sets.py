"""Edits of value sets, and fields taken from a library."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from metamodel.definitions.edits.errors import EditRefused, already_there, not_there
from metamodel.definitions.edits.parts import Document, find_type, has, placed, with_fields

Json = Mapping[str, Any]


def add_value_set(document: Json, edit: Json) -> Document:
    """Add a value set."""
    known, code = document.get("value_sets", {}), edit["code"]
    if code in known:
        raise already_there("值域", "value set", code)
    return {**document, "value_sets": {**known, code: edit["value_set"]}}


def set_value_set(document: Json, edit: Json) -> Document:
    """Replace a value set."""
    known, code = document.get("value_sets", {}), edit["code"]
    if code not in known:
        raise not_there("值域", "value set", code)
    return {**document, "value_sets": {**known, code: edit["value_set"]}}


def pick_from_library(document: Json, edit: Json, library: Callable[[str], tuple[Json, int]]) -> Document:
    """Copy data elements of a library's live release into a record type, with their value sets.

    Each field keeps in `element` where it came from, so that a newer release can be merged into it.
    """
    source, number = library(edit["library"])
    record_type = find_type(document, edit["record_type"])
    fields = [_element(source, code, number) for code in edit["fields"]]
    for field in fields:
        if has(record_type["fields"], field["code"]):
            raise already_there("字段", "field", field["code"])
    result = with_fields(document, edit["record_type"], placed(record_type["fields"], fields, edit))
    names = {field["value_set"] for field in fields if field.get("value_set")}
    return _with_value_sets(result, {name: source["value_sets"][name] for name in sorted(names)})


def _element(library: Json, code: str, number: int) -> Document:
    for item in library["fields"]:
        if item["code"] == code:
            origin = {"library": library["code"], "code": code, "release": number}
            return {**item, "element": {**item.get("element", {}), **origin}}
    raise not_there("数据元", "data element", f"{library['code']}.{code}")


def _with_value_sets(document: Document, wanted: Json) -> Document:
    known = dict(document.get("value_sets", {}))
    for name, value_set in wanted.items():
        if known.setdefault(name, value_set) != value_set:
            raise EditRefused(
                f"本库已有内容不同的值域 {name}，请先将其改名或删除",
                f"this database has another value set {name}; rename or remove it first",
            )
    return {**document, "value_sets": known} if known else document

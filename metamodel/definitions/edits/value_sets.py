"""Edits of value sets, and fields taken from a library."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from metamodel.definitions.edits.errors import EditRefused, already_there, not_there
from metamodel.definitions.edits.forms import shown
from metamodel.definitions.edits.parts import (
    CHOICE,
    VALUE_SET,
    Document,
    added,
    changed,
    find,
    find_type,
    has,
    moved,
    next_note,
    placed,
    replaced,
    with_fields,
    without,
)

Json = Mapping[str, Any]


def add_value_set(document: Json, edit: Json) -> Document:
    """Add a value set."""
    known, code = document.get("value_sets", {}), edit["code"]
    if code in known:
        raise already_there("值域", "value set", code)
    return {**document, "value_sets": {**known, code: edit["value_set"]}}


def set_value_set(document: Json, edit: Json) -> Document:
    """Replace a value set."""
    _find(document, edit["code"])
    return _with(document, edit["code"], edit["value_set"])


def rename_value_set(document: Json, edit: Json) -> Document:
    """Give a value set another code; fields follow."""
    old, new = edit["code"], edit["to"]
    _find(document, old)
    if old != new and new in document["value_sets"]:
        raise already_there(*VALUE_SET, new)
    renamed = {(new if code == old else code): item for code, item in document["value_sets"].items()}
    types = [{**item, "fields": _renamed(item["fields"], old, new)} for item in document["record_types"]]
    return {**document, "value_sets": renamed, "record_types": types}


def _renamed(fields: Iterable[Document], old: str, new: str) -> list[Document]:
    return [{**field, "value_set": new} if field.get("value_set") == old else field for field in fields]


def remove_value_set(document: Json, edit: Json) -> Document:
    """Take away a value set that no field uses."""
    code = edit["code"]
    _find(document, code)
    for item in document["record_types"]:
        for field in item["fields"]:
            if field.get("value_set") == code:
                place = f"{item['code']}.{field['code']}"
                raise EditRefused(
                    f"字段 {place} 使用值域 {code}，请先为其选用其他值域",
                    f"field {place} uses value set {code}; give it another one first",
                )
    rest = {known: item for known, item in document["value_sets"].items() if known != code}
    return {**document, "value_sets": rest}


def add_choice(document: Json, edit: Json) -> Document:
    """Add a choice to a value set."""
    return _with_choices(document, edit, lambda choices: added(choices, edit["choice"], edit, CHOICE))


def set_choice(document: Json, edit: Json) -> Document:
    """Change properties of a choice; `active` false retires it."""
    code = edit["choice"]

    def change(choices: list[Json]) -> list[Json]:
        return replaced(choices, code, changed("choice", find(choices, code, CHOICE), edit["set"]))

    return _with_choices(document, edit, change)


def move_choice(document: Json, edit: Json) -> Document:
    """Put a choice elsewhere in the order of its value set."""
    return _with_choices(document, edit, lambda choices: moved(choices, edit["choice"], edit, CHOICE))


def remove_choice(document: Json, edit: Json) -> Document:
    """Take a choice out of a value set; the plan counts the values that chose it."""
    return _with_choices(document, edit, lambda choices: without(choices, edit["choice"], CHOICE))


def merge_choices(document: Json, edit: Json) -> Document:
    """Put choices together into one; stored values follow. `into` null: they are listed to be rechecked."""
    code, into = edit["value_set"], edit["into"]
    item = _find(document, code)
    gone = [choice for choice in edit["choices"] if choice != into]
    for choice in gone if into is None else [*gone, into]:
        find(item["choices"], choice, CHOICE)
    rest = [choice for choice in item["choices"] if choice["code"] not in gone]
    result = _with(document, code, {**item, "choices": rest})
    codes = dict.fromkeys(gone, into)
    types = [
        {**kind, "fields": [_converted(field, codes) if field.get("value_set") == code else field
                            for field in kind["fields"]]}
        for kind in result["record_types"]
    ]  # fmt: skip
    return {**result, "record_types": types}


def _converted(field: Document, codes: Mapping[str, str | None]) -> Document:
    before = (field.get("convert") or {}).get("codes") or {}  # of an earlier merge, maybe not published yet
    followed = {old: codes.get(new, new) for old, new in before.items()}
    return {**field, "convert": next_note(field, {"codes": {**followed, **codes}})}


def _with_choices(document: Json, edit: Json, change: Callable[[list[Json]], list[Json]]) -> Document:
    item = _find(document, edit["value_set"])
    return _with(document, edit["value_set"], {**item, "choices": change(list(item["choices"]))})


def _with(document: Json, code: str, value_set: Json) -> Document:
    return {**document, "value_sets": {**document["value_sets"], code: value_set}}


def _find(document: Json, code: str) -> Json:
    known: Mapping[str, Json] = document.get("value_sets", {})
    if code not in known:
        raise not_there(*VALUE_SET, code)
    return known[code]


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
    result = shown(result, edit["record_type"], [field["code"] for field in fields], edit)
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

"""Edits of fields."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from metamodel.definitions.edits.errors import EditRefused, already_there, not_there
from metamodel.definitions.edits.forms import shown, without_field
from metamodel.definitions.edits.parts import (
    FIELD,
    Document,
    added,
    changed,
    find_field,
    find_type,
    has,
    next_note,
    placed,
    with_field,
    with_fields,
)
from metamodel.definitions.edits.rewriting import (
    Renaming,
    Target,
    meaning,
    rewritten,
    rewritten_rule,
    with_rules,
)
from metamodel.definitions.mentions import Mention

Json = Mapping[str, Any]


def add_field(document: Json, edit: Json) -> Document:
    """Add a field to a record type, and to a form of it."""
    return _added(document, edit, edit["field"], edit)


def _added(document: Json, edit: Json, field: Json, place: Json) -> Document:
    type_code = edit["record_type"]
    record_type = find_type(document, type_code)
    result = with_fields(document, type_code, added(record_type["fields"], field, place, FIELD))
    return shown(result, type_code, [field["code"]], edit)


def duplicate_field(document: Json, edit: Json) -> Document:
    """Add a copy of a field under another code; its rules about itself are about the copy."""
    type_code, code, new = edit["record_type"], edit["field"], edit["code"]
    field = find_field(find_type(document, type_code), code)
    copy = {key: value for key, value in field.items() if key != "id"} | {"code": new}
    if "label" in edit:
        copy["label"] = edit["label"]
    database = meaning(document)
    own_type = next(item for item in database.record_types if item.code == type_code)

    def own(mention: Mention) -> str:
        hit = mention.reached
        if hit is None or (hit.type.code, hit.field.code) != (type_code, code):
            return mention.path
        named = hit.field.label  # which may remain the other's
        is_short = mention.path in (code, named.zh, named.en)
        return new if is_short else f"{mention.path.rpartition('.')[0]}.{new}"

    copy = with_rules(copy, lambda text: rewritten_rule(text, own_type, database, own))
    place = edit if {"before", "after", "index"} & edit.keys() else {"after": code}
    return _added(document, edit, copy, place)


def rename_field(document: Json, edit: Json) -> Document:
    """Give a field another code; forms, key, mapped columns and all rules follow."""
    type_code, old, new = edit["record_type"], edit["field"], edit["code"]
    record_type = find_type(document, type_code)
    field = find_field(record_type, old)
    if old == new:
        return dict(document)
    if has(record_type["fields"], new):
        raise already_there("字段", "field", new)
    renamed = with_field(document, type_code, old, {**field, "code": new})
    renamed = _references_renamed(renamed, type_code, old, new)

    def new_path(mention: Mention) -> str:
        return renamed_path(mention, (type_code, old), new)

    def moved(target: Target) -> Target:
        return (type_code, new) if target == (type_code, old) else target

    return rewritten(dict(document), renamed, Renaming(old, new, new_path, moved))


def renamed_path(mention: Mention, target: Target, new: str) -> str:
    """The mention's path with `new` in place of the field's code where it names `target` by its code."""
    head, dot, last = mention.path.rpartition(".")
    hit = mention.reached
    if hit is None or last != target[1] or (hit.type.code, hit.field.code) != target:
        return mention.path
    return f"{head}{dot}{new}"


def _references_renamed(document: Document, type_code: str, old: str, new: str) -> Document:
    """Key, mapped columns and form items that name the field."""
    types = [
        _type_reference_renamed(item, old, new) if item["code"] == type_code else item
        for item in document["record_types"]
    ]
    result = {**document, "record_types": types}
    if "forms" in document:
        result["forms"] = [
            _form_renamed(form, old, new) if form["record_type"] == type_code else form
            for form in document["forms"]
        ]
    return result


def _type_reference_renamed(item: Document, old: str, new: str) -> Document:
    result = {**item, "key": new} if item.get("key") == old else item
    columns = item.get("storage", {}).get("columns")
    if columns and old in columns:
        renamed = {(new if code == old else code): column for code, column in columns.items()}
        result = {**result, "storage": {**item["storage"], "columns": renamed}}
    return result


def _form_renamed(form: Document, old: str, new: str) -> Document:
    items = [{**item, "field": new} if item.get("field") == old else item for item in form["items"]]
    return {**form, "items": items}


def set_field(document: Json, edit: Json) -> Document:
    """Change properties of a field; a property set to null is taken away."""
    type_code, code = edit["record_type"], edit["field"]
    field = find_field(find_type(document, type_code), code)
    return with_field(document, type_code, code, changed("field", field, _stepped(field, edit["set"])))


def _stepped(field: Json, properties: Json) -> Json:
    """A conversion of stored values is the next one, so that publishing it again does not repeat it."""
    note = properties.get("convert")
    if not isinstance(note, Mapping):
        return properties
    return {**properties, "convert": next_note(field, note)}


def move_field(document: Json, edit: Json) -> Document:
    """Put a field elsewhere in the order of its record type."""
    type_code, code = edit["record_type"], edit["field"]
    record_type = find_type(document, type_code)
    field = find_field(record_type, code)
    others = [item for item in record_type["fields"] if item["code"] != code]
    return with_fields(document, type_code, placed(others, [field], edit))


def hide_field(document: Json, edit: Json) -> Document:
    """Keep a field and its values, but show it no more on forms and grids."""
    return set_field(document, {**edit, "set": {"hidden": True}})


def restore_field(document: Json, edit: Json, past: Callable[[], Iterable[Json]]) -> Document:
    """Show a hidden field again, or bring one back from an earlier release; by code `field` or by `id`."""
    key = "field" if "field" in edit else "id"
    name, wanted = ("code", edit["field"]) if key == "field" else ("id", edit["id"])
    record_type = find_type(document, edit["record_type"])
    for item in record_type["fields"]:
        if item.get(name) == wanted:
            return set_field(document, {**edit, "field": item["code"], "set": {"hidden": None}})
    return _brought_back(document, record_type, _from_the_past(record_type, name, wanted, past()), edit)


def _brought_back(document: Json, record_type: Json, found: tuple[Json, Json], edit: Json) -> Document:
    field, home = found
    value_set = field.get("value_set")
    if has(record_type["fields"], field["code"]):
        raise already_there("字段", "field", field["code"])
    back = {key: value for key, value in field.items() if key != "hidden"}
    result = with_fields(document, record_type["code"], placed(record_type["fields"], [back], edit))
    known = result.get("value_sets", {})
    if value_set and value_set not in known and value_set in home.get("value_sets", {}):
        result["value_sets"] = {**known, value_set: home["value_sets"][value_set]}
    return shown(result, record_type["code"], [back["code"]], {})


def _from_the_past(record_type: Json, name: str, wanted: str, past: Iterable[Json]) -> tuple[Json, Json]:
    """The field whose `name` (id or code) is `wanted`, and the newest document that has it."""
    for document in past:
        for item in document["record_types"]:
            if item.get("id") != record_type.get("id"):
                continue
            for field in item["fields"]:
                if field.get(name) == wanted:
                    return field, document
    raise not_there("曾发布过的字段", "field of an earlier release", wanted)


def remove_field(document: Json, edit: Json) -> Document:
    """Take a field out of the definition and off its forms; its values stay in the database."""
    type_code, code = edit["record_type"], edit["field"]
    record_type = find_type(document, type_code)
    find_field(record_type, code)
    if record_type.get("key") == code:
        raise EditRefused(
            f"{code} 是记录类型 {type_code} 的主键，请先改用其他主键",
            f"{code} is the key of {type_code}; choose another key first",
        )
    rest = [item for item in record_type["fields"] if item["code"] != code]
    result = with_fields(document, type_code, rest)
    if "forms" in result:
        result["forms"] = without_field(result["forms"], type_code, code)
    return result

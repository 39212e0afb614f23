"""Finding and replacing parts of a document. Documents are never changed in place."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from metamodel.definitions.edits.errors import EditRefused, already_there, not_there
from metamodel.definitions.problems import Problem
from metamodel.definitions.schema import part_validator, schema_problems

Json = Mapping[str, Any]
Document = dict[str, Any]


def find_type(document: Json, code: str) -> Json:
    """
    Raises:
        EditRefused: when no record type has this code.
    """
    return find(document["record_types"], code, RECORD_TYPE)


def find_field(record_type: Json, code: str) -> Json:
    """
    Raises:
        EditRefused: when no field has this code.
    """
    for item in record_type["fields"]:
        if item["code"] == code:
            found: Json = item
            return found
    raise not_there("字段", "field", f"{record_type['code']}.{code}")


def has(items: Sequence[Json], code: str) -> bool:
    """Whether one of `items` has this code."""
    return any(item["code"] == code for item in items)


def with_type(document: Json, code: str, changed: Json) -> Document:
    """`document` with the record type `code` replaced."""
    types = [dict(changed) if item["code"] == code else item for item in document["record_types"]]
    return {**document, "record_types": types}


def with_field(document: Json, type_code: str, code: str, changed: Json) -> Document:
    """`document` with one field replaced."""
    record_type = find_type(document, type_code)
    fields = [dict(changed) if item["code"] == code else item for item in record_type["fields"]]
    return with_type(document, type_code, {**record_type, "fields": fields})


def with_fields(document: Json, type_code: str, fields: Sequence[Json]) -> Document:
    """`document` with all fields of a record type replaced."""
    return with_type(document, type_code, {**find_type(document, type_code), "fields": list(fields)})


Named = tuple[str, str]  # what a part is called in Chinese and English

FIELD: Named = ("字段", "field")
RECORD_TYPE: Named = ("记录类型", "record type")
VALUE_SET: Named = ("值域", "value set")
CHOICE: Named = ("选项", "choice")
FORM: Named = ("表单", "form")
EVENT: Named = ("访视", "event")


def find(items: Iterable[Json], code: str, named: Named) -> Json:
    """
    Raises:
        EditRefused: when none of `items` has this code.
    """
    for item in items:
        if item["code"] == code:
            return item
    raise not_there(*named, code)


def added(items: Sequence[Json], new: Json, edit: Json, named: Named) -> list[Json]:
    """`items` with `new` where `edit` says.

    Raises:
        EditRefused: when its code is taken.
    """
    if has(items, new["code"]):
        raise already_there(*named, new["code"])
    return placed(items, [new], edit, named)


def moved(items: Sequence[Json], code: str, edit: Json, named: Named) -> list[Json]:
    """`items` with the one of this code where `edit` says."""
    one = find(items, code, named)
    return placed([item for item in items if item is not one], [one], edit, named)


def replaced(items: Iterable[Json], code: str, new: Json) -> list[Json]:
    """`items` with the one of this code replaced."""
    return [new if item["code"] == code else item for item in items]


def without(items: Sequence[Json], code: str, named: Named) -> list[Json]:
    """`items` without the one of this code."""
    one = find(items, code, named)
    return [item for item in items if item is not one]


def placed(items: Sequence[Json], new: Sequence[Json], edit: Json, named: Named = FIELD) -> list[Json]:
    """`new` put among `items` where `edit` says: before or after a code, at an index, or at the end.

    Raises:
        EditRefused: when there is no such code.
    """
    index = _index(items, edit, named)
    return [*items[:index], *new, *items[index:]]


def _index(items: Sequence[Json], edit: Json, named: Named) -> int:
    if "index" in edit:
        return min(int(edit["index"]), len(items))
    codes = [item["code"] for item in items]
    for key, offset in (("before", 0), ("after", 1)):
        if key not in edit:
            continue
        if edit[key] not in codes:
            raise not_there(*named, edit[key])
        return codes.index(edit[key]) + offset
    return len(items)


_FIXED = {
    "field": {"id", "code"},
    "record_type": {"id", "code", "fields"},
    "form": {"code", "record_type", "items"},
    "event": {"code"},
    "choice": {"code"},
}


def changed(part: str, item: Json, properties: Json) -> Document:
    """`item`, one of the schema's parts, with `properties` set; None takes a property away.

    Raises:
        EditRefused: for what identifies the part or holds others, which have edits of their own, and for a
            wrong value.
    """
    refuse_fixed(_FIXED[part] & properties.keys())
    result = with_properties(item, properties)
    hollow = {**result, "fields": []} if part == "record_type" else result
    refuse(schema_problems(part_validator("database", part), hollow))
    return result


def refuse_fixed(names: Iterable[str]) -> None:
    """
    Raises:
        EditRefused: when there are names.
    """
    if listed := ", ".join(sorted(names)):
        raise EditRefused(f"{listed} 不能这样修改", f"{listed} can't be changed this way")


def with_properties(item: Json, properties: Json) -> Document:
    """`item` with `properties` set; None takes a property away."""
    kept = {key: value for key, value in item.items() if properties.get(key, value) is not None}
    return {**kept, **{key: value for key, value in properties.items() if value is not None}}


def refuse(problems: Sequence[Problem]) -> None:
    """
    Raises:
        EditRefused: when there are problems; it says the first and keeps all.
    """
    if problems:
        first = problems[0]
        raise EditRefused(f"{first.zh}（{first.path}）", f"{first.en} ({first.path})", problems)


def next_note(field: Json, note: Json) -> Document:
    """How stored values are to be converted by the next publish, see `convert` in the schema of databases."""
    return {"step": int((field.get("convert") or {}).get("step", 0)) + 1, **note}

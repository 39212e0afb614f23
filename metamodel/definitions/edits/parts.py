"""Finding and replacing parts of a document. Documents are never changed in place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from metamodel.definitions.edits.errors import EditRefused, not_there
from metamodel.definitions.problems import Problem
from metamodel.definitions.schema import part_validator, schema_problems

Json = Mapping[str, Any]
Document = dict[str, Any]


def find_type(document: Json, code: str) -> Json:
    """
    Raises:
        EditRefused: when no record type has this code.
    """
    for item in document["record_types"]:
        if item["code"] == code:
            found: Json = item
            return found
    raise not_there("记录类型", "record type", code)


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


def placed(items: Sequence[Json], new: Sequence[Json], edit: Json) -> list[Json]:
    """`new` put among `items` where `edit` says: before or after a code, at an index, or at the end.

    Raises:
        EditRefused: when there is no such code.
    """
    index = _index(items, edit)
    return [*items[:index], *new, *items[index:]]


def _index(items: Sequence[Json], edit: Json) -> int:
    if "index" in edit:
        return min(int(edit["index"]), len(items))
    codes = [item["code"] for item in items]
    for key, offset in (("before", 0), ("after", 1)):
        if key not in edit:
            continue
        if edit[key] not in codes:
            raise not_there("字段", "field", edit[key])
        return codes.index(edit[key]) + offset
    return len(items)


def changed(part: str, item: Json, properties: Json) -> Document:
    """`item`, a "field" or "record_type", with `properties` set; None takes a property away.

    Raises:
        EditRefused: for `id`, `code` and `fields`, which have edits of their own, and for a wrong value.
    """
    if fixed := {"id", "code", "fields"} & properties.keys():
        names = ", ".join(sorted(fixed))
        raise EditRefused(f"{names} 不能这样修改", f"{names} can't be changed this way")
    kept = {key: value for key, value in item.items() if properties.get(key, value) is not None}
    result = {**kept, **{key: value for key, value in properties.items() if value is not None}}
    hollow = {**result, "fields": []} if part == "record_type" else result
    refuse(schema_problems(part_validator("database", part), hollow))
    return result


def refuse(problems: Sequence[Problem]) -> None:
    """
    Raises:
        EditRefused: when there are problems; it says the first and keeps all.
    """
    if problems:
        first = problems[0]
        raise EditRefused(f"{first.zh}（{first.path}）", f"{first.en} ({first.path})", problems)

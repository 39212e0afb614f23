"""What a schema can't say of a database: duplicates, references between parts, the tree of record types."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from metamodel.definitions.problems import Path, Problem, nearest, problem

Json = Mapping[str, Any]


def database_problems(document: Json) -> Iterator[Problem]:
    """Problems of record types, events and forms; fields and rules are looked at elsewhere."""
    types: Sequence[Json] = document["record_types"]
    yield from _duplicates(types, "code", ("record_types",), "记录类型编码", "record type code")
    yield from _duplicates(types, "id", ("record_types",), "记录类型标识", "record type id")
    yield from _duplicates(document.get("forms", ()), "code", ("forms",), "表单编码", "form code")
    yield from _duplicates(document.get("events", ()), "code", ("events",), "访视编码", "event code")
    yield from value_set_problems(document.get("value_sets", {}))
    yield from _field_ids(types)
    yield from tree_problems(document)
    events = {item["code"] for item in document.get("events", ())}
    for index, item in enumerate(types):
        yield from _record_type(item, ("record_types", index), events)
    for index, form in enumerate(document.get("forms", ())):
        yield from form_problems(form, ("forms", index), types)


def value_set_problems(value_sets: Mapping[str, Json]) -> Iterator[Problem]:
    """Choices that have one code twice."""
    for code, item in value_sets.items():
        yield from choice_problems(item, ("value_sets", code, "choices"))


def choice_problems(value_set: Json, path: Path) -> Iterator[Problem]:
    """Choices of one value set that have one code twice."""
    yield from _duplicates(value_set["choices"], "code", path, "选项编码", "choice code")


def tree_problems(document: Json) -> Iterator[Problem]:
    """Unknown parents, circles of parents, and no or several roots (`core` may have several)."""
    types: Sequence[Json] = document["record_types"]
    parents = {item["code"]: item.get("parent") for item in types}
    for index, item in enumerate(types):
        path, parent = ("record_types", index, "parent"), item.get("parent")
        if parent is not None and parent not in parents:
            yield unknown(path, "unknown_parent", "记录类型", "record type", parent, parents)
        elif circle := _circle(item["code"], parents):
            shown = " -> ".join(circle)
            yield problem(
                path, "parent_circle", f"上级关系成环：{shown}", f"the parents form a circle: {shown}"
            )
    roots = [code for code, parent in parents.items() if parent is None]
    if not roots or (len(roots) > 1 and document.get("category") != "core"):
        listed = ", ".join(roots) or "0"
        zh = f"必须恰有一个没有上级的记录类型，现有：{listed}"
        en = f"exactly one record type must have no parent; without one here: {listed}"
        yield problem(("record_types",), "roots", zh, en)


def _circle(start: str, parents: Mapping[str, Any]) -> list[str]:
    """The way from `start` back to itself; empty where there is none."""
    way, current = [start], parents[start]
    while current is not None and current in parents and current not in way:
        way.append(current)
        current = parents[current]
    return [*way, start] if current == start else []


def _field_ids(types: Sequence[Json]) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, item in enumerate(types):
        for number, field in enumerate(item["fields"]):
            if (field_id := field.get("id")) is None:
                continue
            if field_id in seen:
                path: Path = ("record_types", index, "fields", number, "id")
                yield problem(
                    path, "duplicate", f"字段标识 {field_id} 重复", f"field id {field_id} is there twice"
                )
            seen.add(field_id)


def _record_type(item: Json, path: Path, events: set[str]) -> Iterator[Problem]:
    fields = {field["code"]: field for field in item["fields"]}
    yield from _duplicates(item["fields"], "code", (*path, "fields"), "字段编码", "field code")
    for index, event in enumerate(item.get("events", ())):
        if event not in events:
            yield unknown((*path, "events", index), "unknown_event", "访视", "event", event, events)
    yield from _key(item, path, fields)
    storage: Json = item.get("storage", {})
    if storage.get("kind") == "mapped":
        yield from _columns(storage, path, fields)


def _key(item: Json, path: Path, fields: Mapping[str, Json]) -> Iterator[Problem]:
    key = item.get("key")
    if key is None:
        return
    if key not in fields:
        yield unknown((*path, "key"), "unknown_field", "字段", "field", key, fields)
    elif fields[key]["type"] in ("long_text", "multi_choice", "calculated"):
        kind = fields[key]["type"]
        zh, en = f"{kind} 类型的字段不能作为主键", f"a field of type {kind} can't be the key"
        yield problem((*path, "key"), "bad_key", zh, en)


def _columns(storage: Json, path: Path, fields: Mapping[str, Json]) -> Iterator[Problem]:
    columns = storage["columns"]
    for code in columns:
        if code not in fields:
            yield unknown((*path, "storage", "columns", code), "unknown_field", "字段", "field", code, fields)
    for code in fields:
        if code not in columns:
            zh, en = f"字段 {code} 没有对应的列", f"field {code} has no column"
            yield problem((*path, "storage", "columns"), "no_column", zh, en)


def form_problems(form: Json, path: Path, types: Sequence[Json]) -> Iterator[Problem]:
    """An unknown record type or field, and a skip rule on an item that has none."""
    fields = {item["code"]: {field["code"] for field in item["fields"]} for item in types}
    if (name := form["record_type"]) not in fields:
        yield unknown((*path, "record_type"), "unknown_record_type", "记录类型", "record type", name, fields)
        return
    for index, item in enumerate(form["items"]):
        code = item.get("field")
        if code is not None and code not in fields[name]:
            at = (*path, "items", index, "field")
            yield unknown(at, "unknown_field", "字段", "field", code, fields[name])
        if code is not None and "shown_if" in item:
            zh = "字段的显示条件写在字段上，不写在表单项上"
            en = "a field's skip rule stands with the field, not on the form"
            yield problem((*path, "items", index, "shown_if"), "not_allowed", zh, en)


def unknown(path: Path, code: str, zh: str, en: str, name: str, known: Iterable[str]) -> Problem:
    """A reference to something that is not there, with the nearest name that is."""
    near = nearest(name, known)
    hint_zh, hint = (f"，是否指 {near}", f"; did you mean {near}?") if near else ("", "")
    return problem(path, code, f"没有{zh} {name}{hint_zh}", f"there is no {en} {name}{hint}", near)


def _duplicates(items: Iterable[Json], key: str, path: Path, zh: str, en: str) -> Iterator[Problem]:
    seen: set[str] = set()
    for index, item in enumerate(items):
        value = item.get(key)
        if value is None:
            continue
        if value in seen:
            yield problem(
                (*path, index, key), "duplicate", f"{zh} {value} 重复", f"{en} {value} is there twice"
            )
        seen.add(value)

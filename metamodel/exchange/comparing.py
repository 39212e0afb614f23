"""What differs between two imports of one definition: record types, fields, and what was not carried over."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Json = Mapping[str, Any]
_PLAIN = (
    "label", "type", "options", "unit", "required", "required_if", "minimum", "maximum", "shown_if",
    "calculation", "checks", "identifying", "masking", "hidden", "missing_codes", "help",
)  # fmt: skip
_LINE = re.compile(r":\d+$")  # rows that moved in a file are not news


def compare_imports(before: Json, after: Json, reports: tuple[Json, Json]) -> dict[str, Any]:
    """Differences between two documents, and between what their `reports` say was not carried over."""
    old, new = reports
    types_before, types_after = _types(before), _types(after)
    return {
        "record_types": {
            "added": [_named(item) for code, item in types_after.items() if code not in types_before],
            "removed": [_named(item) for code, item in types_before.items() if code not in types_after],
        },
        "fields": list(_field_changes(before, after)),
        "newly_not_carried": _only_in(new["not_carried"], old["not_carried"]),
        "no_longer_listed": _only_in(old["not_carried"], new["not_carried"]),
    }


def _types(document: Json) -> dict[str, Json]:
    return {item["code"]: item for item in document.get("record_types", ())}


def _named(item: Json) -> dict[str, Any]:
    return {"code": item["code"], "label": item.get("label", {}), "fields": len(item["fields"])}


def _field_changes(before: Json, after: Json) -> Iterator[dict[str, Any]]:
    """Fields are told by record type and code; one that stands in another record type now has moved."""
    old, new = _fields(before), _fields(after)
    moved = _moved(old, new)
    for path, field in new.items():
        source = path if path in old else moved.get(path)
        if source is None:
            yield _change("added", path, field)
            continue
        differences = _differences(old[source], field, before, after)
        if source != path:
            yield _change("moved", path, field, differences) | {"from": source}
        elif differences:
            yield _change("changed", path, field, differences)
    gone = old.keys() - new.keys() - set(moved.values())
    for path, field in old.items():
        if path in gone:
            yield _change("removed", path, field)


def _fields(document: Json) -> dict[str, Json]:
    return {
        f"{item['code']}.{field['code']}": field
        for item in document.get("record_types", ())
        for field in item["fields"]
    }


def _moved(old: Json, new: Json) -> dict[str, str]:
    """New path -> old path of fields whose code left one record type and came to another."""
    left = [path for path in old if path not in new]
    came = [path for path in new if path not in old]
    often = Counter(_code(path) for path in left), Counter(_code(path) for path in came)
    sources = {_code(path): path for path in left}
    return {
        path: sources[_code(path)]
        for path in came
        if often[0][_code(path)] == 1 and often[1][_code(path)] == 1
    }


def _code(path: str) -> str:
    return path.partition(".")[2]


def _change(kind: str, path: str, field: Json, differences: Sequence[Json] = ()) -> dict[str, Any]:
    return {
        "change": kind,
        "field": path,
        "label": field.get("label", {}),
        "from": "",
        "differences": list(differences),
    }


def _differences(old: Json, new: Json, before: Json, after: Json) -> list[dict[str, Any]]:
    found = [
        {"aspect": name, "before": old.get(name), "after": new.get(name)}
        for name in _PLAIN
        if _value(old, name) != _value(new, name)
    ]
    choices = _choices(old, before), _choices(new, after)
    if choices[0] != choices[1]:
        found.append({"aspect": "choices", "before": choices[0], "after": choices[1]})
    return found


def _value(field: Json, name: str) -> Any:
    """Left out and empty are the same: `required` false, no checks, no help. Zero is a value."""
    value = field.get(name)
    return None if value is False or value in ("", [], {}) else value


def _choices(field: Json, document: Json) -> list[dict[str, Any]] | None:
    """The choices themselves: a value set may get another code and hold the same."""
    found = document.get("value_sets", {}).get(field.get("value_set") or "")
    if found is None:
        return None
    return [{"code": item["code"], "label": item.get("label", {})} for item in found["choices"]]


def _only_in(items: Sequence[Json], others: Sequence[Json]) -> list[Json]:
    known = Counter(_identity(item) for item in others)
    result = []
    for item in items:
        name = _identity(item)
        if known[name]:
            known[name] -= 1
        else:
            result.append(item)
    return result


def _identity(item: Json) -> tuple[str, ...]:
    """The variable's name where there is one: the same project may come as another file."""
    name = item["where"].rpartition(" ")[2] or item["where"]
    return _LINE.sub("", name), item["what"]["en"], item["reason"]["en"], item["text"]

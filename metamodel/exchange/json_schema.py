"""A definition as JSON Schema: one patient with all records below, for programs that check or make data."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from metamodel.catalogue.compile import compile_field, compile_value_set
from metamodel.catalogue.model import Field, Label
from metamodel.exchange.report import Report, both

_LOST = (
    ("required_if", "条件必填", "when it is required"),
    ("shown_if", "显示条件", "when it is shown"),
    ("calculation", "计算", "its calculation"),
    ("checks", "校验规则", "its checks"),
)
_RULE = both("JSON Schema 没有规则", "JSON Schema has no rules")


def write_json_schema(document: Mapping[str, Any], language: str) -> tuple[str, dict[str, Any]]:
    """The schema's text, titles in `language`, and the report of the rules that it does not hold."""
    report = Report("json-schema")
    sets = {code: compile_value_set(code, item) for code, item in (document.get("value_sets") or {}).items()}
    kinds = list(document["record_types"])
    for kind in kinds:
        for item in kind["fields"]:
            for name, zh, en in _LOST:
                if item.get(name):
                    where = f"{kind['code']}.{item['code']}"
                    report.drop(where, both(zh, en), _RULE, str(item[name])[:500])
    roots = [kind for kind in kinds if not kind.get("parent")]
    bodies = {kind["code"]: _record(kind, kinds, sets, language) for kind in kinds}
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:zhenshu:{document['code']}",
        "title": Label.of(document.get("label")).text(language) or document["code"],
        "$ref": f"#/$defs/{roots[0]['code']}" if roots else "#",
        "$defs": bodies,
    }
    return json.dumps(schema, ensure_ascii=False, indent=2) + "\n", report.to_json()


def _record(
    kind: Mapping[str, Any], kinds: list[Any], sets: Mapping[str, Any], language: str
) -> dict[str, Any]:
    fields = [compile_field(item, sets) for item in kind["fields"]]
    properties: dict[str, Any] = {item.code: _property(item, language) for item in fields}
    if events := kind.get("events"):
        properties["event"] = {"enum": list(events)}
    if kind.get("repeats"):
        properties["repeat_key"] = {"type": "integer", "minimum": 1}
    for child in kinds:
        if child.get("parent") == kind["code"]:
            properties[child["code"]] = {"type": "array", "items": {"$ref": f"#/$defs/{child['code']}"}}
    return {
        "title": Label.of(kind.get("label")).text(language) or kind["code"],
        "type": "object",
        "properties": properties,
        "required": [item.code for item in fields if item.required is True],
        "additionalProperties": False,
    }


def _property(item: Field, language: str) -> dict[str, Any]:
    own = item.type.json_schema(item)
    for name, value in (("minimum", item.minimum), ("maximum", item.maximum)):
        if value not in (None, "today", "now") and own.get("type") in ("integer", "number"):
            own = own | {name: float(value) if own["type"] == "number" else value}
    made: dict[str, Any] = {"title": item.label.text(language) or item.code}
    if help_text := item.help.text(language):
        made["description"] = help_text
    if item.unit:
        made["x-unit"] = item.unit
    if item.value_set is not None:
        made["x-labels"] = {choice.code: choice.label.text(language) for choice in item.value_set.choices}
    return made | (own if item.required is True else {"anyOf": [own, {"type": "null"}]})

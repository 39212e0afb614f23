"""The least that a JSON Schema of ours accepts, so that each endpoint gets a body that it can read."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from rules_dsl import parse
from rules_dsl.json_form import node_to_json
from tests.attack.ward import DOCUMENT
from zhenshu.web.api import Endpoint

# Values that have to mean something; by the property's name, where its schema alone does not say enough.
MEANT: dict[str, Any] = {
    "ends_at": "2199-01-01T00:00:00+00:00",
    "starts_at": None,
    "database": "ward",
    "resource": "ward",
    "record_type": "patient",
    "where": "[patient.sex] = '1'",
    "format": "csv",
    "databases": ["ward"],
    "document": DOCUMENT,
    "name": "made-here",
    "criteria": [{"kind": "include", "where": "[sex] = '1'"}],
    "conditions": [node_to_json(parse("[sex] = '1'").root)],
}


def body_of(endpoint: Endpoint, **meant: Any) -> Any:
    """A body that the endpoint's schema accepts; None where it takes no JSON."""
    return least(endpoint.body, MEANT | meant) if isinstance(endpoint.body, Mapping) else None


def query_of(endpoint: Endpoint, **meant: Any) -> dict[str, Any]:
    """The query parameters that it can't do without."""
    return dict(least(endpoint.params, MEANT | meant)) if endpoint.params else {}


def least(schema: Mapping[str, Any], meant: Mapping[str, Any] = MEANT) -> Any:
    """The smallest value of the schema: what is required, and of that the first that is allowed."""
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return least(schema["anyOf"][0], meant)
    kind = schema.get("type", "object")
    match kind if isinstance(kind, str) else kind[0]:
        case "object":
            known = schema.get("properties", {})
            names = schema.get("required") or list(known)[: schema.get("minProperties", 0)]
            return {name: _named(name, known[name], meant) for name in names}
        case "array":
            return [least(schema["items"], meant)] * schema.get("minItems", 0)
        case "string":
            return "x" * max(schema.get("minLength", 1), 1)
        case "integer":
            return schema.get("minimum", 1)
        case "number":
            return schema.get("minimum", 1.0)
        case "boolean":
            return False
    return None


def _named(name: str, schema: Mapping[str, Any], meant: Mapping[str, Any]) -> Any:
    return meant[name] if name in meant else least(schema, meant)


def objects(schema: Any, path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Every object schema within a schema, by its path."""
    if isinstance(schema, Mapping):
        if schema.get("type") == "object" or "properties" in schema:
            yield path or "/", schema
        for name, inner in schema.get("properties", {}).items():
            yield from objects(inner, f"{path}/{name}")
        for name in ("items", "additionalProperties"):
            yield from objects(schema.get(name), f"{path}/*")
        for inner in schema.get("anyOf", ()):
            yield from objects(inner, path)

"""JSON Schemas that many endpoints share, and small helpers to write one's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

Schema = Mapping[str, Any]

# The largest id a database gives; a larger number can't name anything.
MAX_ID = 2**63 - 1
ID: dict[str, Any] = {"type": "integer", "minimum": 1, "maximum": MAX_ID}
TEXT: dict[str, Any] = {"type": "string"}
INSTANT: dict[str, Any] = {"type": "string", "description": "UTC, ISO 8601, e.g. 2026-01-31T08:00:00+00:00"}
MAYBE_INSTANT: dict[str, Any] = {"type": ["string", "null"], "description": INSTANT["description"]}

# Query parameters of a paged list: the id after which to go on, and how many to return.
PAGING: Mapping[str, Schema] = {
    "after": {"type": "integer", "minimum": 0, "maximum": MAX_ID, "default": 0},
    "limit": {"type": "integer", "minimum": 1, "maximum": 500, "default": 50},
}

ERROR: Schema = {
    "type": "object",
    "required": ["code", "message", "details", "request_id"],
    "properties": {
        "code": {"type": "string", "description": "Stable name of the error, for programs"},
        "message": {"type": "string", "description": "For people, in the request's language"},
        "details": {"type": "object"},
        "request_id": {"type": "string"},
    },
}


def object_of(
    properties: Mapping[str, Schema], required: Sequence[str] | None = None, *, closed: bool = True
) -> dict[str, Any]:
    """An object of these properties, all required unless `required` names some; no others if `closed`."""
    names = list(properties) if required is None else list(required)
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties), "required": names}
    return schema | ({"additionalProperties": False} if closed else {})


def query_of(properties: Mapping[str, Schema], required: Sequence[str] = ()) -> dict[str, Any]:
    """Query parameters: an object whose properties may be left out unless `required` names them."""
    return object_of(properties, required)


def list_of(schema: Schema) -> dict[str, Any]:
    return {"type": "array", "items": dict(schema)}


def page_of(schema: Schema) -> dict[str, Any]:
    """One page of a list: `items`, and `next`, the value of `after` for the next page or null at the end."""
    return object_of({"items": list_of(schema), "next": {"type": ["integer", "string", "null"]}})


def page(items: Sequence[Mapping[str, Any]], limit: int, key: str = "id") -> dict[str, Any]:
    """`items` (at most `limit`, ordered by `key`) as one page."""
    return {"items": list(items), "next": items[-1][key] if len(items) == limit else None}

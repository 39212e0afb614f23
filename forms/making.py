"""From a record type to the Form.io form that asks for it or shows it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from forms.layout import Layout, item_key
from metamodel.catalogue import RecordType
from metamodel.masking import View
from zhenshu.instance import Instance

Json = Mapping[str, Any]
MOST_KEPT = 500  # forms in memory: record types x languages x views; the oldest go first


def make_form(
    record_type: RecordType, document: Json, view: View, language: str, read_only: bool = False
) -> dict[str, Any]:
    """The Form.io form of `record_type`, laid out as the first form of it in `document` says.

    It holds no JavaScript and no expression: logic is run by the platform, not by the renderer.
    """
    layout = Layout(record_type, view, language, read_only)
    return {"display": "form", "components": layout.components(form_of(document, record_type.code))}


def form_of(document: Json, record_type: str) -> Json | None:
    """The first form of a record type in a definition."""
    forms: list[Json] = document.get("forms") or []
    return next((item for item in forms if item["record_type"] == record_type), None)


def skip_rules(document: Json, record_type: str) -> dict[str, str]:
    """The skip rules of the form's headings and texts, by the key of their component."""
    items = (form_of(document, record_type) or {"items": ()})["items"]
    rules = ((place, item) for place, item in enumerate(items) if item.get("shown_if"))
    return {item_key(place): item["shown_if"] for place, item in rules if "field" not in item}


def cached_form(
    instance: Instance, record_type: RecordType, document: Json, view: View, language: str, read_only: bool
) -> dict[str, Any]:
    """`make_form` of a live record type, made once per release, language and view."""
    memo: dict[Any, dict[str, Any]] = instance.memo.setdefault("forms.made", {})
    key = (record_type.path, record_type.release_id, language, read_only, view.masked, view.hidden)
    if (found := memo.get(key)) is None:
        found = make_form(record_type, document, view, language, read_only)
        while len(memo) >= MOST_KEPT:
            memo.pop(next(iter(memo)), None)
        memo[key] = found
    return found

"""A document to edit, and short names for what tests of edits do with it."""

from __future__ import annotations

from typing import Any

from metamodel.definitions import Sources, apply_edits
from tests.builders import a_database

LUNG = (
    a_database()
    .with_field("sex", "choice", choices=("1", "2"), label={"zh": "性别", "en": ""})
    .with_field("weight", "decimal")
    .with_field("bmi", "calculated", calculation="round([weight]  / 4, 1)")
    .with_record_type("visit")
    .with_field("sexual", "boolean", on="visit", shown_if="[sex] = 'sex'  且 [性别] = '2'")
    .with_record_type("lesion", parent="visit")
    .with_field(
        "size", "decimal", on="lesion", checks=[{"expression": "[size]>0 and [patient.sex] is not missing"}]
    )
    .with_field("many", "boolean", required_if="any([lesion], [size] > [weight]) or max([lesion.size]) > 3")
    .with_form("basics", ["sex", "weight"])
    .with_form("lesions", ["size"], of="lesion")
    .with_key("sex")
)


def field(document: dict[str, Any], code: str, on: str = "patient") -> dict[str, Any]:
    record_type = next(item for item in document["record_types"] if item["code"] == on)
    found: dict[str, Any] = next(item for item in record_type["fields"] if item["code"] == code)
    return found


def codes(document: dict[str, Any], on: str = "patient") -> list[str]:
    record_type = next(item for item in document["record_types"] if item["code"] == on)
    return [item["code"] for item in record_type["fields"]]


def edited(
    *edits: dict[str, Any], document: dict[str, Any] | None = None, sources: Sources | None = None
) -> Any:
    return apply_edits(document or LUNG.document, edits, sources)


def edit(name: str, field: str = "", on: str = "patient", **more: Any) -> dict[str, Any]:
    return {"edit": name, "record_type": on} | ({"field": field} if field else {}) | more

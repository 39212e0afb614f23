"""Edits of what a database says of itself."""

from __future__ import annotations

from metamodel.definitions.edits.parts import Document, Json, refuse, refuse_fixed, with_properties
from metamodel.definitions.schema import schema_problems, validator

_EDITABLE = {"label", "description", "category"}


def set_database(document: Json, edit: Json) -> Document:
    """Change label, description or category; one set to null is taken away."""
    properties = edit["set"]
    refuse_fixed(properties.keys() & (document.keys() - _EDITABLE))
    result = with_properties(document, properties)
    head = {key: value for key, value in result.items() if key in _EDITABLE or key not in document}
    whole = {"kind": "database", "code": "x", "record_types": [{"code": "x", "fields": []}]}
    refuse(schema_problems(validator("database"), {**whole, **head}))
    return result

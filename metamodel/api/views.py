"""The catalogue as JSON, as far as the asking subject may know it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from metamodel.catalogue import Choice, Database, Field, Label, RecordType
from zhenshu.security import Scope, Visibility

# Actions on records and on the definition that a page needs to know about.
RECORD_ACTIONS = ("view", "add", "edit", "delete", "export", "identify")
DATABASE_ACTIONS = ("design", "approve")


def label_view(label: Label) -> dict[str, str]:
    return {"zh": label.zh, "en": label.en}


def document_label(value: Any) -> dict[str, str]:
    """A label as it stands in a document, with both languages present."""
    return label_view(Label.of(value))


def choice_view(choice: Choice) -> dict[str, Any]:
    return {"code": choice.code, "label": label_view(choice.label), "active": choice.active}


def field_view(field: Field, scope: Scope) -> dict[str, Any]:
    return {
        "id": field.id,
        "code": field.code,
        "label": label_view(field.label),
        "type": field.type.name,
        "widget": field.type.widget,
        "operators": list(field.operators),
        "unit": field.unit,
        "value_set": field.value_set.code if field.value_set else None,
        "choices": [choice_view(choice) for choice in field.value_set.choices] if field.value_set else None,
        "options": dict(field.options),
        "required": field.required,
        "required_if": field.required_if,
        "minimum": _bound(field, field.minimum),
        "maximum": _bound(field, field.maximum),
        "shown_if": field.shown_if,
        "calculation": field.calculation,
        "checks": [
            {"expression": check.expression, "message": label_view(check.message), "severity": check.severity}
            for check in field.checks
        ],
        "identifying": field.identifying,
        "masking": field.masking,
        "visibility": scope.visibility(field.field_class).value,
        "hidden": field.hidden,
        "missing_codes": list(field.missing_codes),
        "help": label_view(field.help),
        "element": dict(field.element),
    }


def _bound(field: Field, value: Any) -> Any:
    """A bound is a typed value, or a word such as "today" that stays as it is."""
    if value is None or isinstance(value, str):
        return value
    return field.type.to_json(field)(value)


def record_type_view(record_type: RecordType, scope: Scope) -> dict[str, Any]:
    """A field that the scope hides is not there."""
    fields = [
        each for each in record_type.fields if scope.visibility(each.field_class) is not Visibility.HIDE
    ]
    return {
        "id": record_type.id,
        "code": record_type.code,
        "label": label_view(record_type.label),
        "parent": record_type.parent,
        "repeats": record_type.repeats,
        "events": list(record_type.events),
        "key": record_type.key if any(each.code == record_type.key for each in fields) else None,
        "storage": record_type.storage,
        "writer": record_type.writer,
        "fields": [field_view(field, scope) for field in fields],
    }


def database_view(
    database: Database, scopes: Mapping[str, Scope], head: Mapping[str, Any], may: Sequence[str]
) -> dict[str, Any]:
    """A live release. `scopes` has the viewing scope of each record type the subject may see."""
    document = database.document
    return {
        "code": database.code,
        "label": label_view(database.label),
        "description": document_label(document.get("description")),
        "category": document.get("category", ""),
        "release": database.release_number,
        **head,
        "may": list(may),
        "events": list(document.get("events", [])),
        "forms": [form for form in document.get("forms", []) if form["record_type"] in scopes],
        "record_types": [
            record_type_view(item, scopes[item.code]) for item in database.record_types if item.code in scopes
        ],
    }

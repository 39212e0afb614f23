"""JSON Schemas of what the metamodel's endpoints take and give."""

from __future__ import annotations

from typing import Any

from zhenshu.web.schemas import ID, INSTANT, MAX_ID, TEXT, Schema, list_of, object_of

CODE: Schema = {"type": "string", "minLength": 1, "maxLength": 99}
EXPRESSION: Schema = {"type": "string", "maxLength": 20_000}
FLAG: Schema = {"type": "boolean"}
COUNT: Schema = {"type": "integer", "minimum": 0}
MAYBE_TEXT: Schema = {"type": ["string", "null"]}
MAYBE_ID: Schema = {"type": ["integer", "null"], "minimum": 1, "maximum": MAX_ID}
MAYBE_COUNT: Schema = {"type": ["integer", "null"]}
OBJECT: Schema = {"type": "object"}
ANY: Schema = {}
VERSION: Schema = {"type": "integer", "minimum": 0, "maximum": 2**31 - 1}

LABEL: Schema = object_of({"zh": TEXT, "en": TEXT})
PROBLEM: Schema = object_of({"field": TEXT, "code": TEXT, "zh": TEXT, "en": TEXT, "severity": TEXT})
DOCUMENT: Schema = {"type": "object", "description": "See docs/reference/definition-format.md"}

CHOICE: Schema = object_of({"code": TEXT, "label": LABEL, "active": FLAG})
FIELD: Schema = object_of(
    {
        "id": TEXT,
        "code": TEXT,
        "label": LABEL,
        "type": TEXT,
        "widget": TEXT,
        "operators": list_of(TEXT),
        "unit": TEXT,
        "value_set": MAYBE_TEXT,
        "choices": {"type": ["array", "null"], "items": CHOICE},
        "options": OBJECT,
        "required": FLAG,
        "required_if": TEXT,
        "minimum": ANY,
        "maximum": ANY,
        "shown_if": TEXT,
        "calculation": TEXT,
        "checks": list_of(object_of({"expression": TEXT, "message": LABEL, "severity": TEXT})),
        "identifying": FLAG,
        "masking": TEXT,
        "visibility": {"enum": ["show", "mask", "hide"]},
        "hidden": FLAG,
        "missing_codes": list_of(TEXT),
        "help": LABEL,
        "element": OBJECT,
    }
)
RECORD_TYPE: Schema = object_of(
    {
        "id": TEXT,
        "code": TEXT,
        "label": LABEL,
        "parent": MAYBE_TEXT,
        "repeats": FLAG,
        "events": list_of(TEXT),
        "key": MAYBE_TEXT,
        "storage": {"enum": ["managed", "mapped", "keyed"]},
        "writer": TEXT,
        "fields": list_of(FIELD),
    }
)
DATABASE: Schema = object_of(
    {
        "code": TEXT,
        "label": LABEL,
        "description": LABEL,
        "category": TEXT,
        "release": {"type": "integer"},
        "published_at": INSTANT,
        "published_by": TEXT,
        "draft_version": VERSION,
        "may": list_of(TEXT) | {"description": "What you may do with its records and its definition"},
        "events": list_of(OBJECT),
        "forms": list_of(OBJECT),
        "record_types": list_of(RECORD_TYPE),
    }
)
DATABASE_LINE: Schema = object_of(
    {
        "code": TEXT,
        "label": LABEL,
        "category": TEXT,
        "release": MAYBE_COUNT,
        "draft_version": VERSION,
        "record_types": list_of(object_of({"code": TEXT, "label": LABEL, "count": MAYBE_COUNT})),
    }
)
RELEASE: Schema = object_of(
    {"number": {"type": "integer"}, "note": TEXT, "published_by": TEXT, "published_at": INSTANT}
)

NEW_RECORD: dict[str, Any] = object_of(
    {
        "values": {"type": "object", "description": "By field code; null empties a field"},
        "parent": MAYBE_ID,
        "event": {"type": "string", "maxLength": 99},
        "repeat_key": {"type": ["integer", "null"], "minimum": 1, "maximum": 2**31 - 1},
        "missing": {"type": "object", "additionalProperties": {"type": "string", "maxLength": 64}},
    },
    ["values"],
)
RECORD: Schema = object_of(
    {
        "id": ID,
        "version": VERSION,
        "parent": MAYBE_ID,
        "patient": {"type": ["string", "null"], "description": "A code of the patient in this database"},
        "event": TEXT,
        "repeat_key": {"type": "integer"},
        "status": {"enum": ["active", "trashed"]},
        "release": {"type": "integer"},
        "created_by": TEXT,
        "created_at": INSTANT,
        "updated_by": TEXT,
        "updated_at": INSTANT,
        "grade": {"enum": [0, 1, 2], "description": "Ordinary, sensitive, highly sensitive"},
        "values": OBJECT,
        "missing": OBJECT,
    },
    ["id", "values"],
    closed=False,
)
SAVED: Schema = object_of({"record": RECORD, "warnings": list_of(PROBLEM)})

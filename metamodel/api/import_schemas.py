"""JSON Schemas of imports of definitions."""

from __future__ import annotations

from typing import Any

from metamodel.api.drafts import DRAFT_PROBLEM
from metamodel.api.schemas import FLAG, MAYBE_TEXT, OBJECT, VERSION
from zhenshu.web.schemas import ID, INSTANT, TEXT, list_of, object_of

COUNT = {"type": "integer"}
CODE = {"type": "string", "minLength": 1, "maxLength": 63}

IMPORT_BODY = object_of(
    {
        "file_ids": list_of(ID) | {"minItems": 1, "maxItems": 1000},
        "names": list_of({"type": "string", "minLength": 1, "maxLength": 500})
        | {"description": "Where each file stood in its folder, e.g. Lists/drugs/Antivirals.csv"},
        "code": CODE,
        "label": {"type": "string", "maxLength": 500},
        "expected_version": {**VERSION, "description": "The draft that may be replaced; 0: it must be new"},
    },
    ["file_ids"],
)
MADE: dict[str, Any] = {
    "import": ID,
    "kind": TEXT,
    "code": TEXT,
    "draft_version": COUNT,
    "report": OBJECT,
}
IMPORT = object_of(
    {
        "id": ID,
        "kind": TEXT,
        "code": TEXT,
        "format": TEXT,
        "files": list_of(OBJECT),
        "imported_by": TEXT,
        "imported_at": INSTANT,
        "counts": OBJECT,
        "not_carried": COUNT,
        "comparable": FLAG,
    }
)
REPORTED = object_of(
    IMPORT["properties"] | {"report": OBJECT, "problems": {"type": ["array", "null"], "items": DRAFT_PROBLEM}}
)
_SIZE: dict[str, Any] = {"record_types": COUNT, "fields": COUNT}
_MAYBE_OBJECT: dict[str, Any] = {"type": ["object", "null"]}
TARGET = object_of(
    {
        "exists": FLAG,
        "label": _MAYBE_OBJECT,
        "version": VERSION,
        "draft": _MAYBE_OBJECT | {"properties": _SIZE | {"by": MAYBE_TEXT, "at": MAYBE_TEXT}},
        "release": _MAYBE_OBJECT | {"properties": _SIZE | {"number": COUNT}},
    }
)
_TYPE = object_of({"code": TEXT, "label": OBJECT, "fields": COUNT})
_DIFFERENCE = object_of({"aspect": TEXT, "before": {}, "after": {}})
COMPARISON = object_of(
    {
        "before": IMPORT,
        "after": IMPORT,
        "record_types": object_of({"added": list_of(_TYPE), "removed": list_of(_TYPE)}),
        "fields": list_of(
            object_of(
                {
                    "change": {"enum": ["added", "removed", "moved", "changed"]},
                    "field": TEXT,
                    "label": OBJECT,
                    "from": TEXT,
                    "differences": list_of(_DIFFERENCE),
                }
            )
        ),
        "newly_not_carried": list_of(OBJECT),
        "no_longer_listed": list_of(OBJECT),
    }
)

"""What concerns the caller alone: records worked on lately, and what waits."""

from __future__ import annotations

from typing import Any

from metamodel.api.views import label_view
from metamodel.api.waiting import KINDS, waiting
from metamodel.recent import recent_records
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, INSTANT, MAYBE_INSTANT, TEXT, list_of, object_of, query_of

LABEL = object_of({"zh": TEXT, "en": TEXT})
NAMED = object_of({"code": TEXT, "label": LABEL})
RECENT = object_of(
    {
        "database": NAMED,
        "record_type": NAMED,
        "id": ID,
        "name": TEXT | {"description": "Its key or first value; never an identifying one"},
        "within": TEXT | {"description": "The key of the nearest record above it, or empty"},
        "action": {"enum": ["add", "change", "trash", "restore"]},
        "at": INSTANT,
    }
)
MAYBE_ID = {"type": ["integer", "null"]}
WAITING = object_of(
    {
        "kind": {"enum": list(KINDS)},
        "database": {"anyOf": [NAMED, {"type": "null"}]},
        "by": TEXT,
        "at": MAYBE_INSTANT,
        "plan": MAYBE_ID,
        "access": MAYBE_ID | {"description": "The request to decide on, or the emergency to review"},
        "notice": MAYBE_ID | {"description": "Reading it settles a failed job"},
        "text": {"anyOf": [LABEL, {"type": "null"}]},
        "errors": {"type": "integer", "description": "Of a draft: what keeps it from being published"},
        "warnings": {"type": "integer"},
    }
)
LIMIT = {"type": "integer", "minimum": 1, "maximum": 50, "default": 10}


class Me(Api):
    @endpoint(
        "GET", "/me/recent-records",
        summary={"zh": "我最近处理的记录", "en": "Records you added or changed last and may still see."},
        needs=("view", "records"),
        params=query_of({"limit": LIMIT}),
        returns={200: object_of({"items": list_of(RECENT)})},
    )  # fmt: skip
    def recent(self) -> dict[str, Any]:
        with self.read() as uow:
            found = recent_records(uow, self.language, self.params["limit"])
        items = [
            {
                "database": {"code": item.database.code, "label": label_view(item.database.label)},
                "record_type": {"code": item.type.code, "label": label_view(item.type.label)},
                "id": item.id,
                "name": item.name,
                "within": item.within,
                "action": item.action,
                "at": item.at,
            }
            for item in found
        ]
        return {"items": items}

    @endpoint(
        "GET", "/me/waiting",
        summary={"zh": "待我处理", "en": "Requests, reviews, plans, drafts and failed jobs that wait."},
        needs=None,
        returns={200: object_of({"items": list_of(WAITING)})},
    )  # fmt: skip
    def waiting(self) -> dict[str, Any]:
        with self.read() as uow:
            return {"items": waiting(uow)}

"""Reading the audit trail, for audit administrators."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row

from zhenshu.audit import record
from zhenshu.audit.labels import field_names, resource_names
from zhenshu.audit.names import ACTS, KINDS
from zhenshu.audit.searching import count_acts, count_days, find_entries, get_entry
from zhenshu.audit.trail import audit_entry
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.instants import INSTANT_PATTERN, NoSuchInstant
from zhenshu.security.audit_names import display_names
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import (
    ID,
    INSTANT,
    MAX_ID,
    PAGING,
    TEXT,
    Schema,
    list_of,
    object_of,
    page,
    page_of,
    query_of,
)

VIEW = ("view", "audit")
COUNT = {"type": "integer"}
NAME = object_of({"zh": TEXT, "en": TEXT})
MAYBE_NAME = NAME | {"type": ["object", "null"], "description": "null: it has none, or is gone"}
FIELD = object_of({"code": TEXT, "label": MAYBE_NAME})

ENTRY_PROPERTIES: dict[str, Schema] = {
    "id": ID,
    "at": INSTANT,
    "subject_id": {"type": ["integer", "null"]},
    "subject_name": TEXT,
    "address": TEXT,
    "channel": TEXT,
    "action": TEXT,
    "resource_kind": TEXT,
    "resource": TEXT,
    "patients": {"type": ["array", "null"], "items": {"type": "integer"}},
    "fields": {"type": ["array", "null"], "items": TEXT},
    "detail": {"type": ["object", "null"]},
    "purpose": TEXT,
    "outcome": TEXT,
    "request_id": TEXT,
    "catalogue_revision": {"type": "integer"},
    "subject_display": TEXT | {"description": "Empty: the platform, or the account is gone"},
    "resource_label": MAYBE_NAME,
    "patient_count": COUNT,
}
ENTRY = object_of(ENTRY_PROPERTIES)
WHOLE = object_of(
    {
        **ENTRY_PROPERTIES,
        "fields": list_of(FIELD),
        "sealed": {
            **object_of({"seq": COUNT, "sealed_at": INSTANT}),
            "type": ["object", "null"],
            "description": "null: not yet",
        },
    }
)
AT = {
    "type": "string",
    "pattern": INSTANT_PATTERN,
    "description": "A day or an instant; UTC without an offset",
}
WORD = {"type": "string", "maxLength": 128}
FILTERS: dict[str, Schema] = {
    "subject": WORD,
    "kind": WORD,
    "action": WORD,
    "outcome": WORD,
    "channel": WORD,
    "request_id": WORD,
    "resource": {"type": "string", "maxLength": 255, "description": "What the resource begins with"},
    "patient": {"type": "integer", "minimum": 1, "maximum": MAX_ID, "description": "Patient index id"},
    "from": AT,
    "to": AT,
}
ORDER = {"enum": ["oldest", "newest"], "default": "oldest", "description": "Which entries come first"}
OFFSET = {
    "type": "integer",
    "minimum": -14 * 60,
    "maximum": 14 * 60,
    "default": 0,
    "description": "Minutes east of UTC of the zone whose days are counted",
}


class Audit(Api):
    @endpoint(
        "GET", "/audit",
        summary={"zh": "审计记录", "en": "The audit trail, a page at a time."},
        needs=VIEW,
        params=query_of({**PAGING, **FILTERS, "order": ORDER}),
        returns={200: page_of(ENTRY)},
        errors=[NoSuchInstant],
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        """`subject` is a user's name; entries from `from` (included) to `to` (not included).

        Reading the trail is itself an entry.
        """
        limit, after, newest = self.params["limit"], self.params["after"], self.params["order"] == "newest"
        with self.write() as uow:
            items = _told(uow, find_entries(uow, self.params, after, limit, newest=newest))
            asked = [self.params["patient"]] if "patient" in self.params else []
            record(uow, "view", "audit", "", patients=asked, detail={"count": len(items), "after": after})
        return page(items, limit)

    @endpoint(
        "GET", "/audit/<int:id>",
        summary={"zh": "一条审计记录", "en": "One entry, with the names of its fields and its seal."},
        needs=VIEW,
        returns={200: WHOLE},
        errors=[NotFound],
    )  # fmt: skip
    def show(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            found = get_entry(uow, id)
            (told,) = _told(uow, [found])
            codes = found.fields or []
            names = field_names(uow, (found.resource_kind, found.resource), codes)
        fields = [{"code": code, "label": names.get(code)} for code in codes]
        sealed = None if found.seq is None else {"seq": found.seq, "sealed_at": found.sealed_at}
        return told | {"fields": fields, "sealed": sealed}

    @endpoint(
        "GET", "/audit/actions",
        summary={"zh": "审计中的操作与对象类别", "en": "What acts and kinds of things are called."},
        needs=VIEW,
        returns={
            200: object_of(
                {
                    "actions": list_of(object_of({"action": TEXT, "label": NAME})),
                    "kinds": list_of(object_of({"kind": TEXT, "label": NAME})),
                }
            )
        },
    )  # fmt: skip
    def actions(self) -> dict[str, Any]:
        return {
            "actions": [
                {"action": code, "label": {"zh": act.zh, "en": act.en}} for code, act in ACTS.items()
            ],
            "kinds": [{"kind": code, "label": {"zh": zh, "en": en}} for code, (zh, en) in KINDS.items()],
        }

    @endpoint(
        "GET", "/audit/counts",
        summary={"zh": "审计记录统计", "en": "How many entries there are by act and by day."},
        needs=VIEW,
        params=query_of({**FILTERS, "offset": OFFSET}),
        returns={
            200: object_of(
                {
                    "total": COUNT,
                    "actions": list_of(object_of({"action": TEXT, "count": COUNT})),
                    "days": list_of(object_of({"day": TEXT, "count": COUNT})),
                }
            )
        },
        errors=[NoSuchInstant],
    )  # fmt: skip
    def counts(self) -> dict[str, Any]:
        """Acts most first, days in their order; a day without entries is left out."""
        with self.read() as uow:
            acts = count_acts(uow, self.params)
            days = count_days(uow, self.params, self.params["offset"])
        return {
            "total": sum(count for _, count in acts),
            "actions": [{"action": action, "count": count} for action, count in acts],
            "days": [{"day": day, "count": count} for day, count in days],
        }


def _told(uow: UnitOfWork, entries: Sequence[Row[Any]]) -> list[dict[str, Any]]:
    """Entries with what their people and things are called now."""
    people = display_names(uow, (entry.subject_id for entry in entries if entry.subject_id is not None))
    names = resource_names(uow, {(entry.resource_kind, entry.resource) for entry in entries})
    return [
        {column.name: getattr(entry, column.name) for column in audit_entry.c}
        | {
            "subject_display": people.get(entry.subject_id, ""),
            "resource_label": names.get((entry.resource_kind, entry.resource)),
            "patient_count": len(entry.patients or ()),
        }
        for entry in entries
    ]

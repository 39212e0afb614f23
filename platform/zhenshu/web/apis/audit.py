"""Reading the audit trail, for audit administrators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from zhenshu.audit import audit_entry, audit_patient, record
from zhenshu.errors import ZhenshuError
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, INSTANT, MAX_ID, PAGING, TEXT, Schema, object_of, page, page_of, query_of

ENTRY = object_of(
    {
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
    }
)
INSTANT_PATTERN = r"^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})?)?$"
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
    "order": {"enum": ["oldest", "newest"], "default": "oldest", "description": "Which entries come first"},
}


class NoSuchInstant(ZhenshuError):
    """{text} is no date or time. Nothing was read; write 2026-01-31 or 2026-01-31T08:00:00+08:00."""

    status = 422
    zh = "{text} 不是有效的日期或时间。未读取任何内容，请写成 2026-01-31 或 2026-01-31T08:00:00+08:00。"


class Audit(Api):
    @endpoint(
        "GET", "/audit",
        summary={"zh": "审计记录", "en": "The audit trail, a page at a time."},
        needs=("view", "audit"),
        params=query_of({**PAGING, **FILTERS}),
        returns={200: page_of(ENTRY)},
        errors=[NoSuchInstant],
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        """`subject` is a user's name; entries from `from` (included) to `to` (not included).

        Reading the trail is itself an entry.
        """
        limit, key = self.params["limit"], audit_entry.c.id
        order = key.desc() if self.params["order"] == "newest" else key
        query = select(audit_entry).where(*_conditions(self.params)).order_by(order).limit(limit)
        with self.write() as uow:
            items = [dict(row) for row in uow.conn.execute(query).mappings()]
            detail = {"count": len(items), "after": self.params["after"]}
            asked = [self.params["patient"]] if "patient" in self.params else []
            record(uow, "view", "audit", "", patients=asked, detail=detail)
        return page(items, limit)


def _conditions(params: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    columns = audit_entry.c
    equals = {
        "subject": columns.subject_name,
        "kind": columns.resource_kind,
        "action": columns.action,
        "outcome": columns.outcome,
        "channel": columns.channel,
        "request_id": columns.request_id,
    }
    conditions = _after(params)
    conditions += [column == params[name] for name, column in equals.items() if name in params]
    if "resource" in params:
        conditions.append(columns.resource.startswith(params["resource"], autoescape=True))
    if "patient" in params:
        about = select(audit_patient.c.entry_id).where(audit_patient.c.patient_id == params["patient"])
        conditions.append(columns.id.in_(about))
    if "from" in params:
        conditions.append(columns.at >= instant_of(params["from"]))
    if "to" in params:
        conditions.append(columns.at < instant_of(params["to"]))
    return conditions


def _after(params: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """What lies beyond the entry where the last page ended; 0 is the beginning."""
    after, key = params["after"], audit_entry.c.id
    if params["order"] == "oldest":
        return [key > after]
    return [key < after] if after else []


def instant_of(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise NoSuchInstant(text=text) from error

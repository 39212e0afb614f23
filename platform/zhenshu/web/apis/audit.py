"""Reading the audit trail, for audit administrators."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from zhenshu.audit import audit_entry, record
from zhenshu.errors import ZhenshuError
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, INSTANT, PAGING, TEXT, Schema, object_of, page, page_of, query_of

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
    "from": AT,
    "to": AT,
}


class NoSuchInstant(ZhenshuError):
    """{text} is no date or time. Nothing was read; write 2026-01-31 or 2026-01-31T08:00:00+08:00."""

    status = 422
    zh = "{text} 不是有效的日期或时间。未读取任何内容，请写成 2026-01-31 或 2026-01-31T08:00:00+08:00。"


class Audit(Api):
    @endpoint(
        "GET", "/audit",
        summary={"zh": "审计记录", "en": "The audit trail, oldest first."},
        needs=("view", "audit"),
        params=query_of({**PAGING, **FILTERS}),
        returns={200: page_of(ENTRY)},
        errors=[NoSuchInstant],
    )  # fmt: skip
    def list(self) -> dict[str, Any]:
        """`subject` is a user's name; entries from `from` (included) to `to` (not included).

        Reading the trail is itself an entry.
        """
        limit = self.params["limit"]
        query = select(audit_entry).where(*_conditions(self.params)).order_by(audit_entry.c.id).limit(limit)
        with self.write() as uow:
            items = [dict(row) for row in uow.conn.execute(query).mappings()]
            record(uow, "view", "audit", "", detail={"count": len(items), "after": self.params["after"]})
        return page(items, limit)


def _conditions(params: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    columns = audit_entry.c
    equals = {
        "subject": columns.subject_name,
        "kind": columns.resource_kind,
        "action": columns.action,
        "outcome": columns.outcome,
    }
    conditions: list[ColumnElement[bool]] = [columns.id > params["after"]]
    conditions += [column == params[name] for name, column in equals.items() if name in params]
    if "from" in params:
        conditions.append(columns.at >= instant_of(params["from"]))
    if "to" in params:
        conditions.append(columns.at < instant_of(params["to"]))
    return conditions


def instant_of(text: str) -> datetime:
    try:
        instant = datetime.fromisoformat(text)
        return instant.astimezone(UTC) if instant.tzinfo else instant.replace(tzinfo=UTC)
    except (ValueError, OverflowError) as error:
        raise NoSuchInstant(text=text) from error

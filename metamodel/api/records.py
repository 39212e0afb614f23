"""Records of live databases: pages, counts, one record and its history, adding, changing, trash."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from metamodel.api.schemas import (
    COUNT,
    EXPRESSION,
    NEW_RECORD,
    OBJECT,
    PROBLEM,
    RECORD,
    SAVED,
    VERSION,
)
from metamodel.api.shared import RECORDS as KIND
from metamodel.api.shared import live_type, record_scope
from metamodel.catalogue import RecordType
from metamodel.queries import CursorWrong, QueryNotAllowed, QueryWrong, RecordQuery, count, needs_write, page
from metamodel.records import (
    DuplicateKey,
    DuplicateRecord,
    NewRecord,
    NotInTrash,
    OwnerWrites,
    Problem,
    RecordChanged,
    RecordInTrash,
    RecordInvalid,
    RecordRef,
    RecordStore,
    RevisionView,
    Saved,
    TrashedWithParent,
    as_json,
)
from metamodel.records.grades import grades_of
from metamodel.records.people import patient_codes
from metamodel.storage import SYSTEM_COLUMNS
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import Invalid, NotFound
from zhenshu.security import Visibility
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, INSTANT, TEXT, list_of, object_of, query_of

BASE = "/databases/<code>/records/<record_type>"
ONE = BASE + "/<int:id>"
FLAG = {"type": "boolean", "default": False}
REF = object_of({"type": TEXT, "id": ID, "version": VERSION})
CHANGE = object_of({"field": TEXT, "old": {}, "new": {}})
REVISION = object_of(
    {
        "version": VERSION,
        "action": TEXT,
        "at": INSTANT,
        "by": TEXT,
        "channel": TEXT,
        "changes": list_of(CHANGE),
        "missing": list_of(CHANGE),
        "provenance": {"type": ["object", "null"]},
        "forgotten": {"type": "boolean"},
    }
)
PAGE = object_of({"items": list_of(RECORD), "next": {"type": ["string", "null"]}})
BELOW = ID | {"description": "Only records directly below the parent with this id"}
LIST = query_of(
    {
        "where": EXPRESSION,
        "select": {"type": "string", "maxLength": 100_000, "description": "Field codes, with commas"},
        "order": {
            "type": "string",
            "maxLength": 1000,
            "description": "Codes with commas; -code is descending",
        },
        "after": {"type": "string", "maxLength": 10_000},
        "limit": {"type": "integer", "minimum": 1, "maximum": 1000, "default": 50},
        "skip": {
            "type": "integer",
            "minimum": 0,
            "maximum": 10_000_000,
            "default": 0,
            "description": "How many records to leave out first; slower the more they are",
        },
        "trashed": FLAG,
        "parent": BELOW,
    }
)
COUNTED = query_of({"where": EXPRESSION, "trashed": FLAG, "parent": BELOW})
REASONS = {"type": "object", "additionalProperties": {"type": ["string", "null"], "maxLength": 64}}
BULK_LIMIT = 5000
WRITING = [NotFound, RecordInvalid, DuplicateKey, DuplicateRecord, OwnerWrites]


class Records(Api):
    @endpoint(
        "GET", BASE,
        summary={"zh": "记录分页", "en": "One page of records for which `where` is true."},
        needs=("view", KIND),
        params=LIST,
        returns={200: PAGE},
        errors=[NotFound, QueryWrong, QueryNotAllowed, CursorWrong],
    )  # fmt: skip
    def list(self, code: str, record_type: str) -> dict[str, Any]:
        return self._page(code, record_type)

    @endpoint(
        "POST", BASE + "/search",
        summary={"zh": "按长筛选取记录分页", "en": "The same, for a filter too long for an address."},
        needs=("view", KIND),
        body=LIST,
        returns={200: PAGE},
        errors=[NotFound, QueryWrong, QueryNotAllowed, CursorWrong],
        reads=True,
    )  # fmt: skip
    def search(self, code: str, record_type: str) -> dict[str, Any]:
        return self._page(code, record_type)

    @endpoint(
        "GET", BASE + "/count",
        summary={"zh": "记录数", "en": "How many records there are for which `where` is true."},
        needs=("view", KIND),
        params=COUNTED,
        returns={200: object_of({"count": COUNT})},
        errors=[NotFound, QueryWrong, QueryNotAllowed],
    )  # fmt: skip
    def count(self, code: str, record_type: str) -> dict[str, Any]:
        return self._counted(code, record_type)

    @endpoint(
        "POST", BASE + "/search/count",
        summary={"zh": "按长筛选计数", "en": "The same, for a filter too long for an address."},
        needs=("view", KIND),
        body=COUNTED,
        returns={200: object_of({"count": COUNT})},
        errors=[NotFound, QueryWrong, QueryNotAllowed],
        reads=True,
    )  # fmt: skip
    def count_search(self, code: str, record_type: str) -> dict[str, Any]:
        return self._counted(code, record_type)

    @endpoint(
        "GET", BASE + "/schema",
        summary={"zh": "记录值的 JSON Schema", "en": "JSON Schema of the values of these records."},
        needs=("view", KIND),
        returns={200: OBJECT},
        errors=[NotFound],
    )  # fmt: skip
    def schema(self, code: str, record_type: str) -> dict[str, Any]:
        with self.read() as uow:
            kind = live_type(uow, code, record_type)
            scope = record_scope(uow, kind)
        shown = [item for item in kind.fields if scope.visibility(item.field_class) is not Visibility.HIDE]
        properties = {item.code: {"anyOf": [item.type.json_schema(item), {"type": "null"}]} for item in shown}
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": kind.path,
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
        }

    @endpoint(
        "POST", BASE,
        summary={"zh": "新增记录", "en": "Add one record."},
        needs=("add", KIND),
        body=NEW_RECORD,
        returns={201: SAVED},
        errors=WRITING,
    )  # fmt: skip
    def add(self, code: str, record_type: str) -> dict[str, Any]:
        with self.write() as uow:
            kind = live_type(uow, code, record_type)
            new = _new(self.body)
            saved = RecordStore(uow).add(
                kind, new.values, parent=new.parent, event=new.event, repeat_key=new.repeat_key,
                missing=new.missing,
            )  # fmt: skip
            return _saved(uow, kind, saved)

    @endpoint(
        "POST", BASE + "/bulk",
        summary={"zh": "批量新增", "en": "Add many records; bad ones are explained."},
        needs=("add", KIND),
        body=object_of({"records": list_of(NEW_RECORD) | {"minItems": 1, "maxItems": BULK_LIMIT}}),
        returns={
            200: object_of(
                {
                    "ids": list_of({"type": ["integer", "null"]}),
                    "rejected": list_of(object_of({"row": COUNT, "problems": list_of(PROBLEM)})),
                }
            )
        },
        errors=[NotFound, OwnerWrites],
    )  # fmt: skip
    def add_many(self, code: str, record_type: str) -> dict[str, Any]:
        rows = [_new(item) for item in self.body["records"]]
        with self.write() as uow:
            result = RecordStore(uow).add_many(live_type(uow, code, record_type), rows)
        rejected = [{"row": row, "problems": _problems(found)} for row, found in result.rejected]
        return {"ids": result.ids, "rejected": rejected}

    @endpoint(
        "GET", ONE,
        summary={"zh": "一条记录", "en": "One record, now or as it was at an instant."},
        needs=("view", KIND),
        params=query_of({"as_of": {"type": "string", "maxLength": 40}, "trashed": FLAG}),
        returns={200: RECORD},
        errors=[NotFound, Invalid],
    )  # fmt: skip
    def show(self, code: str, record_type: str, id: int) -> dict[str, Any]:
        at = _instant(self.params.get("as_of"))
        with self._auditing(code, record_type, record=id) as (uow, kind):
            store = RecordStore(uow)
            found = store.as_of(kind, id, at) if at else store.get(kind, id, self.params["trashed"])
            grade = grades_of(uow, kind, [id]).get(id, 0)
            return record_view(uow, kind, found) | {"grade": grade}

    @endpoint(
        "PATCH", ONE,
        summary={"zh": "修改记录", "en": "Change the given fields of the record you read as `version`."},
        needs=("edit", KIND),
        body=object_of({"version": VERSION, "values": OBJECT, "missing": REASONS}, ["version", "values"]),
        returns={200: SAVED},
        errors=[*WRITING, RecordChanged, RecordInTrash],
    )  # fmt: skip
    def change(self, code: str, record_type: str, id: int) -> dict[str, Any]:
        with self.write() as uow:
            kind = live_type(uow, code, record_type)
            body = self.body
            saved = RecordStore(uow).change(
                kind, id, body["values"], body["version"], body.get("missing", {})
            )
            return _saved(uow, kind, saved)

    @endpoint(
        "DELETE", ONE,
        summary={"zh": "移入回收站", "en": "Put the record and all below it into the trash."},
        needs=("delete", KIND),
        params=query_of({"version": VERSION}, ["version"]),
        returns={200: object_of({"trashed": list_of(REF)})},
        errors=[NotFound, RecordChanged, RecordInTrash, OwnerWrites],
    )  # fmt: skip
    def trash(self, code: str, record_type: str, id: int) -> dict[str, Any]:
        with self.write() as uow:
            kind = live_type(uow, code, record_type)
            return {"trashed": _refs(RecordStore(uow).trash(kind, id, self.params["version"]))}

    @endpoint(
        "POST", ONE + "/restore",
        summary={"zh": "从回收站恢复", "en": "Bring the record back with those that went with it."},
        needs=("delete", KIND),
        returns={200: object_of({"restored": list_of(REF)})},
        errors=[NotFound, NotInTrash, TrashedWithParent, DuplicateKey, DuplicateRecord, RecordInvalid],
    )  # fmt: skip
    def restore(self, code: str, record_type: str, id: int) -> dict[str, Any]:
        with self.write() as uow:
            kind = live_type(uow, code, record_type)
            return {"restored": _refs(RecordStore(uow).restore(kind, id))}

    @endpoint(
        "GET", ONE + "/revisions",
        summary={"zh": "修订历史", "en": "Who changed what and when, oldest first."},
        needs=("view", KIND),
        returns={200: object_of({"items": list_of(REVISION), "next": {"type": "null"}})},
        errors=[NotFound],
    )  # fmt: skip
    def revisions(self, code: str, record_type: str, id: int) -> dict[str, Any]:
        with self._auditing(code, record_type, record=id) as (uow, kind):
            steps = RecordStore(uow).revisions(kind, id)
            return {"items": [_revision(step) for step in steps], "next": None}

    @property
    def _asked(self) -> dict[str, Any]:
        """What is asked for, in the address or in the body."""
        return {"limit": 50, "skip": 0, "trashed": False, **self.params, **(self.body or {})}

    def _page(self, code: str, record_type: str) -> dict[str, Any]:
        parent = self._asked.get("parent")
        with self._auditing(code, record_type, self._selected(), parent=parent) as (uow, kind):
            found = page(uow, self._query(kind))
            grades = grades_of(uow, kind, [item["id"] for item in found.records])
            views = zip(found.records, record_views(uow, kind, found.records), strict=True)
            items = [view | {"grade": grades.get(each["id"], 0)} for each, view in views]
            return {"items": items, "next": found.next}

    def _counted(self, code: str, record_type: str) -> dict[str, Any]:
        asked = self._asked
        with self.read() as uow:
            kind = live_type(uow, code, record_type)
            where = asked.get("where") or None
            return {"count": count(uow, kind, where, asked["trashed"], parent=asked.get("parent"))}

    def _selected(self) -> tuple[str, ...] | None:
        text = self._asked.get("select")
        return tuple(part.strip() for part in text.split(",") if part.strip()) if text else None

    def _query(self, kind: RecordType) -> RecordQuery:
        params = self._asked
        return RecordQuery(
            kind, params.get("where") or None, self._selected(), _order(params.get("order", "")),
            params.get("after") or None, params["limit"], params["trashed"], params.get("parent"),
            params["skip"],
        )  # fmt: skip

    @contextmanager
    def _auditing(
        self, code: str, record_type: str, select: tuple[str, ...] | None = None, *,
        record: int | None = None, parent: int | None = None,
    ) -> Iterator[tuple[UnitOfWork, RecordType]]:  # fmt: skip
        """A unit of work that can audit what it shows in clear; only then it is a writing one."""
        with self.read() as uow:
            kind = live_type(uow, code, record_type)
            audits = needs_write(uow, RecordQuery(kind, select=select, parent=parent), record)
            if not audits:
                yield uow, kind
                return
        with self.write() as uow:
            yield uow, live_type(uow, code, record_type)


def record_view(uow: UnitOfWork, kind: RecordType, record: Mapping[str, Any]) -> dict[str, Any]:
    return record_views(uow, kind, [record])[0]


def record_views(
    uow: UnitOfWork, kind: RecordType, records: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Flat records as the API gives them: system columns, then values by field code."""
    code = patient_codes(uow, kind.database)
    return [_view(kind, record, code(record.get("patient"))) for record in records]


def _view(kind: RecordType, record: Mapping[str, Any], patient: str | None) -> dict[str, Any]:
    flat = as_json(kind, dict(record))
    if "patient" in flat:
        flat["patient"] = patient
    head = {name: flat.get(name) for name in SYSTEM_COLUMNS if name in flat}
    head["release"] = head.pop("release_id", None)
    head["version"] = head.pop("row_version", None)
    values = {name: value for name, value in flat.items() if name not in SYSTEM_COLUMNS}
    return head | {"missing": head.get("missing") or {}, "values": values}


def _saved(uow: UnitOfWork, kind: RecordType, saved: Saved) -> dict[str, Any]:
    record = RecordStore(uow).get(kind, saved.id)
    grade = grades_of(uow, kind, [saved.id]).get(saved.id, 0)
    return {
        "record": record_view(uow, kind, record) | {"grade": grade},
        "warnings": _problems(saved.warnings),
    }


def _new(body: Mapping[str, Any]) -> NewRecord:
    return NewRecord(
        body["values"],
        body.get("parent"),
        body.get("event", ""),
        body.get("repeat_key"),
        body.get("missing", {}),
    )


def _problems(found: Sequence[Problem]) -> list[dict[str, Any]]:
    return [problem.as_json() for problem in found]


def _refs(refs: Sequence[RecordRef]) -> list[dict[str, Any]]:
    return [{"type": ref.type, "id": ref.id, "version": ref.version} for ref in refs]


def _revision(step: RevisionView) -> dict[str, Any]:
    return {
        "version": step.version,
        "action": step.action,
        "at": step.at,
        "by": step.by,
        "channel": step.channel,
        "changes": _changes(step.changes),
        "missing": _changes(step.missing),
        "provenance": step.provenance,
        "forgotten": step.forgotten,
    }


def _changes(changes: Mapping[str, tuple[Any, Any]]) -> list[dict[str, Any]]:
    return [{"field": code, "old": old, "new": new} for code, (old, new) in changes.items()]


def _order(text: str) -> tuple[tuple[str, bool], ...]:
    parts = [part.strip() for part in text.split(",") if part.strip()]
    return tuple((part.lstrip("-"), part.startswith("-")) for part in parts)


def _instant(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise InstantWrong(text=text) from None
    if at.tzinfo is None:
        raise InstantWrong(text=text)
    return at


class InstantWrong(Invalid):
    """{text} is no instant such as 2026-03-05T14:20:00+08:00. Nothing was read."""

    zh = "{text} 不是形如 2026-03-05T14:20:00+08:00 的时刻。未读取任何数据。"

    def details(self) -> dict[str, Any]:
        return {}

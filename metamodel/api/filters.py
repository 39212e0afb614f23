"""Saved filters of a database, and counts of the conditions of a filter that is being built."""

from __future__ import annotations

from typing import Any

from metamodel.api.records import BASE
from metamodel.api.schemas import CODE, EXPRESSION, FLAG, MAYBE_COUNT, MAYBE_TEXT, OBJECT, VERSION
from metamodel.api.shared import RECORDS, live_type
from metamodel.catalogue import catalogue_of
from metamodel.filters import (
    ConditionCount,
    FilterChanged,
    FilterNotYours,
    NewFilter,
    SavedFilter,
    SavedFilters,
    SharedFilterIdentifies,
    condition_counts,
)
from metamodel.queries import QueryNotAllowed, QueryWrong
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound, ZhenshuError
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, INSTANT, PAGING, TEXT, list_of, object_of, page_of, query_of

SEEN = ("view", RECORDS)
FILTERS = "/databases/<code>/filters"
ONE = FILTERS + "/<int:id>"
MOST_CONDITIONS = 40  # counted by one request

NAME = {"type": "string", "minLength": 1, "maxLength": 100, "pattern": r"\S"}
DESCRIPTION = {"type": "string", "maxLength": 1000}
WHERE = {**EXPRESSION, "minLength": 1}
PROBLEM = {"type": ["object", "null"], "description": "Why it can't be used: `zh` and `en`"}
FILTER = object_of(
    {
        "id": ID,
        "version": VERSION,
        "name": TEXT,
        "description": TEXT,
        "record_type": TEXT,
        "where": {**MAYBE_TEXT, "description": "With the names of today; null where it can't be used"},
        "written": TEXT | {"description": "As it was written, for a filter that no longer fits"},
        "problem": PROBLEM,
        "shared": FLAG,
        "owner": TEXT,
        "mine": FLAG,
        "may_change": FLAG,
        "updated_at": INSTANT,
        "updated_by": TEXT,
    }
)
COUNTED = object_of({"count": MAYBE_COUNT, "unknown": MAYBE_COUNT, "problem": PROBLEM})
SAVING = [NotFound, QueryWrong, QueryNotAllowed, SharedFilterIdentifies]
CHANGING = [NotFound, FilterNotYours, FilterChanged]


class Filters(Api):
    @endpoint(
        "GET", FILTERS,
        summary={"zh": "已存筛选", "en": "Your saved filters and those shared with you."},
        needs=SEEN,
        params=query_of({**PAGING, "record_type": CODE}),
        returns={200: page_of(FILTER)},
        errors=[NotFound],
    )  # fmt: skip
    def list(self, code: str) -> dict[str, Any]:
        params = self.params
        with self.read() as uow:
            found, after = _filters(uow, code).page(
                params.get("record_type"), params["after"], params["limit"]
            )
        return {"items": [_view(item) for item in found], "next": after}

    @endpoint(
        "POST", FILTERS,
        summary={"zh": "保存筛选", "en": "Save a filter under a name, for yourself or for all."},
        needs=SEEN,
        body=object_of(
            {"name": NAME, "description": DESCRIPTION, "record_type": CODE, "where": WHERE, "shared": FLAG},
            ["name", "record_type", "where"],
        ),
        returns={201: FILTER},
        errors=SAVING,
    )  # fmt: skip
    def add(self, code: str) -> dict[str, Any]:
        with self.write() as uow:
            return _view(_filters(uow, code).add(NewFilter(**self.body)))

    @endpoint(
        "PATCH", ONE,
        summary={"zh": "修改已存筛选", "en": "Change the filter you read as `version`."},
        needs=SEEN,
        body=object_of(
            {"version": VERSION, "name": NAME, "description": DESCRIPTION, "where": WHERE, "shared": FLAG},
            ["version"],
        ),
        returns={200: FILTER},
        errors=[*SAVING, *CHANGING[1:]],
    )  # fmt: skip
    def change(self, code: str, id: int) -> dict[str, Any]:
        with self.write() as uow:
            changes = {name: value for name, value in self.body.items() if name != "version"}
            return _view(_filters(uow, code).change(id, self.body["version"], changes))

    @endpoint(
        "DELETE", ONE,
        summary={"zh": "移除已存筛选", "en": "Remove a saved filter; it can be brought back for 30 days."},
        needs=SEEN,
        params=query_of({"version": VERSION}, ["version"]),
        returns={200: object_of({"removed": ID})},
        errors=CHANGING,
    )  # fmt: skip
    def remove(self, code: str, id: int) -> dict[str, Any]:
        with self.write() as uow:
            _filters(uow, code).remove(id, self.params["version"])
        return {"removed": id}

    @endpoint(
        "POST", ONE + "/restore",
        summary={"zh": "恢复已移除的筛选", "en": "Bring a removed filter back."},
        needs=SEEN,
        returns={200: FILTER},
        errors=[NotFound, FilterNotYours],
    )  # fmt: skip
    def restore(self, code: str, id: int) -> dict[str, Any]:
        with self.write() as uow:
            return _view(_filters(uow, code).restore(id))

    @endpoint(
        "POST", BASE + "/counts",
        summary={"zh": "各条件的记录数", "en": "How many records meet each condition alone, or may."},
        needs=SEEN,
        body=object_of(
            {"conditions": list_of(OBJECT) | {"maxItems": MOST_CONDITIONS}, "trashed": FLAG}, ["conditions"]
        ),
        returns={200: object_of({"counts": list_of(COUNTED)})},
        errors=[NotFound],
        reads=True,
    )  # fmt: skip
    def counts(self, code: str, record_type: str) -> dict[str, Any]:
        with self.read() as uow:
            kind = live_type(uow, code, record_type)
            found = condition_counts(uow, kind, self.body["conditions"], self.body.get("trashed", False))
        return {"counts": [_counted(item) for item in found]}


def _filters(uow: UnitOfWork, code: str) -> SavedFilters:
    return SavedFilters(uow, catalogue_of(uow).database(code))


def _view(item: SavedFilter) -> dict[str, Any]:
    return {
        "id": item.id,
        "version": item.version,
        "name": item.name,
        "description": item.description,
        "record_type": item.record_type,
        "where": item.reading.where,
        "written": item.reading.written,
        "problem": problem_words(item.reading.problem),
        "shared": item.shared,
        "owner": item.owner,
        "mine": item.mine,
        "may_change": item.may_change,
        "updated_at": item.updated_at,
        "updated_by": item.updated_by,
    }


def _counted(item: ConditionCount) -> dict[str, Any]:
    return {"count": item.true, "unknown": item.unknown, "problem": problem_words(item.refusal)}


def problem_words(error: ZhenshuError | None) -> dict[str, str] | None:
    return None if error is None else {"zh": error.message("zh"), "en": error.message("en")}

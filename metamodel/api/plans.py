"""Plans: what a publish would change; approved, published, resumed, abandoned, undone."""

from __future__ import annotations

from typing import Any

from metamodel.api.schemas import FLAG, MAYBE_TEXT, OBJECT
from metamodel.api.shared import APPROVE, DESIGN
from metamodel.definitions import DefinitionInvalid
from metamodel.plans import (
    AnotherPublish,
    ApprovalNeeded,
    ChangeNotPossible,
    NothingToPublish,
    NothingToUndo,
    PlanOutdated,
    PlanState,
    Release,
    Safety,
    State,
    abandon,
    approve_plan,
    get_plan,
    list_plans,
    make_plan,
    publish,
    resume,
    undo,
)
from zhenshu.errors import NotFound
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, INSTANT, PAGING, TEXT, list_of, object_of, page_of, query_of

PLAN = object_of(
    {
        "id": ID,
        "database": TEXT,
        "state": {"enum": [state.value for state in State]},
        "safety": {"enum": [safety.value for safety in Safety]},
        "needs_approval": FLAG,
        "operations": list_of(OBJECT),
        "applied": {"type": "integer"},
        "error": {"type": ["object", "null"]},
        "created_by": TEXT,
        "created_at": INSTANT,
        "approved_by": MAYBE_TEXT,
        "approved_at": MAYBE_TEXT,
        "finished_at": MAYBE_TEXT,
    }
)
RELEASED = object_of(
    {"database": TEXT, "release": {"type": "integer"}, "published_by": TEXT, "published_at": INSTANT}
)
PUBLISHING = [NotFound, ApprovalNeeded, AnotherPublish, PlanOutdated, PlanState, ChangeNotPossible]


class Plans(Api):
    @endpoint(
        "POST", "/databases/<code>/plans",
        summary={"zh": "生成变更计划", "en": "Plan the draft: what publishing it would change."},
        needs=DESIGN,
        returns={201: PLAN},
        errors=[NotFound, NothingToPublish, ChangeNotPossible, DefinitionInvalid],
    )  # fmt: skip
    def make(self, code: str) -> dict[str, Any]:
        with self.write() as uow:
            return make_plan(uow, code).to_json()

    @endpoint(
        "GET", "/databases/<code>/plans",
        summary={"zh": "变更计划列表", "en": "The latest plans of a database, newest first."},
        needs=DESIGN,
        params=query_of({"limit": PAGING["limit"]}),
        returns={200: page_of(PLAN)},
        errors=[NotFound],
    )  # fmt: skip
    def list(self, code: str) -> dict[str, Any]:
        with self.read() as uow:
            found = list_plans(uow, code, limit=self.params["limit"])
        return {"items": [plan.to_json() for plan in found], "next": None}

    @endpoint(
        "GET", "/plans/<int:id>",
        summary={"zh": "一个变更计划", "en": "One plan and how far it has come."},
        needs=DESIGN,
        returns={200: PLAN},
        errors=[NotFound],
        etag=True,
    )  # fmt: skip
    def show(self, id: int) -> dict[str, Any]:
        with self.read() as uow:
            return get_plan(uow, id).to_json()

    @endpoint(
        "POST", "/plans/<int:id>/approve",
        summary={"zh": "批准变更计划", "en": "Approve what the plan would lose."},
        needs=APPROVE,
        returns={200: PLAN},
        errors=[NotFound, PlanState, PlanOutdated],
    )  # fmt: skip
    def approve(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            return approve_plan(uow, id).to_json()

    @endpoint(
        "POST", "/plans/<int:id>/publish",
        summary={"zh": "发布", "en": "Make the plan's document live."},
        needs=DESIGN,
        returns={200: RELEASED},
        errors=PUBLISHING,
    )  # fmt: skip
    def publish(self, id: int) -> dict[str, Any]:
        return _released(publish(self.instance, self.subject, id, self.channel))

    @endpoint(
        "POST", "/plans/<int:id>/resume",
        summary={"zh": "继续发布", "en": "Finish a plan whose process has died."},
        needs=DESIGN,
        returns={200: RELEASED},
        errors=PUBLISHING,
    )  # fmt: skip
    def resume(self, id: int) -> dict[str, Any]:
        self._permitted(id)
        return _released(resume(self.instance, id))

    @endpoint(
        "POST", "/plans/<int:id>/abandon",
        summary={"zh": "放弃变更计划", "en": "Take back what an unfinished plan has done."},
        needs=DESIGN,
        returns={200: PLAN},
        errors=[NotFound, PlanState, AnotherPublish],
    )  # fmt: skip
    def abandon(self, id: int) -> dict[str, Any]:
        self._permitted(id)
        abandon(self.instance, id, self.subject, self.channel)
        with self.read() as uow:
            return get_plan(uow, id).to_json()

    @endpoint(
        "POST", "/databases/<code>/undo",
        summary={"zh": "撤销上次发布", "en": "Plan the way back to the release before the live one."},
        needs=DESIGN,
        returns={201: PLAN},
        errors=[NotFound, NothingToUndo, ChangeNotPossible],
    )  # fmt: skip
    def undo(self, code: str) -> dict[str, Any]:
        with self.write() as uow:
            return undo(uow, code).to_json()

    def _permitted(self, id: int) -> None:
        with self.read() as uow:
            get_plan(uow, id)


def _released(release: Release) -> dict[str, Any]:
    return {
        "database": release.code,
        "release": release.number,
        "published_by": release.published_by,
        "published_at": release.published_at,
    }

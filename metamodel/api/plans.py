"""Plans: what a publish would change; approved, published, resumed, abandoned, undone."""

from __future__ import annotations

from typing import Any

from metamodel.api.schemas import FLAG, MAYBE_COUNT, MAYBE_TEXT, OBJECT
from metamodel.api.shared import APPROVE, DESIGN
from metamodel.definitions import LONGEST_NOTE, DefinitionInvalid
from metamodel.plans import (
    AnotherPublish,
    ApprovalNeeded,
    ChangeNotPossible,
    NothingToPublish,
    NothingToUndo,
    Plan,
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
    outdated,
    publish,
    release_number,
    release_of_plan,
    resume,
    undo,
)
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import ID, INSTANT, PAGING, TEXT, list_of, object_of, page, page_of, query_of

OUTDATED = object_of(
    {
        "reason": {"enum": ["draft", "release", "plan", "abandoned"]},
        "who": TEXT,
        "at": MAYBE_TEXT,
        "number": {**MAYBE_COUNT, "description": "Of the release or plan that came after"},
    }
)
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
        "source": {"enum": ["draft", "undo"]},
        "from_release": MAYBE_COUNT,
        "release": {**MAYBE_COUNT, "description": "The release it became"},
        "begun": {**FLAG, "description": "Whether a publish has been begun, and not been taken back"},
        "running": {**FLAG, "description": "Whether a process is at work on it"},
        "note": TEXT,
        "published_by": MAYBE_TEXT,
        "outdated": {"anyOf": [OUTDATED, {"type": "null"}]},
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
            return plan_view(uow, make_plan(uow, code))

    @endpoint(
        "GET", "/databases/<code>/plans",
        summary={"zh": "变更计划列表", "en": "The plans of a database, newest first."},
        needs=DESIGN,
        params=query_of(PAGING),
        returns={200: page_of(PLAN)},
        errors=[NotFound],
    )  # fmt: skip
    def list(self, code: str) -> dict[str, Any]:
        with self.read() as uow:
            found = list_plans(uow, code, before=self.params["after"], limit=self.params["limit"])
            return page([plan_view(uow, plan) for plan in found], self.params["limit"])

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
            return plan_view(uow, get_plan(uow, id))

    @endpoint(
        "POST", "/plans/<int:id>/approve",
        summary={"zh": "批准变更计划", "en": "Approve what the plan would lose."},
        needs=APPROVE,
        returns={200: PLAN},
        errors=[NotFound, PlanState, PlanOutdated],
    )  # fmt: skip
    def approve(self, id: int) -> dict[str, Any]:
        with self.write() as uow:
            return plan_view(uow, approve_plan(uow, id))

    @endpoint(
        "POST", "/plans/<int:id>/publish",
        summary={"zh": "发布", "en": "Make the plan's document live."},
        needs=DESIGN,
        body=object_of({"note": {"type": "string", "maxLength": LONGEST_NOTE}}, []) | {"default": {}},
        returns={200: RELEASED},
        errors=PUBLISHING,
    )  # fmt: skip
    def publish(self, id: int) -> dict[str, Any]:
        note = self.body.get("note", "").strip()
        return _released(publish(self.instance, self.subject, id, self.channel, note))

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
            return plan_view(uow, get_plan(uow, id))

    @endpoint(
        "POST", "/databases/<code>/undo",
        summary={"zh": "撤销上次发布", "en": "Plan the way back to the release before the live one."},
        needs=DESIGN,
        returns={201: PLAN},
        errors=[NotFound, NothingToUndo, ChangeNotPossible],
    )  # fmt: skip
    def undo(self, code: str) -> dict[str, Any]:
        with self.write() as uow:
            return plan_view(uow, undo(uow, code))

    def _permitted(self, id: int) -> None:
        with self.read() as uow:
            get_plan(uow, id)


def plan_view(uow: UnitOfWork, plan: Plan) -> dict[str, Any]:
    """A plan, whether it can still be published, and who is at work on it."""
    found = outdated(uow.conn, plan)
    return plan.to_json() | {
        "source": "undo" if plan.is_undo else "draft",
        "from_release": release_number(uow.conn, plan.from_release_id),
        "release": release_of_plan(uow.conn, plan.id) if plan.state is State.SWAPPED else None,
        "begun": plan.state not in (State.SWAPPED, State.SUPERSEDED) and "publish" in plan.report,
        "running": plan.leased(uow.at),
        "note": plan.note,
        "published_by": plan.report.get("publish", {}).get("by"),
        "outdated": found and found.to_json(),
    }


def _released(release: Release) -> dict[str, Any]:
    return {
        "database": release.code,
        "release": release.number,
        "published_by": release.published_by,
        "published_at": release.published_at,
    }

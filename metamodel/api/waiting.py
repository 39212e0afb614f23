"""What waits for the subject: plans to approve or finish, drafts, and jobs that failed unseen."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from metamodel.api.access_shapes import label_of
from metamodel.api.shared import allowed, instant
from metamodel.api.views import label_view
from metamodel.catalogue.model import Label
from metamodel.definitions import Summary, list_definitions, load_draft, validate_document
from metamodel.plans import Plan, State
from metamodel.plans.current import definition_row, fits
from metamodel.plans.store import open_plans
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs import FAILED_NOTICE
from zhenshu.notices import list_notices
from zhenshu.security.requests import emergencies_to_review, list_requests

Item = dict[str, Any]
# What may wait, the most urgent first.
KINDS: Final = (
    "plan_unfinished", "access_request", "emergency", "approval", "plan_ready", "job_failed", "draft",
)  # fmt: skip
_MEMO: Final = "api.draft_problems"
_MEMO_SIZE: Final = 256
_JOBS: Final = 10  # failed ones
_SHOWN: Final = 20  # requests, and emergencies


def waiting(uow: UnitOfWork) -> list[Item]:
    """The most urgent first: what stands in mid-work, what others wait for, failed jobs, own drafts."""
    sees_databases = uow.subject.may("view", "databases")
    plans = list(_plans(uow)) if sees_databases else []
    planned = {item["database"]["code"] for item in plans}
    drafted = _drafts(uow) if sees_databases else ()
    drafts = [item for item in drafted if item["database"]["code"] not in planned]
    found = [*_access(uow), *plans, *_failed_jobs(uow), *drafts]
    return sorted(found, key=lambda item: KINDS.index(item["kind"]))


def _access(uow: UnitOfWork) -> Iterator[Item]:
    """Requests that the subject could decide on, and emergencies to review; the oldest first."""
    for request in reversed(list_requests(uow, "waiting", limit=_SHOWN)):
        yield _item(
            "access_request", request.database, label_of(uow, request.database),
            by=request.display_name or request.subject_name, at=instant(request.asked_at), access=request.id,
        )  # fmt: skip
    for each in reversed(emergencies_to_review(uow, limit=_SHOWN)):
        yield _item(
            "emergency", each.database, label_of(uow, each.database),
            by=each.display_name or each.subject_name, at=instant(each.started_at), access=each.id,
        )  # fmt: skip


def _plans(uow: UnitOfWork) -> Iterator[Item]:
    for plan in open_plans(uow.conn):
        may = allowed(uow, "databases", plan.code, ("design", "approve"))
        if (kind := _kind(uow, plan, may)) is None:
            continue
        label = label_view(Label.of(definition_row(uow.conn, plan.definition_id).label))
        at = plan.approved_at if kind == "plan_ready" else plan.created_at
        yield _item(kind, plan.code, label, by=plan.created_by, at=instant(at), plan=plan.id)


def _kind(uow: UnitOfWork, plan: Plan, may: list[str]) -> str | None:
    """What the subject should do about the plan; None for nothing."""
    if plan.state is State.FAILED or (plan.begun and not plan.leased(uow.at)):
        return "plan_unfinished" if "design" in may else None
    if plan.begun or not fits(uow.conn, plan):
        return None
    if plan.needs_approval:
        return "approval" if "approve" in may else None
    ready = plan.approved_by is not None and plan.created_by == uow.subject.name
    return "plan_ready" if ready and "design" in may else None


def _drafts(uow: UnitOfWork) -> Iterator[Item]:
    for item in list_definitions(uow, "database"):
        mine = item.has_draft and item.changed_by == uow.subject.name
        if mine and allowed(uow, "databases", item.code, ("design",)):
            errors, warnings = _problems(uow, item)
            yield _item(
                "draft", item.code, label_view(item.label), by=item.changed_by,
                at=instant(item.changed_at), errors=errors, warnings=warnings,
            )  # fmt: skip


def _problems(uow: UnitOfWork, item: Summary) -> tuple[int, int]:
    """(errors, warnings) of a draft, counted once per version of it: a large one takes long to validate."""
    memo: dict[tuple[int, int], tuple[int, int]] = uow.instance.memo.setdefault(_MEMO, {})
    name = (item.id, item.version)
    if name not in memo:
        found = validate_document(load_draft(uow, item.kind, item.code).document)
        errors = sum(each.severity == "error" for each in found)
        if len(memo) >= _MEMO_SIZE:
            memo.clear()
        memo[name] = (errors, len(found) - errors)
    return memo[name]


def _failed_jobs(uow: UnitOfWork) -> Iterator[Item]:
    """Those whose owner has not read about it yet."""
    if uow.subject.id is None:
        return
    for notice in list_notices(uow, uow.subject.id, limit=_JOBS, unread=True, kind=FAILED_NOTICE):
        text = {"zh": notice.zh, "en": notice.en}
        yield _item("job_failed", at=instant(notice.at), notice=notice.id, text=text)


def _item(kind: str, code: str = "", label: dict[str, str] | None = None, **more: Any) -> Item:
    head: Item = {"kind": kind, "database": {"code": code, "label": label} if label else None}
    rest = {
        "by": "",
        "at": None,
        "plan": None,
        "notice": None,
        "access": None,
        "text": None,
        "errors": 0,
        "warnings": 0,
    }
    return head | rest | more

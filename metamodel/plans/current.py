"""Whether a plan still fits the definition it was made for."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, select

from metamodel.plans.errors import PlanOutdated
from metamodel.plans.states import State
from metamodel.plans.store import Plan
from metamodel.tables import definition, definition_release
from metamodel.tables import plan as plan_table
from zhenshu.errors import NotFound

KIND = "database"

_COLUMNS = (
    definition.c.id,
    definition.c.code,
    definition.c.label,
    definition.c.draft_version,
    definition.c.live_release_id,
)


class DefinitionRow(NamedTuple):
    """A definition without its draft."""

    id: int
    code: str
    label: dict[str, str]
    draft_version: int
    live_release_id: int | None


def definition_row(conn: Connection, definition_id: int, *, lock: bool = False) -> DefinitionRow:
    """The definition without its draft; with `lock` nobody else may change it until this transaction ends.

    A transaction that locks both takes the definition's row before a plan's, so that none wait crosswise.
    """
    query = select(*_COLUMNS).where(definition.c.id == definition_id)
    return DefinitionRow(*conn.execute(query.with_for_update() if lock else query).one())


def definition_id_of(conn: Connection, code: str) -> int:
    """
    Raises:
        NotFound: when no database, draft or published, has this code.
    """
    found = conn.execute(
        select(definition.c.id).where(definition.c.kind == KIND, definition.c.code == code)
    ).scalar_one_or_none()
    if found is None:
        raise NotFound(kind="database", kind_zh="病种库", name=code)
    return int(found)


class Outdated(NamedTuple):
    """Why a plan can't be published any more, who made it so, and when (None where that is not known)."""

    reason: str  # draft | release | plan | abandoned
    who: str
    at: datetime | None
    number: int | None = None  # of the release or plan that came after
    why: str = ""
    why_zh: str = ""

    def to_json(self) -> dict[str, Any]:
        at = self.at.isoformat() if self.at else None
        return {"reason": self.reason, "who": self.who, "at": at, "number": self.number}


def outdated(conn: Connection, plan: Plan) -> Outdated | None:
    """What has made `plan` void since; None while it can be published, or when it has been."""
    row = definition_row(conn, plan.definition_id)
    if plan.state is State.SWAPPED:
        return None
    if plan.state in (State.SUPERSEDED, State.FAILED):
        return _superseded(conn, plan)
    if row.live_release_id != plan.from_release_id:
        return _another_release(conn, row)
    if not plan.is_undo and row.draft_version != plan.draft_version:
        return _edited(conn, plan)
    return None


def _superseded(conn: Connection, plan: Plan) -> Outdated:
    c = plan_table.c
    query = select(c.id, c.created_by, c.created_at).where(
        c.definition_id == plan.definition_id, c.id > plan.id
    )
    newer = conn.execute(query.order_by(c.id.desc()).limit(1)).first()
    if newer is None or "publish" in plan.report:
        return Outdated("abandoned", "", plan.finished_at, None, "it was given up.", "它已被放弃。")
    by, at = newer.created_by, _minute(newer.created_at)
    return Outdated(
        "plan", by, newer.created_at, newer.id,
        f"{by} made plan {newer.id} at {at}.", f"{by} 已于 {at} 生成变更计划 {newer.id}。",
    )  # fmt: skip


def _another_release(conn: Connection, row: DefinitionRow) -> Outdated:
    c = definition_release.c
    query = select(c.number, c.published_by, c.published_at).where(c.id == row.live_release_id)
    live = conn.execute(query).one()
    by, at = live.published_by, _minute(live.published_at)
    return Outdated(
        "release", by, live.published_at, live.number,
        f"{by} published release {live.number} at {at}.", f"{by} 已于 {at} 发布第 {live.number} 版。",
    )  # fmt: skip


def _edited(conn: Connection, plan: Plan) -> Outdated:
    c = definition.c
    row = conn.execute(select(c.draft_by, c.draft_at).where(c.id == plan.definition_id)).one()
    if row.draft_at is None:
        return Outdated("draft", "", None, None, "the draft was thrown away since.", "此后草稿已被放弃。")
    by, at = row.draft_by or "?", _minute(row.draft_at)
    return Outdated(
        "draft", by, row.draft_at, None, f"{by} edited the draft at {at}.", f"{by} 已于 {at} 修改草稿。"
    )


def _minute(at: datetime) -> str:
    return f"{at:%Y-%m-%d %H:%M} UTC"


def check_current(conn: Connection, plan: Plan) -> None:
    """
    Raises:
        PlanOutdated: when draft or live release are no longer those that `plan` was made for, or another
            plan has taken its place.
    """
    if (found := outdated(conn, plan)) is not None:
        raise PlanOutdated(plan=plan.id, why=found.why, why_zh=found.why_zh, outdated=found.to_json())


def fits(conn: Connection, plan: Plan) -> bool:
    """Whether `plan` could be published as things are."""
    try:
        check_current(conn, plan)
    except PlanOutdated:
        return False
    return True


def fits_draft(conn: Connection, plan: Plan) -> bool:
    """Whether `plan` leads from the live release to the draft as it is now."""
    if plan.is_undo:
        return False
    c = definition.c
    there_is_one = select(c.id).where(c.id == plan.definition_id, c.draft.is_not(None))
    row = definition_row(conn, plan.definition_id)
    same = (row.draft_version, row.live_release_id) == (plan.draft_version, plan.from_release_id)
    return same and conn.execute(there_is_one).first() is not None

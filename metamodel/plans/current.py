"""Whether a plan still fits the definition it was made for."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import Connection, select

from metamodel.plans.errors import PlanOutdated
from metamodel.plans.store import Plan
from metamodel.tables import definition
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
        raise NotFound(kind="病种库 database", name=code)
    return int(found)


def check_current(conn: Connection, plan: Plan) -> None:
    """
    Raises:
        PlanOutdated: when draft or live release are no longer those that `plan` was made for.
    """
    row = definition_row(conn, plan.definition_id)
    if row.live_release_id != plan.from_release_id:
        raise PlanOutdated(
            plan=plan.id,
            why="another release has become live since.",
            why_zh="此后已有其他版本发布。",
        )
    if not plan.is_undo and row.draft_version != plan.draft_version:
        raise PlanOutdated(plan=plan.id, why="the draft has been edited since.", why_zh="此后草稿已被修改。")


def fits_draft(conn: Connection, plan: Plan) -> bool:
    """Whether `plan` leads from the live release to the draft as it is now."""
    if plan.is_undo:
        return False
    c = definition.c
    there_is_one = select(c.id).where(c.id == plan.definition_id, c.draft.is_not(None))
    row = definition_row(conn, plan.definition_id)
    same = (row.draft_version, row.live_release_id) == (plan.draft_version, plan.from_release_id)
    return same and conn.execute(there_is_one).first() is not None

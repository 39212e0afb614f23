"""Plans as rows: reading, writing, and the lease by which one process at a time applies a plan."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, Select, select, update

from metamodel.plans.operations import Operation, Safety, from_json
from metamodel.plans.states import CLOSED, State
from metamodel.plans.stored import Made
from metamodel.tables import definition, definition_release
from metamodel.tables import plan as plan_table
from zhenshu.errors import NotFound, ZhenshuError

LEASE = timedelta(seconds=60)  # each step renews it in its own transaction


@dataclass(frozen=True, slots=True)
class Plan:
    """A change of one database from its live release to `document`, and how far it has come."""

    id: int
    definition_id: int
    code: str
    from_release_id: int | None
    document: Mapping[str, Any]
    document_hash: str
    draft_version: int
    operations: tuple[Operation, ...]
    report: Mapping[str, Any]
    state: State
    applied: int
    mapping: Mapping[str, Any] | None
    inverse: tuple[Mapping[str, Any], ...]
    lease_owner: str | None
    lease_until: datetime | None
    error: Mapping[str, Any] | None
    created_by: str
    created_at: datetime
    approved_by: str | None
    approved_at: datetime | None
    finished_at: datetime | None

    @property
    def safety(self) -> Safety:
        """That of its most costly operation."""
        ranks = list(Safety)
        return max((item.safety for item in self.operations), key=ranks.index, default=Safety.SAFE)

    @property
    def needs_approval(self) -> bool:
        return self.safety is not Safety.SAFE and self.approved_by is None

    @property
    def is_undo(self) -> bool:
        """Whether it goes back to an earlier release instead of on to the draft."""
        return self.report.get("source") == "undo"

    @property
    def note(self) -> str:
        """What its publisher said of it."""
        return str(self.report.get("publish", {}).get("note", ""))

    @property
    def begun(self) -> bool:
        """Whether anything of it has been done, or is being done."""
        return self.state is not State.PLANNED or self.applied > 0 or self.lease_owner is not None

    def leased(self, at: datetime) -> bool:
        """Whether a process is at work on it."""
        return self.lease_until is not None and self.lease_until > at

    def to_json(self) -> dict[str, Any]:
        """What the API and the command line show: everything but documents and mappings."""
        return {
            "id": self.id,
            "database": self.code,
            "state": self.state.value,
            "safety": self.safety.value,
            "needs_approval": self.needs_approval,
            "operations": [
                item.to_json() | {"finding": finding}
                for item, finding in zip(self.operations, self.report["operations"], strict=True)
            ],
            "applied": self.applied,
            "error": self.error,
            "created_by": self.created_by,
            "created_at": self.created_at.isoformat(),
            "approved_by": self.approved_by,
            "approved_at": self.approved_at and self.approved_at.isoformat(),
            "finished_at": self.finished_at and self.finished_at.isoformat(),
        }


@dataclass(frozen=True, slots=True)
class Release:
    """A published version of a definition."""

    id: int
    definition_id: int
    code: str
    number: int
    document_hash: str
    plan_id: int | None
    published_by: str
    published_at: datetime


def load_plan(conn: Connection, plan_id: int, *, lock: bool = False) -> Plan:
    """The plan `plan_id`; with `lock` no other transaction may change it until this one ends.

    Raises:
        NotFound: when there is no such plan.
    """
    query = _plans().where(plan_table.c.id == plan_id)
    row = conn.execute(query.with_for_update(of=plan_table) if lock else query).one_or_none()
    if row is None:
        raise NotFound(kind="plan", kind_zh="变更计划", name=plan_id)
    return _plan(row)


def plans_of(conn: Connection, code: str | None = None, *, before: int = 0, limit: int = 50) -> list[Plan]:
    """The plans of one database or of all, newest first; with `before` those older than that id."""
    query = _plans().order_by(plan_table.c.id.desc()).limit(limit)
    if code is not None:
        query = query.where(definition.c.code == code)
    if before:
        query = query.where(plan_table.c.id < before)
    return [_plan(row) for row in conn.execute(query)]


def open_plans(conn: Connection, definition_id: int | None = None) -> list[Plan]:
    """The plans of a database, or of all, that are neither done nor discarded, oldest first."""
    c = plan_table.c
    query = _plans().where(c.state.not_in(CLOSED)).order_by(c.id)
    if definition_id is not None:
        query = query.where(c.definition_id == definition_id)
    return [_plan(row) for row in conn.execute(query)]


def save_progress(conn: Connection, plan_id: int, **values: Any) -> None:
    conn.execute(update(plan_table).where(plan_table.c.id == plan_id).values(**values))


def made_by(plans: Sequence[Plan]) -> Made:
    """What the unfinished `plans` have made in storage so far."""
    logged = [item for plan in plans for item in plan.inverse]
    types = {item["number"] for item in logged if item["kind"] == "drop_record_type"}
    columns = {key for item in logged for key in item.get("column_ids", ())}
    return Made(frozenset(types), frozenset(columns))


def load_release(conn: Connection, release_id: int) -> Release:
    c = definition_release.c
    query = (
        select(
            c.id, c.definition_id, definition.c.code, c.number, c.document_hash, c.plan_id,
            c.published_by, c.published_at,
        )
        .join(definition, definition.c.id == c.definition_id)
        .where(c.id == release_id)
    )  # fmt: skip
    return Release(*conn.execute(query).one())


def release_number(conn: Connection, release_id: int | None) -> int | None:
    c = definition_release.c
    return conn.execute(select(c.number).where(c.id == release_id)).scalar_one_or_none()


def release_of_plan(conn: Connection, plan_id: int) -> int | None:
    """The number of the release that a plan became."""
    c = definition_release.c
    return conn.execute(select(c.number).where(c.plan_id == plan_id)).scalar_one_or_none()


def reason(error: Exception) -> dict[str, str]:
    """Why a plan stopped. An error that is not ours may carry a value in its text: only its name is kept."""
    if not isinstance(error, ZhenshuError):
        return {"code": type(error).__name__, "zh": "内部错误", "en": "internal error"}
    return {"code": error.code(), "zh": error.message("zh"), "en": error.message("en")}


def _plans() -> Select[Any]:
    return select(plan_table, definition.c.code.label("code")).join(
        definition, definition.c.id == plan_table.c.definition_id
    )


def _plan(row: Row[Any]) -> Plan:
    values = dict(row._mapping)
    values["operations"] = tuple(from_json(item) for item in values["operations"])
    values["inverse"] = tuple(values["inverse"] or ())
    values["state"] = State(values["state"])
    return Plan(**values)

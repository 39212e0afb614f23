"""One step of a plan, one transaction: what is next follows from the stored state alone.

So whoever holds the lease can go on from wherever a process was killed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from metamodel.plans.backfill import fill_batch, fill_gaps, new_parts
from metamodel.plans.conversions.batches import convert_logged, convert_next
from metamodel.plans.conversions.sealing import last_revision, seal_next, seal_rest
from metamodel.plans.conversions.work import conversions
from metamodel.plans.current import definition_row
from metamodel.plans.errors import LeaseLost
from metamodel.plans.exclusive import SHORT_LOCK, exclusive_unit
from metamodel.plans.expand import Expander
from metamodel.plans.states import State
from metamodel.plans.store import LEASE, Plan, load_plan, save_progress
from metamodel.plans.swap import swap
from metamodel.plans.verify import verify
from metamodel.storage.record_ids import last_record_id
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.subject import Subject


@dataclass(frozen=True, slots=True)
class Run:
    """A process at work on a plan. `owner` is the lease it holds."""

    instance: Instance
    subject: Subject
    channel: Channel
    plan_id: int
    definition_id: int
    owner: str

    @property
    def postgresql(self) -> bool:
        """Whether a busy table is worth another try: SQLite's driver has done the waiting itself."""
        return self.instance.engine.dialect.name == "postgresql"


class Step(StrEnum):
    """What can be next."""

    EXPAND = "expand"
    BACKFILL = "backfill"
    BARRIER = "barrier"
    VERIFY = "verify"
    SWAP = "swap"
    DONE = "done"


_NEEDS_NO_WRITERS = (Step.BARRIER, Step.SWAP)


def next_step(plan: Plan) -> Step:
    """What is next for `plan`, by its stored state alone."""
    if plan.state is State.BACKFILLED and _needs_barrier(plan) and "barrier" not in plan.report:
        return Step.BARRIER
    return _NEXT[plan.state]


def _needs_barrier(plan: Plan) -> bool:
    return any(new_parts(plan)) or any("seals" in item for item in plan.inverse)


def take_step(run: Run, step: Step) -> Step:
    """Do `step` in one transaction; gives the step that is next.

    Raises:
        LeaseLost: when another process has taken over.
        PlanOutdated: when the plan no longer fits the draft, the live release or the data.
    """
    with _unit(run, step) as uow:
        definition_row(uow.conn, run.definition_id, lock=step is Step.SWAP)  # always before the plan's row
        return _STEPS[step](uow, _leased_plan(uow, run))


def _unit(run: Run, step: Step) -> AbstractContextManager[UnitOfWork]:
    if step in _NEEDS_NO_WRITERS:
        return exclusive_unit(run.instance, run.subject, run.channel)
    return run.instance.write(run.subject, run.channel)


def _leased_plan(uow: UnitOfWork, run: Run) -> Plan:
    plan = load_plan(uow.conn, run.plan_id, lock=True)
    if plan.lease_owner != run.owner:
        raise LeaseLost(plan=plan.id)
    return plan


def _advance(uow: UnitOfWork, plan: Plan, state: State, **values: Any) -> None:
    """Note how far the plan has come and hold the lease for another while."""
    save_progress(uow.conn, plan.id, state=state, lease_until=datetime.now(UTC) + LEASE, **values)


def _expand(uow: UnitOfWork, plan: Plan) -> Step:
    """Apply the next operation that has work in the tables, and pass those that have none."""
    mapping, inverse, applied = dict(plan.mapping or {}), list(plan.inverse), plan.applied
    if not uow.sqlite:
        uow.conn.execute(SHORT_LOCK)
    for operation in plan.operations[applied:]:
        applied += 1
        if operation.stores:
            inverse += Expander(uow, plan, mapping).apply(operation)
            break
    more = any(operation.stores for operation in plan.operations[applied:])
    values = {"mapping": mapping, "inverse": inverse}
    if more:
        _advance(uow, plan, State.PLANNED, applied=applied, **values)
        return Step.EXPAND
    _advance(uow, plan, State.EXPANDED, applied=len(plan.operations), **values)
    return Step.BACKFILL


def _backfill(uow: UnitOfWork, plan: Plan) -> Step:
    """The next batch of rows in the new parts."""
    parts = list(new_parts(plan))
    for part in parts:
        if fill_batch(uow.conn, part):
            _advance(uow, plan, State.EXPANDED)
            return Step.BACKFILL
    if (report := _convert(uow, plan)) is not None:
        _advance(uow, plan, State.EXPANDED, report=report)
        return Step.BACKFILL
    _advance(uow, plan, State.BACKFILLED)
    return Step.BARRIER if _needs_barrier(plan) else Step.VERIFY


def _convert(uow: UnitOfWork, plan: Plan) -> dict[str, Any] | None:
    """Convert the next batch of records; the report says how far that is. None when no more is to do here."""
    done: dict[str, Any] = dict(plan.report.get("conversions") or {})
    for work in conversions(uow.conn, plan):
        at = done.setdefault(str(work.target.id), {"after": 0, "all": False})
        if not at["all"]:
            last = convert_next(uow, work, at["after"])
            done[str(work.target.id)] = at | ({"all": True} if last is None else {"after": last})
            return dict(plan.report) | {"conversions": done}
        if work.seals and not at.get("sealed"):
            last = seal_next(uow, work, at.get("revision", 0))
            done[str(work.target.id)] = at | ({"sealed": True} if last is None else {"revision": last})
            return dict(plan.report) | {"conversions": done}
        if convert_logged(uow, work):
            return dict(plan.report) | {"conversions": done}
    return None


def _barrier(uow: UnitOfWork, plan: Plan) -> Step:
    """Note the last record id while no writer is half-way: whatever is missing up to it can be found now."""
    report = dict(plan.report) | {
        "barrier": last_record_id(uow.conn),
        "revision_barrier": last_revision(uow.conn),
    }
    _advance(uow, plan, State.BACKFILLED, report=report)
    return Step.VERIFY


def _verify(uow: UnitOfWork, plan: Plan) -> Step:
    for part in new_parts(plan):
        fill_gaps(uow.conn, part, 0, plan.report["barrier"])
    for work in conversions(uow.conn, plan):
        if work.seals:
            seal_rest(uow, work, 0, plan.report["revision_barrier"])
    verify(uow, plan)
    _advance(uow, plan, State.VERIFIED)
    return Step.SWAP


def _swap(uow: UnitOfWork, plan: Plan) -> Step:
    swap(uow, plan)
    return Step.DONE


_NEXT: Mapping[State, Step] = {
    State.PLANNED: Step.EXPAND,
    State.EXPANDED: Step.BACKFILL,
    State.BACKFILLED: Step.VERIFY,
    State.VERIFIED: Step.SWAP,
    State.SWAPPED: Step.DONE,
}

_STEPS: Mapping[Step, Callable[[UnitOfWork, Plan], Step]] = {
    Step.EXPAND: _expand,
    Step.BACKFILL: _backfill,
    Step.BARRIER: _barrier,
    Step.VERIFY: _verify,
    Step.SWAP: _swap,
}

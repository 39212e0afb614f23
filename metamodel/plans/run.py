"""Publishing: a plan's steps under a lease, and going on with them after a crash."""

from __future__ import annotations

import time
from contextlib import suppress
from functools import partial
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from metamodel.definitions.access import require
from metamodel.plans.abandon import abandon, roll_back
from metamodel.plans.conversions.batches import GIVE_WAY
from metamodel.plans.current import check_current, definition_id_of, definition_row, fits_draft
from metamodel.plans.errors import ApprovalNeeded, PlanOutdated, PlanState
from metamodel.plans.exclusive import patiently
from metamodel.plans.lease import another_publish, take_lease
from metamodel.plans.operations import Safety
from metamodel.plans.planning import make_plan
from metamodel.plans.states import UNFINISHED, State
from metamodel.plans.steps import Run, Step, next_step, take_step
from metamodel.plans.store import (
    Plan,
    Release,
    load_plan,
    load_release,
    open_plans,
    reason,
    save_progress,
)
from metamodel.tables import definition_release
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.instance import Instance
from zhenshu.security.policy import Action, Channel
from zhenshu.security.subject import SYSTEM, Subject


def publish(
    instance: Instance, subject: Subject, target: str | int, channel: Channel, note: str = ""
) -> Release:
    """Make a plan's document live: `target` is a plan's id, or a database's code for its draft.

    `note` is kept with the release, also when the plan is resumed after a crash.

    Each operation is a transaction of its own. If the process dies, calling this again, or `resume`, goes
    on from the last finished one; `abandon` takes everything back instead.

    Raises:
        Denied, NothingToPublish, ChangeNotPossible: as `make_plan`.
        ApprovalNeeded: when it would lose something and nobody has approved it.
        AnotherPublish: while another process publishes the same database.
        PlanOutdated: when draft, live release or data have changed since; what was done is taken back.
        DatabaseBusy: when others hold the locks it needs for too long; it can be resumed.
    """
    for plan_id in _leftovers(instance, subject, target, channel):
        abandon(instance, plan_id, subject, channel)
    with instance.write(subject, channel) as uow:  # committed first: a plan refused below can be approved
        plan_id = target if isinstance(target, int) else _plan_for_draft(uow, target)
    with instance.write(subject, channel) as uow:
        run = _begin(uow, plan_id, note)
    return _go_on(run)


def resume(instance: Instance, plan_id: int) -> Release:
    """Finish a plan whose process has died, on behalf of the one who began it.

    Raises:
        PlanState: when it has not been begun or is closed.
        AnotherPublish: while a process is at work on it.
    """
    with instance.write(SYSTEM, Channel.API) as uow:
        plan = load_plan(uow.conn, plan_id, lock=True)
        if plan.state is State.SWAPPED:
            return _release_of(uow, plan)
        if plan.state not in UNFINISHED or "publish" not in plan.report:
            raise PlanState(plan=plan_id, state=plan.state, act="resumed")
        owner = take_lease(uow, plan)
    by = plan.report["publish"]
    publisher = Subject(id=by["id"], name=by["by"])
    return _go_on(Run(instance, publisher, Channel(by["channel"]), plan_id, plan.definition_id, owner))


def _leftovers(instance: Instance, subject: Subject, target: str | int, channel: Channel) -> list[int]:
    """Plans of the same database that died half-way and that publishing `target` does not go on with."""
    with instance.read(subject, channel) as uow:
        code = target if isinstance(target, str) else load_plan(uow.conn, target).code
        require(uow, Action.DESIGN, code)
        others = [plan for plan in open_plans(uow.conn, definition_id_of(uow.conn, code)) if plan.begun]
        for other in others:
            if other.leased(uow.at):
                raise another_publish(other)
        return [plan.id for plan in others if not _goes_on(uow, plan, target)]


def _goes_on(uow: UnitOfWork, plan: Plan, target: str | int) -> bool:
    """Whether publishing `target` means `plan`."""
    if plan.state not in UNFINISHED:
        return False
    return plan.id == target if isinstance(target, int) else fits_draft(uow.conn, plan)


def _plan_for_draft(uow: UnitOfWork, code: str) -> int:
    """The latest plan for the draft as it is, or a new one."""
    plans = open_plans(uow.conn, definition_id_of(uow.conn, code))
    fitting = [plan.id for plan in plans if _goes_on(uow, plan, code)]
    return fitting[-1] if fitting else make_plan(uow, code).id


def _begin(uow: UnitOfWork, plan_id: int, note: str) -> Run:
    """Take the lease, unless something speaks against publishing the plan."""
    definition_id = load_plan(uow.conn, plan_id).definition_id
    live = definition_row(uow.conn, definition_id, lock=True).live_release_id
    plan = load_plan(uow.conn, plan_id, lock=True)
    if plan.state is State.SUPERSEDED:
        check_current(uow.conn, plan)
    if plan.state not in UNFINISHED:
        raise PlanState(plan=plan_id, state=plan.state, act="published")
    for other in open_plans(uow.conn, definition_id):
        if other.begun and other.id != plan_id:
            raise another_publish(other)
    check_current(uow.conn, plan)
    if plan.needs_approval:
        costly = sum(operation.safety is not Safety.SAFE for operation in plan.operations)
        raise ApprovalNeeded(plan=plan_id, operations=costly)
    owner = take_lease(uow, plan)
    if "publish" not in plan.report:
        _note_begin(uow, plan, live, note)
    elif note:
        begun = plan.report["publish"] | {"note": note}
        save_progress(uow.conn, plan.id, report=dict(plan.report) | {"publish": begun})
    return Run(uow.instance, uow.subject, uow.channel, plan_id, definition_id, owner)


def _note_begin(uow: UnitOfWork, plan: Plan, live_release_id: int | None, note: str) -> None:
    """Keep who publishes and why, for those who come later, and the mapping that the plan starts from."""
    by = {"id": uow.subject.id, "by": uow.subject.name, "channel": uow.channel.value}
    report = dict(plan.report) | {"publish": by | {"at": uow.at.isoformat(), "note": note}}
    mapping: Any = {"types": {}}
    if live_release_id is not None:
        c = definition_release.c
        mapping = uow.conn.execute(select(c.mapping).where(c.id == live_release_id)).scalar_one()
    save_progress(uow.conn, plan.id, report=report, mapping=mapping)


def _go_on(run: Run) -> Release:
    """Take the steps that are left. An outdated plan is taken back; after other failures it can go on."""
    try:
        return _take_steps(run)
    except PlanOutdated as error:
        roll_back(run, error)
        raise
    except Exception as error:
        # Should the database be out of reach, the lease simply runs out.
        with suppress(SQLAlchemyError, ZhenshuError):
            _let_go(run, error)
        raise


def _take_steps(run: Run) -> Release:
    with run.instance.read(run.subject, run.channel) as uow:
        step = next_step(load_plan(uow.conn, run.plan_id))
    while step is not Step.DONE:
        following = patiently(partial(take_step, run, step), retry=run.postgresql)
        if step is Step.BACKFILL and following is step and not run.postgresql:
            time.sleep(GIVE_WAY)
        step = following
    with run.instance.read(run.subject, run.channel) as uow:
        return _release_of(uow, load_plan(uow.conn, run.plan_id))


def _release_of(uow: UnitOfWork, plan: Plan) -> Release:
    c = definition_release.c
    return load_release(uow.conn, uow.conn.execute(select(c.id).where(c.plan_id == plan.id)).scalar_one())


def _let_go(run: Run, error: Exception) -> None:
    """Give the lease back, so that the plan can be resumed at once, and keep the reason."""
    with run.instance.write(run.subject, run.channel) as uow:
        plan = load_plan(uow.conn, run.plan_id, lock=True)
        if plan.lease_owner == run.owner:
            save_progress(uow.conn, plan.id, lease_until=None, error=reason(error))

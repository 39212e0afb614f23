"""Giving a plan up: what it has done is taken back, one operation a transaction, the latest first."""

from __future__ import annotations

from functools import partial

from metamodel.definitions.access import require
from metamodel.plans.current import KIND
from metamodel.plans.errors import PlanState
from metamodel.plans.exclusive import SHORT_LOCK, patiently
from metamodel.plans.lease import take_lease
from metamodel.plans.states import UNFINISHED, State
from metamodel.plans.steps import Run
from metamodel.plans.store import LEASE, Plan, load_plan, reason, save_progress
from metamodel.plans.take_back import take_back
from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.security.policy import Action, Channel
from zhenshu.security.subject import SYSTEM, Subject


def abandon(
    instance: Instance, plan_id: int, subject: Subject = SYSTEM, channel: Channel = Channel.API
) -> None:
    """Take back whatever an unfinished plan has done, and close it. No stored value is lost by that.

    Raises:
        Denied: without the right to design the database.
        PlanState: when it is closed already.
        AnotherPublish: while a process is at work on it.
    """
    with instance.write(subject, channel) as uow:
        plan = load_plan(uow.conn, plan_id, lock=True)
        require(uow, Action.DESIGN, plan.code)
        if plan.state not in (*UNFINISHED, State.FAILED):
            raise PlanState(plan=plan_id, state=plan.state, act="abandoned")
        owner = take_lease(uow, plan)
    roll_back(Run(instance, subject, channel, plan_id, plan.definition_id, owner))


def roll_back(run: Run, error: Exception | None = None) -> None:
    """Take back everything. After a crash in between, `abandon` takes back the rest.

    The plan is `failed` from the first inverse on, so nobody goes on with half of it.
    """
    while patiently(partial(_take_back_latest, run, error), retry=run.postgresql):
        pass


def _take_back_latest(run: Run, error: Exception | None) -> bool:
    """Take back one operation; False when nothing was left and the plan is closed."""
    with run.instance.write(run.subject, run.channel) as uow:
        plan = load_plan(uow.conn, run.plan_id, lock=True)
        if plan.lease_owner != run.owner:
            return False
        why = reason(error) if error else plan.error
        if not plan.inverse:
            _close(uow, plan, why)
            return False
        if run.postgresql:
            uow.conn.execute(SHORT_LOCK)
        take_back(uow.conn, plan.inverse[-1])
        rest = list(plan.inverse[:-1])
        save_progress(
            uow.conn, plan.id, state=State.FAILED, inverse=rest, error=why, lease_until=uow.at + LEASE
        )
        return True


def _close(uow: UnitOfWork, plan: Plan, why: object) -> None:
    save_progress(
        uow.conn, plan.id, state=State.SUPERSEDED, finished_at=uow.at, error=why,
        lease_owner=None, lease_until=None,
    )  # fmt: skip
    record(uow, "abandon", KIND, plan.code, detail={"plan": plan.id})

"""The lease: one process at a time works on a plan, and another may take over when it has died.

Each step checks in its own transaction that it still holds the lease, so one that lost it can do no harm.
"""

from __future__ import annotations

import os
import secrets

from metamodel.plans.errors import AnotherPublish
from metamodel.plans.store import LEASE, Plan, save_progress
from zhenshu.db.unit_of_work import UnitOfWork


def take_lease(uow: UnitOfWork, plan: Plan) -> str:
    """Take the lease of `plan`, whose row this transaction has locked; gives its owner's mark.

    Raises:
        AnotherPublish: while another process holds it.
    """
    if plan.leased(uow.at):
        raise another_publish(plan)
    owner = f"{os.getpid()}-{secrets.token_hex(12)}"
    save_progress(uow.conn, plan.id, lease_owner=owner, lease_until=uow.at + LEASE)
    return owner


def another_publish(plan: Plan) -> AnotherPublish:
    """Who is at work on `plan`, and since when."""
    by = plan.report.get("publish", {})
    who, since = by.get("by", plan.created_by), by.get("at", plan.created_at.isoformat())
    return AnotherPublish(who=who, since=since, code=plan.code)

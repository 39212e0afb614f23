"""Who decides on access to a database: the security administrator, and those who answer for its data."""

from __future__ import annotations

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action, Channel, Denied, Resource
from zhenshu.security.requests.errors import NotForYou
from zhenshu.security.subject import Subject
from zhenshu.security.subjects import holders, load_subject


def may_decide(uow: UnitOfWork, subject: Subject, database: str) -> bool:
    """Whoever reads records may do so only where they may view the whole database themselves."""
    if not subject.may("manage", "grants"):
        return False
    if not subject.may("view", "records"):
        return True
    try:
        uow.instance.policy.scope(subject, Action.VIEW, Resource("records", database), Channel.API, uow.at)
    except Denied:
        return False
    return True


def check_decides(uow: UnitOfWork, database: str) -> None:
    """
    Raises:
        NotForYou: when the subject may not decide on this database.
    """
    if not may_decide(uow, uow.subject, database):
        raise NotForYou(database=database)


def deciders(uow: UnitOfWork, database: str) -> set[int]:
    """Ids of all who may."""
    found = holders(uow.conn, "manage", "grants")
    return {each for each in found if may_decide(uow, load_subject(uow.conn, each), database)}


def security_admins(uow: UnitOfWork) -> set[int]:
    """Those who manage grants and never read a record."""
    return holders(uow.conn, "manage", "grants") - holders(uow.conn, "view", "records")

"""Who may see and change definitions: the policy decides, denied by default."""

from __future__ import annotations

from typing import Final

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action, Denied, Resource, Scope, Visibility

RESOURCE_KIND: Final = "databases"  # also of field libraries and value sets, which databases are made of


def require(uow: UnitOfWork, action: Action, code: str) -> None:
    """
    Raises:
        Denied: when the subject of `uow` may not do `action` with the definition `code`.
    """
    uow.instance.policy.scope(uow.subject, action, Resource(RESOURCE_KIND, code), uow.channel, uow.at)


def require_whole(uow: UnitOfWork, kind: str, code: str) -> None:
    """For all that a definition says, in its draft and in every release.

    A database's is for those who work on it, and for those who may view records of all its types and know of
    all their fields. Field libraries and the like belong to no database.

    Raises:
        Denied: when the subject may not read it.
    """
    require(uow, Action.VIEW, code)
    if kind == "database" and not (_works_on(uow, code) or _views_all(uow, code)):
        raise Denied(action=Action.VIEW.value, resource=code)


def _works_on(uow: UnitOfWork, code: str) -> bool:
    return any(_scope(uow, each, RESOURCE_KIND, code) for each in (Action.DESIGN, Action.APPROVE))


def _views_all(uow: UnitOfWork, code: str) -> bool:
    found = _scope(uow, Action.VIEW, "records", code)
    return found is not None and found.visibility("identifying") is not Visibility.HIDE


def _scope(uow: UnitOfWork, action: Action, kind: str, code: str) -> Scope | None:
    try:
        return uow.instance.policy.scope(uow.subject, action, Resource(kind, code), uow.channel, uow.at)
    except Denied:
        return None

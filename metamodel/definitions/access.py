"""Who may see and change definitions: the policy decides, denied by default."""

from __future__ import annotations

from typing import Final

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action, Resource

RESOURCE_KIND: Final = "databases"  # also of field libraries and value sets, which databases are made of


def require(uow: UnitOfWork, action: Action, code: str) -> None:
    """
    Raises:
        Denied: when the subject of `uow` may not do `action` with the definition `code`.
    """
    uow.instance.policy.scope(uow.subject, action, Resource(RESOURCE_KIND, code), uow.channel, uow.at)

"""Subjects for tests that are not about grants: what their roles permit, they may do with all data."""

from __future__ import annotations

from collections.abc import Iterable

from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel, Grant, Subject
from zhenshu.security.grants.model import ACTIONS, CLEAR
from zhenshu.security.grants.standing import give_standing

EVERYTHING = Grant(0, "", frozenset(ACTIONS), CLEAR, "standing")
DATA_ROLES = ("research_admin", "researcher", "reader")


def a_subject(id: int | None, name: str, permissions: Iterable[tuple[str, str]] = ()) -> Subject:
    """Somebody with these permissions and a grant on everything."""
    return Subject(id, name, permissions=frozenset(permissions), grants=(EVERYTHING,))


def everything_to_all(instance: Instance) -> None:
    """Standing grants on all data for each role that works with data."""
    with instance.write(SYSTEM, Channel.API) as uow:
        give_standing(uow, DATA_ROLES)

"""Standing grants: what roles hold on all data, without an end, until somebody revokes them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

from sqlalchemy import insert, select

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.grant import HIGHEST_GRADE
from zhenshu.security.grants.model import ACTIONS, CLEAR, MASKED, kind_of
from zhenshu.security.grants.tables import access_grant
from zhenshu.security.roles import BY_NAME

AT_INIT: Final = ("research_admin",)  # whose role it is to make databases


def give_standing(
    uow: UnitOfWork, roles: Iterable[str], resources: Iterable[str] = ("",), *,
    classes: Mapping[str, str] = CLEAR, reason: str = "Comes with the role. 随角色而来。",
) -> None:  # fmt: skip
    """Give each role all that it may at most, on each resource; not again where it ever had one.

    What a role's list does not permit is not given: nobody should read of a grant more than it does.
    """
    for resource in resources:
        for role in roles:
            if not _had(uow, role, resource):
                _give(uow, role, resource, classes, reason)


def within_role(role: str, classes: Mapping[str, str]) -> tuple[list[str], Mapping[str, str]]:
    """The actions and field classes that a role's list permits; all where the role is not of the list."""
    spec = BY_NAME.get(role)
    if spec is None:
        return list(ACTIONS), classes
    actions = [each for each in ACTIONS if (each, kind_of(each)) in spec.permissions]
    sees = ("identify", "records") in spec.permissions
    return actions, classes if sees or classes["identifying"] != CLEAR["identifying"] else MASKED


def _had(uow: UnitOfWork, role: str, resource: str) -> bool:
    """Whether it was ever given: one that somebody revoked does not come back at the next `init`."""
    c = access_grant.c
    of_role = c.subject_kind == "role", c.subject_value == role
    query = select(c.id).where(c.kind == "standing", *of_role, c.resource == resource)
    return uow.conn.execute(query).first() is not None


def _give(uow: UnitOfWork, role: str, resource: str, classes: Mapping[str, str], reason: str) -> None:
    actions, classes = within_role(role, classes)
    if not actions:
        return
    values = {
        "kind": "standing",
        "subject_kind": "role",
        "subject_value": role,
        "duty": "",
        "resource": resource,
        "actions": actions,
        "own": False,
        "row_rule": "",
        "classes": dict(classes),
        "grade": HIGHEST_GRADE,
        "starts_at": uow.at,
        "reason": reason,
        "granted_by": uow.subject.id,
        "granted_by_name": uow.subject.name,
        "granted_at": uow.at,
    }
    grant_id = uow.conn.execute(insert(access_grant).returning(access_grant.c.id), values).scalar_one()
    detail = {"kind": "standing", "subject": f"role:{role}", "resource": resource}
    record(uow, "grant", "grants", str(grant_id), detail=detail)

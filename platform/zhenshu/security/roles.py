"""The roles that ship, with what each may do: one visible list, written to the database by `sync_roles`."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    ViewMenu,
    assoc_permissionview_role,
)
from sqlalchemy import Connection, delete, insert, select

from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

if TYPE_CHECKING:
    from zhenshu.instance import Instance
    from zhenshu.rooms import Room

Pair = tuple[str, str]  # (action, resource kind)


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """A role: its stable name, its labels, and what it permits."""

    name: str
    zh: str
    en: str
    permissions: frozenset[Pair]


def _permits(**actions: str) -> frozenset[Pair]:
    """{resource kind: "action action"} as pairs."""
    return frozenset((action, kind) for kind, words in actions.items() for action in words.split())


ROLES: Sequence[RoleSpec] = (
    RoleSpec(
        "hospital_admin", "医院管理员", "Hospital administrator",
        _permits(users="view manage", jobs="view manage", databases="view"),
    ),
    RoleSpec(
        "research_admin", "科研管理员", "Research administrator",
        _permits(
            databases="view design approve",
            records="view add edit delete download export approve identify emergency",
            files="view download",
            jobs="view",
            grants="view manage",
            projects="view",
        ),
    ),
    RoleSpec(
        "researcher", "科研人员", "Researcher",
        _permits(databases="view", records="view add edit export emergency"),
    ),
    RoleSpec("reader", "阅览者", "Reader", _permits(databases="view", records="view")),
    RoleSpec(
        "security_admin", "安全管理员", "Security administrator",
        _permits(users="view", grants="view manage", projects="view manage", account_policy="manage"),
    ),
    RoleSpec("audit_admin", "审计管理员", "Audit administrator", _permits(audit="view")),
)  # fmt: skip

# The three administrators of China's MLPS level 3 (等保三级): nobody may be two of them, nor one of them and
# hold a role that reaches records.
EXCLUSIVE = frozenset({"hospital_admin", "security_admin", "audit_admin"})
DATA = frozenset({"records", "files"})  # kinds of resources that hold what patients told

BY_NAME = {role.name: role for role in ROLES}


def sync_roles(instance: Instance, rooms: Sequence[Room]) -> None:
    """Write the roles and every room's permissions to the database; safe to run again.

    A role that ships gets exactly its list. Roles that people made keep what they were given.
    """
    offered = {(p.action, p.resource_kind) for room in rooms for p in room.permissions}
    with instance.write(SYSTEM, Channel.LOG) as uow:
        pairs = _write_permissions(uow.conn, offered.union(*(role.permissions for role in ROLES)))
        for role in ROLES:
            _write_role(uow.conn, role, pairs)


def _write_permissions(conn: Connection, wanted: Iterable[Pair]) -> dict[Pair, int]:
    """Make the missing ones; the id of each permission on a resource kind."""
    wanted = sorted(set(wanted))
    actions = _write_names(conn, Permission, {action for action, _ in wanted})
    kinds = _write_names(conn, ViewMenu, {kind for _, kind in wanted})
    table = PermissionView.__table__
    rows = conn.execute(select(table.c.permission_id, table.c.view_menu_id))
    present = {(row.permission_id, row.view_menu_id) for row in rows}
    missing = [
        {"permission_id": actions[action], "view_menu_id": kinds[kind]}
        for action, kind in wanted
        if (actions[action], kinds[kind]) not in present
    ]
    if missing:
        conn.execute(insert(PermissionView), missing)
    rows = conn.execute(select(table.c.id, table.c.permission_id, table.c.view_menu_id))
    ids = {(row.permission_id, row.view_menu_id): row.id for row in rows}
    return {(action, kind): ids[actions[action], kinds[kind]] for action, kind in wanted}


def _write_names(conn: Connection, model: Any, names: Iterable[str]) -> dict[str, int]:
    """Make the missing rows of a table of names; the id of each."""
    table = model.__table__
    present = {row.name: row.id for row in conn.execute(select(table.c.id, table.c.name))}
    missing = [{"name": name} for name in sorted(set(names) - set(present))]
    if missing:
        conn.execute(insert(table), missing)
    return {row.name: row.id for row in conn.execute(select(table.c.id, table.c.name))}


def _write_role(conn: Connection, role: RoleSpec, pairs: dict[Pair, int]) -> None:
    role_id = _write_names(conn, Role, [role.name])[role.name]
    held = assoc_permissionview_role
    wanted = {pairs[pair] for pair in role.permissions}
    present = set(conn.scalars(select(held.c.permission_view_id).where(held.c.role_id == role_id)))
    for extra in present - wanted:
        conn.execute(delete(held).where(held.c.role_id == role_id, held.c.permission_view_id == extra))
    missing = [{"role_id": role_id, "permission_view_id": pair} for pair in sorted(wanted - present)]
    if missing:
        conn.execute(insert(held), missing)

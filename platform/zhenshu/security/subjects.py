"""Loading a subject: a user with what the user's roles permit, as the database says right now."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime
from typing import Any

from flask_appbuilder.security.sqla.models import (
    Permission,
    PermissionView,
    Role,
    User,
    ViewMenu,
    assoc_permissionview_role,
    assoc_user_role,
)
from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, or_, select

from zhenshu.db.types import UtcDateTime
from zhenshu.errors import NotFound
from zhenshu.security.grant import Grant
from zhenshu.security.grants.loading import load_grants, load_grants_of
from zhenshu.security.subject import Subject
from zhenshu.security.tables import account

users = User.__table__

_NOW = bindparam("now", callable_=lambda: datetime.now(UTC), type_=UtcDateTime())


def active_users(*columns: ColumnElement[Any]) -> Select[Any]:
    """A query of who may act now and `columns`: a row per permission, so that one round trip tells all."""
    held = assoc_permissionview_role
    names = (Role.name.label("role"), Permission.name.label("action"), ViewMenu.name.label("kind"))
    return (
        select(users.c.id.label("user_id"), users.c.username, account.c.language, *names, *columns)
        .select_from(users)
        .join(account, account.c.user_id == users.c.id)
        .outerjoin(assoc_user_role, assoc_user_role.c.user_id == users.c.id)
        .outerjoin(Role, Role.id == assoc_user_role.c.role_id)
        .outerjoin(held, held.c.role_id == Role.id)
        .outerjoin(PermissionView, PermissionView.id == held.c.permission_view_id)
        .outerjoin(Permission, Permission.id == PermissionView.permission_id)
        .outerjoin(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
        .where(users.c.active.is_(True), or_(account.c.expires_at.is_(None), account.c.expires_at > _NOW))
    )


_by_id = active_users().where(users.c.id == bindparam("user_id"))


def load_subject(conn: Connection, user_id: int, address: str = "", language: str = "zh") -> Subject:
    """The active user `user_id` as a subject. `language` is for users who chose none.

    Raises:
        NotFound: when there is no such user or the user was deactivated.
    """
    rows = conn.execute(_by_id, {"user_id": user_id}).all()
    if not rows:
        raise NotFound(kind="user", kind_zh="用户", name=user_id)
    return subject_of(rows, grants_of(conn, rows), address, language)


def load_subjects(conn: Connection, user_ids: Collection[int]) -> dict[int, Subject]:
    """Those of these users who may act now, by as many queries as for a few of them."""
    rows: dict[int, list[Row[Any]]] = {}
    for row in conn.execute(active_users().where(users.c.id.in_(sorted(user_ids)))):
        rows.setdefault(row.user_id, []).append(row)
    grants = load_grants_of(conn, {user: _roles(own) for user, own in rows.items()})
    return {user: subject_of(own, grants[user], "", "zh") for user, own in rows.items()}


def permitting(conn: Connection) -> dict[tuple[str, str], frozenset[str]]:
    """The names of the roles that permit each (action, resource kind)."""
    held = assoc_permissionview_role.c
    query = (
        select(Role.name.label("role"), Permission.name.label("action"), ViewMenu.name.label("kind"))
        .join(assoc_permissionview_role, held.role_id == Role.id)
        .join(PermissionView, PermissionView.id == held.permission_view_id)
        .join(Permission, Permission.id == PermissionView.permission_id)
        .join(ViewMenu, ViewMenu.id == PermissionView.view_menu_id)
    )
    found: dict[tuple[str, str], set[str]] = {}
    for row in conn.execute(query):
        found.setdefault((row.action, row.kind), set()).add(row.role)
    return {pair: frozenset(roles) for pair, roles in found.items()}


def holders(conn: Connection, action: str, kind: str) -> set[int]:
    """Ids of the active users whose roles permit `action` on resources of `kind`."""
    query = active_users().where(Permission.name == action, ViewMenu.name == kind)
    return {row.user_id for row in conn.execute(query)}


def active_ids(conn: Connection, names: Collection[str]) -> set[int]:
    """Ids of the active users with these user names."""
    return set(conn.scalars(select(users.c.id).where(users.c.username.in_(names), users.c.active.is_(True))))


def grants_of(conn: Connection, rows: Sequence[Row[Any]]) -> tuple[Grant, ...]:
    """The grants that hold now for the one user of the rows that a query of `active_users` gave."""
    return load_grants(conn, rows[0].user_id, _roles(rows))


def _roles(rows: Sequence[Row[Any]]) -> frozenset[str]:
    return frozenset(row.role for row in rows if row.role is not None)


def subject_of(rows: Sequence[Row[Any]], grants: tuple[Grant, ...], address: str, language: str) -> Subject:
    """The one subject of the rows that a query of `active_users` gave."""
    user = rows[0]
    return Subject(
        id=user.user_id,
        name=user.username,
        roles=_roles(rows),
        permissions=frozenset((row.action, row.kind) for row in rows if row.action is not None),
        language=user.language or language,
        address=address,
        grants=grants,
    )

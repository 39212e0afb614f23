"""The grants that hold for a user at this moment, by name, by role and by duties in projects: one query."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import Connection, Row, Select, String, and_, bindparam, cast, or_, select

from zhenshu.db.types import UtcDateTime
from zhenshu.security.grant import Grant
from zhenshu.security.grants.tables import access_grant, project, project_database, project_member

_G, _P, _M, _D = access_grant.c, project.c, project_member.c, project_database.c
_NOW: Final = bindparam("now", callable_=lambda: datetime.now(UTC), type_=UtcDateTime())


_HOLDS: Final = (
    _G.revoked_at.is_(None),
    _G.gone.is_(False),
    _G.starts_at <= _NOW,
    or_(_G.ends_at.is_(None), _G.ends_at > _NOW),
)


def _duties() -> Select[Any]:
    """Who has which duty in which open project, for each of the project's databases."""
    open_now = (
        _M.left_at.is_(None),
        _P.closed_at.is_(None),
        _P.starts_at <= _NOW,
        or_(_P.ends_at.is_(None), _P.ends_at > _NOW),
    )
    return (
        select(_M.user_id, _P.id, _P.project_class, _M.duty, _D.database)
        .join_from(project, project_member, _M.project_id == _P.id)
        .join(project_database, _D.project_id == _P.id)
        .where(*open_now)
    )


def _current() -> Select[Any]:
    work = _duties().where(_M.user_id == bindparam("user_id")).subquery()
    named = or_(
        and_(_G.subject_kind == "project", _G.subject_value == cast(work.c.id, String)),
        and_(_G.subject_kind == "project_class", _G.subject_value == work.c.project_class),
    )
    by_project = and_(named, _G.duty.in_(["", work.c.duty]))
    direct = or_(
        and_(_G.subject_kind == "user", _G.subject_value == bindparam("user_text")),
        and_(_G.subject_kind == "role", _G.subject_value.in_(bindparam("roles", expanding=True))),
    )
    return (
        select(access_grant, work.c.database.label("database"))
        .outerjoin(work, by_project)
        .where(
            *_HOLDS,
            or_(direct, work.c.id.is_not(None)),
        )
        .order_by(_G.id)
    )


_CURRENT: Final = _current()
_DUTIES: Final = _duties().where(_M.user_id.in_(bindparam("users", expanding=True)))
_HOLDING: Final = select(access_grant).where(*_HOLDS).order_by(_G.id)


def load_grants(conn: Connection, user_id: int, roles: Collection[str]) -> tuple[Grant, ...]:
    """The grants that hold now for the user with these roles."""
    values = {"user_id": user_id, "user_text": str(user_id), "roles": sorted(roles)}
    found: dict[int, Row[Any]] = {}
    within: dict[int, set[str]] = {}
    for row in conn.execute(_CURRENT, values):
        found[row.id] = row
        if row.database is not None:
            within.setdefault(row.id, set()).add(row.database)
    return tuple(
        grant_of(row, frozenset(within[id_]) if id_ in within else None) for id_, row in found.items()
    )


def load_grants_of(
    conn: Connection, people: Mapping[int, Collection[str]]
) -> Mapping[int, tuple[Grant, ...]]:
    """The same for many users (id -> roles), by as many queries as for one or two of them."""
    duties: dict[int, list[Row[Any]]] = {}
    for row in conn.execute(_DUTIES, {"users": sorted(people)}):
        duties.setdefault(row.user_id, []).append(row)
    rows = conn.execute(_HOLDING).all()
    return {user: _held(rows, user, roles, duties.get(user, ())) for user, roles in people.items()}


def _held(
    rows: Sequence[Row[Any]], user: int, roles: Collection[str], duties: Sequence[Row[Any]]
) -> tuple[Grant, ...]:
    found = []
    for row in rows:
        match row.subject_kind:
            case "user":
                reached, within = row.subject_value == str(user), None
            case "role":
                reached, within = row.subject_value in roles, None
            case _:
                within = frozenset(duty.database for duty in duties if _by_duty(row, duty))
                reached = bool(within)
        if reached:
            found.append(grant_of(row, within))
    return tuple(found)


def _by_duty(row: Row[Any], duty: Row[Any]) -> bool:
    name = str(duty.id) if row.subject_kind == "project" else duty.project_class
    return row.subject_value == name and row.duty in ("", duty.duty)


def grant_of(row: Row[Any], within: frozenset[str] | None = None) -> Grant:
    """A row of the table as the policy knows it."""
    return Grant(
        row.id,
        row.resource,
        frozenset(row.actions),
        row.classes,
        row.kind,
        row.own,
        row.row_rule,
        row.grade,
        None if row.channels is None else frozenset(row.channels),
        row.starts_at,
        row.ends_at,
        within,
        row.patient_id,
    )

"""Whom a grant can name, and the room that knows what it can be about."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from flask_appbuilder.security.sqla.models import Role, User, assoc_user_role
from sqlalchemy import distinct, func, or_, select

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.grants.tables import project, project_member
from zhenshu.security.roles import BY_NAME

if TYPE_CHECKING:
    from zhenshu.instance import Instance
    from zhenshu.rooms import Room

_CHECK: Final = "security.grant_check"
_users = User.__table__

# Raises when a resource's path names nothing, or a row rule does not fit all that is in it. The id of the
# record type that the path names, if it names one.
GrantCheck = Callable[[UnitOfWork, str, str], str | None]


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a grant is for, by name."""

    kind: str
    value: str
    zh: str
    en: str


def bind_grant_check(instance: Instance, rooms: Iterable[Room]) -> None:
    """Let the room that knows databases judge what grants are about."""
    for room in rooms:
        if room.grant_check is not None:
            instance.memo[_CHECK] = room.grant_check


def grant_check(instance: Instance) -> GrantCheck | None:
    found: GrantCheck | None = instance.memo.get(_CHECK)
    return found


def require_subject(uow: UnitOfWork, kind: str, value: str) -> None:
    """
    Raises:
        NotFound: when there is no such user, role, project or class of projects.
    """
    if not _is_there(uow, kind, value):
        raise NotFound(kind=kind.replace("_", " "), kind_zh="授权对象", name=value)


def _is_there(uow: UnitOfWork, kind: str, value: str) -> bool:
    condition = _named(kind, value)
    if condition is None:
        return False
    return uow.conn.execute(select(func.count()).where(condition)).scalar_one() > 0


def _named(kind: str, value: str) -> Any:
    """The condition under which it is there; None when the value can't name one."""
    number = int(value) if value.isascii() and value.isdigit() and len(value) < 10 else None
    match kind:
        case "user" if number is not None:
            return _users.c.id == number
        case "role":
            return Role.name == value
        case "project" if number is not None:
            return project.c.id == number
        case "project_class":
            return project.c.project_class == value
    return None


def users_of(uow: UnitOfWork, kind: str, value: str, duty: str) -> int:
    """How many active users a grant for this subject is for now."""
    active = _users.c.active.is_(True)
    match kind:
        case "user":
            query = select(func.count()).where(_users.c.id == int(value), active)
        case "role":
            query = (
                select(func.count(distinct(_users.c.id)))
                .join(assoc_user_role, assoc_user_role.c.user_id == _users.c.id)
                .join(Role, Role.id == assoc_user_role.c.role_id)
                .where(Role.name == value, active)
            )
        case _:
            member = project_member.c
            named = (
                project.c.project_class == value if kind == "project_class" else project.c.id == int(value)
            )
            query = (
                select(func.count(distinct(_users.c.id)))
                .join(project_member, member.user_id == _users.c.id)
                .join(project, project.c.id == member.project_id)
                .where(named, active, member.left_at.is_(None), project.c.closed_at.is_(None))
            )
            if duty:
                query = query.where(member.duty == duty)
    return uow.conn.execute(query).scalar_one()


def find_parties(uow: UnitOfWork, text: str, limit: int = 20) -> list[Party]:
    """Roles, users, projects and classes of projects whose name or code has `text`."""
    wanted = text.strip().lower()
    found = [
        Party("role", role.name, role.zh, role.en)
        for role in BY_NAME.values()
        if any(wanted in name.lower() for name in (role.name, role.zh, role.en))
    ]
    like = func.lower(_users.c.username).contains(wanted, autoescape=True)
    shown = func.lower(_users.c.first_name).contains(wanted, autoescape=True)
    people = select(_users.c.id, _users.c.first_name, _users.c.username).where(_users.c.active.is_(True))
    for row in uow.conn.execute(people.where(or_(like, shown)).order_by(_users.c.username).limit(limit)):
        name = row.first_name or row.username
        found.append(Party("user", str(row.id), name, name))
    projects = uow.conn.execute(select(project).where(project.c.closed_at.is_(None)).order_by(project.c.id))
    classes: dict[str, None] = {}
    for row in projects:
        names = (row.code, row.label.get("zh", ""), row.label.get("en", ""))
        if any(wanted in name.lower() for name in names):
            found.append(Party("project", str(row.id), names[1] or row.code, names[2] or row.code))
        if wanted in row.project_class.lower():
            classes[row.project_class] = None
    return [*found, *(Party("project_class", name, name, name) for name in classes)][: 2 * limit]


def name_parties(uow: UnitOfWork, wanted: Sequence[tuple[str, str]]) -> dict[tuple[str, str], Party]:
    """The names of these (kind, value) pairs; what is gone is called by its value."""
    users = [int(value) for kind, value in wanted if kind == "user"]
    projects = [int(value) for kind, value in wanted if kind == "project"]
    named: dict[tuple[str, str], tuple[str, str]] = {}
    columns = (_users.c.id, _users.c.first_name, _users.c.username)
    for row in uow.conn.execute(select(*columns).where(_users.c.id.in_(users))) if users else ():
        name = row.first_name or row.username
        named["user", str(row.id)] = name, name
    query = select(project.c.id, project.c.code, project.c.label).where(project.c.id.in_(projects))
    for row in uow.conn.execute(query) if projects else ():
        named["project", str(row.id)] = row.label.get("zh") or row.code, row.label.get("en") or row.code
    for role in BY_NAME.values():
        named["role", role.name] = role.zh, role.en
    return {
        (kind, value): Party(kind, value, *named.get((kind, value), (value, value))) for kind, value in wanted
    }

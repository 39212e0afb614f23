"""Projects as they stand, with those who are in them now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, Row, select

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.grants.tables import project, project_database, project_member

STATES: Final = ("future", "open", "ended", "closed")
_users = User.__table__
_c = project.c


@dataclass(frozen=True, slots=True)
class Member:
    """A duty of a user in a project."""

    id: int
    user_id: int
    name: str
    display_name: str
    duty: str
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True, slots=True)
class Project:
    """A project with its databases (codes) and its members of now."""

    id: int
    version: int
    code: str
    label: Mapping[str, str]
    project_class: str
    state: str
    starts_at: datetime
    ends_at: datetime | None
    closed_at: datetime | None
    created_by_name: str
    created_at: datetime
    databases: Sequence[str]
    members: Sequence[Member]


def get_project(uow: UnitOfWork, project_id: int) -> Project:
    """
    Raises:
        NotFound: when there is none.
    """
    rows = uow.conn.execute(select(project).where(_c.id == project_id)).all()
    if not rows:
        raise NotFound(kind="project", kind_zh="项目", name=project_id)
    return _whole(uow, rows)[0]


def list_projects(
    uow: UnitOfWork, state: str = "", project_class: str = "", after: int = 0, limit: int = 50
) -> list[Project]:
    """In the order they were made, after the id `after`."""
    conditions = [_c.id > after, *_in_state(state, uow.at)]
    if project_class:
        conditions.append(_c.project_class == project_class)
    query = select(project).where(*conditions).order_by(_c.id).limit(limit)
    return _whole(uow, uow.conn.execute(query).all())


def own_projects(uow: UnitOfWork) -> list[tuple[str, Mapping[str, str]]]:
    """(code, label) of the open projects that the subject is a member of."""
    c, m = project.c, project_member.c
    mine = select(m.project_id).where(m.user_id == uow.subject.id, m.left_at.is_(None))
    query = select(c.code, c.label).where(c.id.in_(mine), *_in_state("open", uow.at)).order_by(c.code)
    return [(row.code, row.label) for row in uow.conn.execute(query)]


def _in_state(state: str, at: datetime) -> list[ColumnElement[bool]]:
    running = _c.ends_at.is_(None) | (_c.ends_at > at)
    match state:
        case "closed":
            return [_c.closed_at.is_not(None)]
        case "ended":
            return [_c.closed_at.is_(None), ~running]
        case "future":
            return [_c.closed_at.is_(None), running, _c.starts_at > at]
        case "open":
            return [_c.closed_at.is_(None), running, _c.starts_at <= at]
    return []


def _whole(uow: UnitOfWork, rows: Sequence[Row[Any]]) -> list[Project]:
    ids = [row.id for row in rows]
    members: dict[int, list[Member]] = defaultdict(list)
    databases: dict[int, list[str]] = defaultdict(list)
    if ids:
        m = project_member.c
        people = select(project_member, _users.c.username, _users.c.first_name).join(
            _users, _users.c.id == m.user_id
        )
        for row in uow.conn.execute(people.where(m.project_id.in_(ids), m.left_at.is_(None)).order_by(m.id)):
            one = Member(
                row.id, row.user_id, row.username, row.first_name, row.duty, row.joined_at, row.left_at
            )
            members[row.project_id].append(one)
        d = project_database.c
        for row in uow.conn.execute(
            select(project_database).where(d.project_id.in_(ids)).order_by(d.database)
        ):
            databases[row.project_id].append(row.database)
    return [_project(row, databases[row.id], members[row.id], uow.at) for row in rows]


def _project(row: Row[Any], databases: Sequence[str], members: Sequence[Member], at: datetime) -> Project:
    if row.closed_at is not None:
        state = "closed"
    elif row.ends_at is not None and row.ends_at <= at:
        state = "ended"
    else:
        state = "future" if row.starts_at > at else "open"
    return Project(
        row.id, row.version, row.code, row.label, row.project_class, state, row.starts_at, row.ends_at,
        row.closed_at, row.created_by_name, row.created_at, databases, members,
    )  # fmt: skip

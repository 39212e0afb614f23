"""Making and changing projects. Each act is an entry of the trail, and holds for grants at once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, insert, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.grants.model import DUTIES
from zhenshu.security.grants.parties import grant_check, require_subject
from zhenshu.security.grants.tables import project, project_database, project_member
from zhenshu.security.projects.errors import ProjectChanged, ProjectClosed, ProjectExists, ProjectWrong
from zhenshu.security.projects.reading import Project, get_project

CODE: Final = "^[A-Za-z0-9][A-Za-z0-9_.-]{0,63}$"
KIND: Final = "projects"
_c, _m = project.c, project_member.c


@dataclass(frozen=True, slots=True)
class NewProject:
    """What a person gives a project. `databases` are codes."""

    code: str
    label: Mapping[str, str]
    project_class: str
    starts_at: datetime | None = None  # None: now
    ends_at: datetime | None = None
    databases: Sequence[str] = ()


def add_project(uow: UnitOfWork, new: NewProject) -> Project:
    """
    Raises:
        ProjectExists, ProjectWrong, NotFound.
    """
    if not re.fullmatch(CODE, new.code):
        raise ProjectWrong(
            reason="its code has letters, digits or . _ -", reason_zh="编号只能用字母、数字和 . _ -"
        )
    if uow.conn.execute(select(_c.id).where(_c.code == new.code)).first():
        raise ProjectExists(code=new.code)
    starts_at = new.starts_at or uow.at
    _check_dates(starts_at, new.ends_at)
    values = {
        "code": new.code,
        "label": dict(new.label),
        "project_class": new.project_class,
        "starts_at": starts_at,
        "ends_at": new.ends_at,
        "created_by": uow.subject.id,
        "created_by_name": uow.subject.name,
        "created_at": uow.at,
        "version": 1,
    }
    made = uow.conn.execute(insert(project).returning(_c.id), values).scalar_one()
    _write_databases(uow, made, new.databases)
    record(uow, "add", KIND, str(made), detail={"code": new.code, "databases": list(new.databases)})
    return get_project(uow, made)


def change_project(uow: UnitOfWork, project_id: int, version: int, changes: Mapping[str, Any]) -> Project:
    """Change what is given of `label`, `project_class`, `starts_at`, `ends_at` and `databases`.

    Raises:
        NotFound, ProjectChanged, ProjectClosed, ProjectWrong.
    """
    before = _open(uow, project_id)
    _check_dates(changes.get("starts_at", before.starts_at), changes.get("ends_at", before.ends_at))
    values = {name: value for name, value in changes.items() if name != "databases"}
    _write(uow, project_id, version, values)
    if "databases" in changes:
        _write_databases(uow, project_id, changes["databases"])
    detail = {"databases": list(changes["databases"])} if "databases" in changes else None
    record(uow, "edit", KIND, str(project_id), fields=sorted(changes), detail=detail)
    return get_project(uow, project_id)


def close_project(uow: UnitOfWork, project_id: int) -> Project:
    """End a project for good: grants to its members reach nothing any more.

    Raises:
        NotFound, ProjectClosed.
    """
    before = _open(uow, project_id)
    _write(uow, project_id, before.version, {"closed_at": uow.at})
    record(uow, "close", KIND, str(project_id))
    return get_project(uow, project_id)


def add_member(uow: UnitOfWork, project_id: int, user_id: int, duty: str) -> Project:
    """
    Raises:
        NotFound, ProjectClosed, ProjectWrong.
    """
    found = _open(uow, project_id)
    require_subject(uow, "user", str(user_id))
    if duty not in DUTIES:
        raise ProjectWrong(reason="there is no such duty", reason_zh="没有这种职责")
    if user_id == uow.subject.id:
        raise ProjectWrong(reason="nobody adds themselves", reason_zh="不能把自己加入项目")
    if any((each.user_id, each.duty) == (user_id, duty) for each in found.members):
        return found
    values = {"project_id": project_id, "user_id": user_id, "duty": duty, "joined_at": uow.at}
    uow.conn.execute(insert(project_member).values(values))
    record(uow, "add_member", KIND, str(project_id), detail={"user": user_id, "duty": duty})
    return get_project(uow, project_id)


def end_membership(uow: UnitOfWork, project_id: int, member_id: int) -> Project:
    """
    Raises:
        NotFound: when nobody has this duty now.
    """
    mine = _m.id == member_id, _m.project_id == project_id, _m.left_at.is_(None)
    if uow.conn.execute(update(project_member).where(*mine).values(left_at=uow.at)).rowcount != 1:
        raise NotFound(kind="member", kind_zh="成员", name=member_id)
    record(uow, "end_membership", KIND, str(project_id), detail={"member": member_id})
    return get_project(uow, project_id)


def _open(uow: UnitOfWork, project_id: int) -> Project:
    found = get_project(uow, project_id)
    if found.closed_at is not None:
        raise ProjectClosed(code=found.code)
    return found


def _write(uow: UnitOfWork, project_id: int, version: int, values: Mapping[str, Any]) -> None:
    changed = update(project).where(_c.id == project_id, _c.version == version)
    if uow.conn.execute(changed.values(**values, version=version + 1)).rowcount != 1:
        raise ProjectChanged()


def _write_databases(uow: UnitOfWork, project_id: int, codes: Sequence[str]) -> None:
    check = grant_check(uow.instance)
    for code in codes:
        if not code or "." in code:
            raise ProjectWrong(reason="a database is named by its code", reason_zh="病种库须以编码指定")
        if check is not None:
            check(uow, code, "")
    uow.conn.execute(delete(project_database).where(project_database.c.project_id == project_id))
    rows = [{"project_id": project_id, "database": code} for code in dict.fromkeys(codes)]
    if rows:
        uow.conn.execute(insert(project_database), rows)


def _check_dates(starts_at: datetime, ends_at: datetime | None) -> None:
    if ends_at is not None and ends_at <= starts_at:
        raise ProjectWrong(reason="it would end before it starts", reason_zh="结束时间早于开始时间")

"""Lists of grants: by subject, resource and state."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, or_, select

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.grants.model import GrantInfo, info_of
from zhenshu.security.grants.tables import access_grant

_c = access_grant.c


@dataclass(frozen=True, slots=True)
class GrantFilter:
    """What is asked of grants; None or "" for all. `resource` finds grants on it and on what is in it."""

    subject_kind: str = ""
    subject_value: str = ""
    resource: str | None = None
    state: str = ""
    kind: str = ""


def list_grants(uow: UnitOfWork, asked: GrantFilter, after: int = 0, limit: int = 50) -> list[GrantInfo]:
    """The newest first, below the id `after`."""
    query = select(access_grant).where(*_conditions(uow, asked))
    if after:
        query = query.where(_c.id < after)
    return [info_of(row, uow.at) for row in uow.conn.execute(query.order_by(_c.id.desc()).limit(limit))]


def _conditions(uow: UnitOfWork, asked: GrantFilter) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if asked.subject_kind:
        found.append(_c.subject_kind == asked.subject_kind)
    if asked.subject_value:
        found.append(_c.subject_value == asked.subject_value)
    if asked.kind:
        found.append(_c.kind == asked.kind)
    if asked.resource is not None:
        below = _c.resource.startswith(f"{asked.resource}.", autoescape=True)
        found.append(or_(_c.resource == asked.resource, below))
    over = and_(_c.ends_at.is_not(None), _c.ends_at <= uow.at)
    match asked.state:
        case "revoked":
            found.append(_c.revoked_at.is_not(None))
        case "ended":
            found += [_c.revoked_at.is_(None), over]
        case "active":
            found += [_c.revoked_at.is_(None), ~over, _c.gone.is_(False), _c.starts_at <= uow.at]
        case "future":
            found += [_c.revoked_at.is_(None), ~over, _c.gone.is_(False), _c.starts_at > uow.at]
        case "closed":
            found += [_c.revoked_at.is_(None), ~over, _c.gone.is_(True)]
    return found

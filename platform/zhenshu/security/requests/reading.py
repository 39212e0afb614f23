"""Reading requests: one, a page of those that one may see, and the process of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.grants.tables import access_grant
from zhenshu.security.requests.deciders import may_decide
from zhenshu.security.requests.model import Request, Step, Wanted
from zhenshu.security.requests.tables import access_request, access_request_step

users = User.__table__
_c = access_request.c


def get_request(uow: UnitOfWork, request_id: int) -> Request:
    """
    Raises:
        NotFound: when there is no such request, or it is neither the subject's own nor theirs to decide.
    """
    row = uow.conn.execute(_all().where(_c.id == request_id)).one_or_none()
    found = row and _request(row, uow.at)
    if not found or not (found.subject_id == uow.subject.id or may_decide(uow, uow.subject, found.database)):
        raise NotFound(kind="request", kind_zh="申请", name=request_id)
    return found


def list_requests(
    uow: UnitOfWork, box: str, state: str = "", after: int = 0, limit: int = 50
) -> list[Request]:
    """Newest first, below the id `after`. `box`: "mine", "waiting" (to be decided), or "all" one may see."""
    conditions = [_box(uow, box), *_in_state(state, uow.at)]
    if after:
        conditions.append(_c.id < after)
    query = _all().where(*conditions).order_by(_c.id.desc()).limit(limit)
    return [_request(row, uow.at) for row in uow.conn.execute(query)]


def count_waiting(uow: UnitOfWork) -> int:
    """How many requests the subject could decide on now."""
    query = select(func.count()).select_from(access_request).where(_box(uow, "waiting"))
    return uow.conn.execute(query).scalar_one()


def steps_of(uow: UnitOfWork, request_id: int) -> list[Step]:
    """The steps of a request, in order."""
    c = access_request_step.c
    query = select(c.at, c.by_id, c.by_name, c.step, c.reason, c.detail).where(c.request_id == request_id)
    return [Step(*row) for row in uow.conn.execute(query.order_by(c.id))]


def _box(uow: UnitOfWork, box: str) -> ColumnElement[bool]:
    own = _c.subject_id == (uow.subject.id or 0)
    if box == "mine":
        return own
    theirs = _c.database.in_(_decided_by(uow))
    if box == "waiting":
        return and_(theirs, ~own, _c.state == "asked")
    return or_(own, theirs)


def _decided_by(uow: UnitOfWork) -> Sequence[str]:
    """Databases that were asked for and whose access the subject decides on."""
    if not uow.subject.may("manage", "grants"):
        return ()
    codes = uow.conn.scalars(select(_c.database).distinct()).all()
    return [code for code in codes if may_decide(uow, uow.subject, code)]


def _all() -> Select[Any]:
    return select(
        access_request,
        users.c.username,
        users.c.first_name,
        access_grant.c.ends_at.label("grant_ends_at"),
        access_grant.c.revoked_at,
    ).select_from(
        access_request.join(users, users.c.id == _c.subject_id).outerjoin(
            access_grant, access_grant.c.id == _c.grant_id
        )
    )


def _in_state(state: str, at: datetime) -> list[ColumnElement[bool]]:
    """Grants end by themselves or are revoked on their own page: what they say counts."""
    g = access_grant.c
    revoked = g.revoked_at.is_not(None)
    over = and_(g.ends_at <= at, ~revoked)
    match state:
        case "":
            return []
        case "granted":
            return [_c.state == "granted", g.ends_at > at, ~revoked]
        case "ended":
            return [or_(_c.state == "ended", and_(_c.state == "granted", over))]
        case "revoked":
            return [or_(_c.state == "revoked", and_(_c.state == "granted", revoked))]
    return [_c.state == state]


def _request(row: Row[Any], at: datetime) -> Request:
    state = row.state
    if state == "granted" and row.revoked_at is not None:
        state = "revoked"
    elif state == "granted" and row.grant_ends_at is not None and row.grant_ends_at <= at:
        state = "ended"
    wanted = Wanted(tuple(row.actions), row.ends_at, row.record_type, row.identifying, row.grade)
    return Request(
        id=row.id,
        subject_id=row.subject_id,
        subject_name=row.username,
        display_name=row.first_name,
        database=row.database,
        wanted=wanted,
        project=row.project,
        reason=row.reason,
        asked_at=row.asked_at,
        state=state,
        grant_id=row.grant_id,
    )

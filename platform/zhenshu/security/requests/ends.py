"""Requests whose grant has ended by itself: the last step of the process, and a notice."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import insert, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.notices import notify
from zhenshu.security.grants.tables import access_grant
from zhenshu.security.policy import Channel
from zhenshu.security.requests import news
from zhenshu.security.requests.tables import access_request, access_request_step
from zhenshu.security.subject import SYSTEM

if TYPE_CHECKING:
    from zhenshu.instance import Instance

_SWEPT = 100  # requests that one sweep ends


def sweep_requests(instance: Instance) -> None:
    """Note the end of granted requests whose time is over or whose grant was revoked elsewhere."""
    c, g = access_request.c, access_grant.c
    with instance.read(SYSTEM, Channel.API) as uow:
        over = (
            select(c.id)
            .join(access_grant, g.id == c.grant_id)
            .where(c.state == "granted", (g.ends_at <= uow.at) | g.revoked_at.is_not(None))
        )
        ids = list(uow.conn.scalars(over.limit(_SWEPT)))
    for request_id in ids:
        with instance.write(SYSTEM, Channel.API) as uow:
            _end(uow, request_id)


def _end(uow: UnitOfWork, request_id: int) -> None:
    c, g = access_request.c, access_grant.c
    query = select(
        c.subject_id, c.database, g.ends_at, g.revoked_at, g.revoked_by, g.revoked_by_name, g.revoke_reason
    )
    row = uow.conn.execute(
        query.join(access_grant, g.id == c.grant_id).where(c.id == request_id, c.state == "granted")
    ).one_or_none()
    if row is None:  # another process was faster
        return
    revoked = row.revoked_at is not None
    step, state = ("revoke", "revoked") if revoked else ("end", "ended")
    uow.conn.execute(update(access_request).where(c.id == request_id).values(state=state))
    values = {
        "request_id": request_id,
        "at": row.revoked_at if revoked else row.ends_at,
        "by_id": row.revoked_by,
        "by_name": row.revoked_by_name or uow.subject.name,
        "step": step,
        "reason": row.revoke_reason or "",
    }
    uow.conn.execute(insert(access_request_step).values(values))
    record(
        uow,
        step,
        "access_request",
        str(request_id),
        detail={"database": row.database, "subject": row.subject_id},
    )
    label = _label(uow, request_id)
    told = (
        news.settled(request_id, "revoke", row.revoked_by_name or uow.subject.name, label, row.database)
        if revoked
        else news.ended(request_id, label, row.database)
    )
    notify(uow, {row.subject_id}, told)


def _label(uow: UnitOfWork, request_id: int) -> dict[str, str]:
    """The database's name as it was when it was asked for."""
    c = access_request_step.c
    detail = uow.conn.scalars(select(c.detail).where(c.request_id == request_id, c.step == "ask")).first()
    label: dict[str, str] = (detail or {}).get("label", {})
    return label

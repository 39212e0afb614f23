"""The acts on a request: ask, grant, refuse, withdraw, revoke. Each is a step and an entry of the trail."""

from __future__ import annotations

from typing import Any

from sqlalchemy import insert, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.notices import notify, withdraw
from zhenshu.security.grants import NewGrant, add_grant, revoke_grant
from zhenshu.security.policy import ACTION_ZH, Action
from zhenshu.security.projects import own_projects
from zhenshu.security.requests import news
from zhenshu.security.requests.deciders import check_decides, deciders
from zhenshu.security.requests.errors import (
    AskedAlready,
    AskWrong,
    OwnRequest,
    RequestSettled,
    WiderThanAsked,
)
from zhenshu.security.requests.model import LONGEST, Request, Wanted
from zhenshu.security.requests.reading import get_request
from zhenshu.security.requests.tables import access_request, access_request_step


def ask(
    uow: UnitOfWork, database: str, wanted: Wanted, reason: str, label: news.Label, project: str = ""
) -> Request:
    """Ask for access, and tell those who can grant it. `label` is the database's, for the notice.

    Raises:
        AskedAlready: when a request of the subject for the same is still undecided.
        AskWrong: when its end is not in the coming year, the subject's roles never permit it, or the subject
            is not in the project.
    """
    assert uow.subject.id is not None
    _check_role(uow, wanted)
    if not uow.at < wanted.ends_at <= uow.at + LONGEST:
        raise AskWrong(reason="the end must lie in the coming year.", reason_zh="到期时间须在今后一年之内。")
    if project and project not in dict(own_projects(uow)):
        raise AskWrong(reason="you are in no such project.", reason_zh="您不是该项目的成员。")
    c = access_request.c
    same = c.subject_id == uow.subject.id, c.database == database, c.record_type == wanted.record_type
    if uow.conn.execute(select(c.id).where(*same, c.state == "asked")).first() is not None:
        raise AskedAlready(database=database)
    values = {
        "subject_id": uow.subject.id,
        "database": database,
        "record_type": wanted.record_type,
        "actions": list(wanted.actions),
        "identifying": wanted.identifying,
        "grade": wanted.grade,
        "project": project,
        "ends_at": wanted.ends_at,
        "reason": reason,
        "asked_at": uow.at,
        "state": "asked",
    }
    made = uow.conn.execute(insert(access_request).values(values).returning(c.id)).scalar_one()
    request = get_request(uow, made)
    _step(uow, request, "ask", reason, wanted.detail() | {"label": dict(label)})
    who = request.display_name or request.subject_name
    notify(uow, deciders(uow, database) - {uow.subject.id}, news.asked(request.id, who, label, database))
    return request


def grant(uow: UnitOfWork, request_id: int, given: Wanted, reason: str, label: news.Label) -> Request:
    """Grant what was asked for, or less of it.

    Raises:
        NotFound, NotForYou, OwnRequest, RequestSettled: when it is not the subject's to decide, or not now.
        WiderThanAsked: when `given` goes beyond what was asked for.
    """
    request = _to_decide(uow, request_id)
    if given.ends_at <= uow.at:
        raise AskWrong(reason="its end has come already.", reason_zh="到期时间已过。")
    if wider := given.wider_than(request.wanted):
        raise WiderThanAsked(what=wider[0], what_zh=wider[1])
    made = add_grant(
        uow,
        NewGrant(
            subject_kind="user", subject_value=str(request.subject_id),
            resource=given.resource(request.database), actions=given.actions,
            classes={"plain": "show", "identifying": "show" if given.identifying else "mask"},
            grade=given.grade, ends_at=given.ends_at, reason=reason or request.reason,
        ),
        kind="request",
        request_id=request.id,
    )  # fmt: skip
    return _settle(uow, request, "grant", reason, label, given.detail(), grant_id=made.id)


def refuse(uow: UnitOfWork, request_id: int, reason: str, label: news.Label) -> Request:
    """
    Raises:
        NotFound, NotForYou, OwnRequest, RequestSettled: when it is not the subject's to decide, or not now.
    """
    return _settle(uow, _to_decide(uow, request_id), "refuse", reason, label)


def revoke(uow: UnitOfWork, request_id: int, reason: str, label: news.Label) -> Request:
    """Take back what was granted; it holds no more from now on.

    Raises:
        NotFound, NotForYou, OwnRequest, RequestSettled: when it is not the subject's to decide, or not now.
    """
    request = _to_decide(uow, request_id, "granted")
    assert request.grant_id is not None
    revoke_grant(uow, request.grant_id, reason)
    return _settle(uow, request, "revoke", reason, label)


def take_back(uow: UnitOfWork, request_id: int) -> Request:
    """Withdraw a request of one's own that nobody has decided yet.

    Raises:
        NotFound: when it is not the subject's own.
        RequestSettled: when it is decided.
    """
    request = get_request(uow, request_id)
    if request.subject_id != uow.subject.id:
        raise OwnRequest()
    _hold(uow, request, "asked")
    return _settle(uow, request, "withdraw", "", {})


def _check_role(uow: UnitOfWork, wanted: Wanted) -> None:
    """No grant can give what the subject's roles don't permit at all."""
    may = uow.subject.may
    beyond = [each for each in wanted.actions if not any(may(each, kind) for kind in _KINDS)]
    if not may("view", "records") or beyond:
        named = ", ".join(beyond or ["view"])
        zh = "、".join(ACTION_ZH[Action(each)] for each in beyond or ["view"])
        raise AskWrong(reason=f"your role never permits {named}.", reason_zh=f"您的角色不允许{zh}。")
    if wanted.identifying and not may("identify", "records"):
        raise AskWrong(reason="your role never shows identities.", reason_zh="您的角色不能查看身份信息。")


_KINDS = ("records", "databases", "files")
STATE_AFTER = {"grant": "granted", "refuse": "refused", "revoke": "revoked", "withdraw": "withdrawn"}


def _to_decide(uow: UnitOfWork, request_id: int, state: str = "asked") -> Request:
    request = get_request(uow, request_id)
    if request.subject_id == uow.subject.id:
        raise OwnRequest()
    check_decides(uow, request.database)
    _hold(uow, request, state)
    return request


def _hold(uow: UnitOfWork, request: Request, state: str) -> None:
    """Keep others from deciding at the same time: one of two gets the row, the other a refusal."""
    c = access_request.c
    if request.state != state:
        raise RequestSettled(request.state)
    mine = update(access_request).where(c.id == request.id, c.state == state).values(state=state)
    if uow.conn.execute(mine).rowcount != 1:
        raise RequestSettled(get_request(uow, request.id).state)


def _settle(
    uow: UnitOfWork, request: Request, step: str, reason: str, label: news.Label,
    detail: dict[str, Any] | None = None, **values: Any,
) -> Request:  # fmt: skip
    state = STATE_AFTER[step]
    c = access_request.c
    uow.conn.execute(update(access_request).where(c.id == request.id).values(state=state, **values))
    _step(uow, request, step, reason, detail)
    withdraw(uow, news.waits_key(request.id))
    if step != "withdraw":
        told = news.settled(request.id, step, uow.subject.name, label, request.database)
        notify(uow, {request.subject_id}, told)
    return get_request(uow, request.id)


def _step(
    uow: UnitOfWork, request: Request, step: str, reason: str, detail: dict[str, Any] | None = None
) -> None:
    values = {
        "request_id": request.id,
        "at": uow.at,
        "by_id": uow.subject.id,
        "by_name": uow.subject.name,
        "step": step,
        "reason": reason,
        "detail": detail,
    }
    uow.conn.execute(insert(access_request_step).values(values))
    told = {name: value for name, value in (detail or {}).items() if name != "label"}
    record(
        uow, step, "access_request", str(request.id),
        detail={"database": request.database, "subject": request.subject_id} | told,
    )  # fmt: skip

"""Looking through another user's eyes: what both may see, for whoever manages grants, and never a write."""

from __future__ import annotations

from dataclasses import replace

from flask import Request

from zhenshu.audit.seldom import record_seldom
from zhenshu.errors import NotFound, ZhenshuError
from zhenshu.instance import Instance
from zhenshu.security.callers import Caller
from zhenshu.security.policy import Channel, Denied
from zhenshu.security.subjects import load_subject
from zhenshu.web.declarations import Endpoint

HEADER = "X-View-As"


class ViewAsReadOnly(ZhenshuError):
    """Through another user's eyes one only looks. Nothing was changed; leave that view first."""

    status = 403
    zh = "以他人视角查看时不能作任何修改。未作任何修改，请先退出该视角。"


def looking_as(
    instance: Instance, endpoint: Endpoint, caller: Caller | None, request: Request
) -> Caller | None:
    """The caller, with the other user's eyes beside the own where the request names one.

    Raises:
        ViewAsReadOnly: when the request is no plain reading.
        Denied: when the caller manages no grants.
        NotFound: when there is no such active user.
    """
    named = request.headers.get(HEADER, "")
    if not named or caller is None or endpoint.is_public:
        return caller
    if not endpoint.only_reads:
        raise ViewAsReadOnly()
    if not caller.subject.may("manage", "grants"):
        raise Denied(action="manage", resource="grants")
    if not (named.isascii() and named.isdigit() and len(named) < 10):
        raise NotFound(kind="user", kind_zh="用户", name=named)
    with instance.write(caller.subject, Channel.API) as uow:
        other = load_subject(uow.conn, int(named))
        # A page asks a dozen addresses, again and again: each is told once in a while.
        detail = {"endpoint": endpoint.path}
        record_seldom(uow, "view_as", "users", named, about=endpoint.path, detail=detail)
    return replace(caller, subject=replace(caller.subject, view_as=other))

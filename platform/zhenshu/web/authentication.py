"""Who a request comes from, and whether it may come in: cookie or bearer token, permission, CSRF."""

from __future__ import annotations

import hmac

from flask import Request

from zhenshu.errors import ZhenshuError
from zhenshu.instance import Instance
from zhenshu.security.callers import Caller, caller_by_cookie, caller_by_token, note_use
from zhenshu.security.policy import Denied
from zhenshu.web.declarations import Endpoint
from zhenshu.web.errors import CsrfFailed, NotSignedIn, PasswordChangeRequired, SecondFactorRequired

COOKIE = "zhenshu_session"
CSRF_HEADER = "X-CSRF-Token"


def identify(instance: Instance, request: Request, in_background: bool = False) -> Caller | None:
    """The caller by bearer token if one is sent, else by cookie; None when neither holds.

    A request that a page makes `in_background` does not keep a login alive.
    """
    bearer = _bearer_token(request)
    cookie = request.cookies.get(COOKIE, "")
    if not bearer and not cookie:
        return None
    address = request.remote_addr or ""
    if bearer:
        caller = caller_by_token(instance, bearer, address)
    else:
        caller = caller_by_cookie(instance, cookie, address)
    if caller is not None and not in_background:
        note_use(instance, caller)
    return caller


def _bearer_token(request: Request) -> str:
    scheme, _, token = request.headers.get("Authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def admit(endpoint: Endpoint, caller: Caller | None, request: Request) -> None:
    """Let the request in.

    Raises:
        NotSignedIn, Denied, PasswordChangeRequired, SecondFactorRequired, CsrfFailed.
    """
    if error := _refusal(endpoint, caller, request):
        raise error


def _refusal(endpoint: Endpoint, caller: Caller | None, request: Request) -> ZhenshuError | None:
    if endpoint.is_public:
        return None
    if caller is None:
        return NotSignedIn()
    if caller.must_change_password and not endpoint.before_password_change:
        return PasswordChangeRequired()
    if caller.must_enrol and not endpoint.before_password_change:
        return SecondFactorRequired()
    if isinstance(endpoint.needs, tuple) and not caller.subject.may(*endpoint.needs):
        action, kind = endpoint.needs
        return Denied(action=action, resource=kind)
    if caller.session_id is not None and not endpoint.is_safe and not _has_csrf(caller, request):
        return CsrfFailed()
    return None


def _has_csrf(caller: Caller, request: Request) -> bool:
    sent = request.headers.get(CSRF_HEADER, "")
    return hmac.compare_digest(sent.encode(), caller.csrf.encode())

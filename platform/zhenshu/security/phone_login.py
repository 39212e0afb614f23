"""Signing in by phone: a code of six digits, sent to the number, for five minutes and one use.

Whether somebody has the number is told by nothing: the same is written, and the same answered.
"""

from __future__ import annotations

import hmac
import logging
import secrets
import threading
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, or_, select

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.security.account_policy import account_policy
from zhenshu.security.directory.recheck import is_present
from zhenshu.security.gateways import Gateway, gateway_of
from zhenshu.security.login import Login, note_success
from zhenshu.security.people import get_user, users
from zhenshu.security.phones import normal_phone, phone_index
from zhenshu.security.policy import Channel
from zhenshu.security.second_factor import is_enrolled, is_required
from zhenshu.security.sessions import end_session, open_session
from zhenshu.security.subject import Subject
from zhenshu.security.tables import account, login_code
from zhenshu.security.throttle import count_attempt, forgive, lock_if_exhausted, refuse

if TYPE_CHECKING:
    from zhenshu.instance import Instance

log = logging.getLogger(__name__)

LASTS = timedelta(minutes=5)
DIGITS = 6


class NoGateway(ZhenshuError):
    """Signing in by phone is not set up here. Sign in by name and password."""

    status = 404
    zh = "本系统未开通手机验证码登录，请使用用户名和密码登录。"


class WrongLoginCode(ZhenshuError):
    """The code is wrong, used or older than 5 minutes. Ask for a new one."""

    status = 401
    zh = "验证码错误、已使用或已超过 5 分钟，请重新获取。"


class PhoneNotEnough(ZhenshuError):
    """Your role asks for a second factor: sign in by name, password and its code."""

    status = 403
    zh = "您的角色要求使用动态口令，请用用户名、密码和动态口令登录。"


def send_code(instance: Instance, phone: str, address: str, request_id: str = "") -> None:
    """Send a new code to `phone` if a user has it; an earlier one is void.

    Raises:
        NoGateway, BadPhone.
        TooManyAttempts: when the number or the address asked too often, whether a user has it or not.
    """
    gateway = gateway_of(instance)
    if gateway is None:
        raise NoGateway
    number = normal_phone(phone)
    index, code = phone_index(instance, number), f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"
    nobody = Subject(None, "nobody", address=address)
    with instance.write(nobody, Channel.API, request_id=request_id) as uow:
        wait = count_attempt(uow, f"send\0{index}", address, account_policy(uow))
        user_id = _holder(uow, index)
        if wait is None:
            _keep(uow, index, user_id, code)
        outcome = "done" if wait is None else "locked"
        record(uow, "send_code", "sessions", f"user:{user_id}" if user_id else "", outcome=outcome)
    if wait is not None:
        raise refuse(wait)
    # Beside the request, whose time would tell whether a message goes out.
    threading.Thread(target=_send, args=(gateway, number, code, user_id is not None), daemon=True).start()


def _send(gateway: Gateway, number: str, code: str, is_known: bool) -> None:
    if not is_known:
        return
    try:
        gateway.send(number, code)
    except Exception as error:  # the user asks again; the words of an error may hold the number
        log.error("login_code_not_sent", extra={"error": type(error).__name__})


def _holder(uow: UnitOfWork, index: str) -> int | None:
    usable = users.c.active.is_(True), or_(account.c.expires_at.is_(None), account.c.expires_at > uow.at)
    query = select(users.c.id).join(account, account.c.user_id == users.c.id)
    return uow.conn.execute(query.where(account.c.phone_index == index, *usable)).scalar_one_or_none()


def _keep(uow: UnitOfWork, index: str, user_id: int | None, code: str) -> None:
    old = login_code.c.expires_at <= uow.at
    uow.conn.execute(delete(login_code).where(old | (login_code.c.phone_index == index)))
    hashed = _hash(uow.instance, index, code)
    row = {"phone_index": index, "user_id": user_id, "code_hash": hashed, "expires_at": uow.at + LASTS}
    uow.conn.execute(insert(login_code).values(row))


def log_in_by_phone(
    instance: Instance, phone: str, code: str, address: str, *, replaces: int | None = None,
    request_id: str = "", device: str = "",
) -> Login:  # fmt: skip
    """Begin a session for the user whose phone got `code`; the session `replaces` ends with it.

    Raises:
        NoGateway, BadPhone, WrongLoginCode.
        PhoneNotEnough: when the user has or needs a second factor.
        TooManyAttempts: when the number or the address failed too often.
        DirectoryUnavailable.
    """
    if gateway_of(instance) is None:
        raise NoGateway
    index = phone_index(instance, normal_phone(phone))
    name = f"phone\0{index}"
    user_id = _spend(instance, index, name, code, address, request_id)
    if not is_present(instance, user_id):
        raise WrongLoginCode
    with instance.write(Subject(user_id, "", address=address), Channel.API, request_id=request_id) as uow:
        user = get_user(uow, user_id)
        uow.subject = Subject(user_id, user.name, address=address)
        forgive(uow, name, address)
        if is_enrolled(uow, user_id) or is_required(uow, user.roles):
            raise PhoneNotEnough
        if replaces is not None:
            end_session(uow, replaces)
        previous = note_success(uow, user_id)
        opened = open_session(uow, user_id, address, device=device)
        return Login(get_user(uow, user_id), opened, previous=previous)


def _spend(instance: Instance, index: str, name: str, code: str, address: str, request_id: str) -> int:
    """The user whose code this is. It is void from now on, whatever becomes of the login."""
    nobody = Subject(None, "nobody", address=address)
    with instance.write(nobody, Channel.API, request_id=request_id) as uow:
        policy = account_policy(uow)
        wait = count_attempt(uow, name, address, policy)
        user_id = None if wait is not None else _take(uow, index, code)
        if user_id is None:
            record(uow, "log_in", "sessions", "", outcome="failed" if wait is None else "locked")
            lock_if_exhausted(uow, name, policy)
    if wait is not None:
        raise refuse(wait)
    if user_id is None:
        raise WrongLoginCode
    return user_id


def _take(uow: UnitOfWork, index: str, code: str) -> int | None:
    row = uow.conn.execute(select(login_code).where(login_code.c.phone_index == index)).one_or_none()
    sent = _hash(uow.instance, index, code)
    if row is None or row.expires_at <= uow.at or not hmac.compare_digest(row.code_hash, sent):
        return None
    # Of two who send the same code at once only one deletes the row.
    mine = login_code.c.phone_index == index, login_code.c.code_hash == sent
    if uow.conn.execute(delete(login_code).where(*mine)).rowcount != 1:
        return None
    return row.user_id if row.user_id == _holder(uow, index) else None


def _hash(instance: Instance, index: str, code: str) -> str:
    text = f"login code\0{index}\0{code}".encode("utf-8", "replace")
    return hmac.new(instance.secrets.session, text, sha256).hexdigest()

"""Logging in by name and password. The attempt is counted first, in a transaction of its own."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_appbuilder.security.sqla.models import User
from sqlalchemy import select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.security.accounts import UserInfo, get_user, normal_name, set_password
from zhenshu.security.passwords import LONGEST, verify_password
from zhenshu.security.policy import Channel
from zhenshu.security.sessions import OpenedSession, end_session, open_session
from zhenshu.security.subject import Subject
from zhenshu.security.throttle import count_attempt, forgive, refuse

if TYPE_CHECKING:
    from zhenshu.instance import Instance

users = User.__table__


class WrongPassword(ZhenshuError):
    """The user name or the password is wrong. After five failures the name is locked for 15 minutes."""

    status = 401
    zh = "用户名或密码错误。连续失败五次后，该用户名将锁定 15 分钟。"


class OldPasswordWrong(ZhenshuError):
    """The old password is wrong. It still holds; after five failures you have to wait 15 minutes."""

    status = 403
    zh = "原密码错误，密码未更改。连续失败五次后需等待 15 分钟。"


@dataclass(frozen=True, slots=True)
class Login:
    """A login that succeeded."""

    user: UserInfo
    session: OpenedSession


@dataclass(frozen=True, slots=True)
class _Candidate:
    id: int | None
    password_hash: str | None


def log_in(
    instance: Instance, name: str, password: str, address: str, *, replaces: int | None = None,
    request_id: str = "",
) -> Login:  # fmt: skip
    """Check name and password and begin a session; the session `replaces` ends with it.

    Raises:
        WrongPassword: also for a name that nobody has, after the same time.
        TooManyAttempts: when the name or the address failed too often.
    """
    name = normal_name(name)
    candidate = _count_and_find(instance, name, address, request_id)
    if not verify_password(candidate.password_hash, password[: LONGEST + 1]) or candidate.id is None:
        _note_failure(instance, candidate, address, request_id)
        raise WrongPassword
    subject = Subject(candidate.id, name, address=address)
    with instance.write(subject, Channel.API, request_id=request_id) as uow:
        forgive(uow, name, address)
        if replaces is not None:
            end_session(uow, replaces)
        opened = open_session(uow, candidate.id, address)
        _note_success(uow, candidate.id)
        return Login(get_user(uow, candidate.id), opened)


def _count_and_find(instance: Instance, name: str, address: str, request_id: str) -> _Candidate:
    nobody = Subject(None, "nobody", address=address)
    with instance.write(nobody, Channel.API, request_id=request_id) as uow:
        wait = count_attempt(uow, name, address)
        found = uow.conn.execute(
            select(users.c.id, users.c.password).where(users.c.username == name, users.c.active.is_(True))
        ).one_or_none()
        candidate = _Candidate(found.id, found.password) if found else _Candidate(None, None)
        if wait is not None:
            record(uow, "log_in", "sessions", _reference(candidate), outcome="locked")
    if wait is not None:
        raise refuse(wait)
    return candidate


def _note_failure(instance: Instance, candidate: _Candidate, address: str, request_id: str) -> None:
    # The name as typed is not written: people type passwords into name boxes.
    nobody = Subject(None, "nobody", address=address)
    with instance.write(nobody, Channel.API, request_id=request_id) as uow:
        record(uow, "log_in", "sessions", _reference(candidate), outcome="failed")


def _reference(candidate: _Candidate) -> str:
    return "" if candidate.id is None else f"user:{candidate.id}"


def _note_success(uow: UnitOfWork, user_id: int) -> None:
    seen = {"last_login": uow.at.replace(tzinfo=None), "login_count": users.c.login_count + 1}
    uow.conn.execute(update(users).where(users.c.id == user_id).values(seen))
    record(uow, "log_in", "sessions", f"user:{user_id}")


def change_password(
    instance: Instance, subject: Subject, old: str, new: str, *, session_id: int | None, request_id: str = ""
) -> None:
    """Change one's own password; ends one's other logins.

    Raises:
        OldPasswordWrong, WeakPassword: the old one still holds.
        TooManyAttempts: when the old one was wrong too often.
    """
    candidate = _count_and_find(instance, subject.name, subject.address, request_id)
    if candidate.id is None or not verify_password(candidate.password_hash, old):
        raise OldPasswordWrong
    with instance.write(subject, Channel.API, request_id=request_id) as uow:
        forgive(uow, subject.name, subject.address)
        set_password(uow, candidate.id, new, keep_session=session_id)


def log_out(uow: UnitOfWork, session_id: int) -> None:
    """End a login; its cookie is dead from now on."""
    end_session(uow, session_id)
    record(uow, "log_out", "sessions", f"user:{uow.subject.id}")

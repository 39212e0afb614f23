"""Logging in by name and password. The attempt is counted first, in a transaction of its own."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import func, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.notices import News, notify
from zhenshu.security.account_policy import AccountPolicy, account_policy
from zhenshu.security.accounts import DirectoryPassword, set_password
from zhenshu.security.directory import DirectoryUnavailable
from zhenshu.security.directory.accounts import NotAdmitted
from zhenshu.security.passwords import verify_password
from zhenshu.security.people import UserInfo, get_user, normal_name, users
from zhenshu.security.policy import Channel
from zhenshu.security.recognition import Candidate, find_candidate, recognise
from zhenshu.security.second_factor import is_enrolled, is_required, spend_code
from zhenshu.security.sessions import OpenedSession, end_session, last_address, open_session
from zhenshu.security.subject import Subject
from zhenshu.security.subjects import holders
from zhenshu.security.tables import account
from zhenshu.security.throttle import count_attempt, forgive, lock_if_exhausted, refuse, take_back

if TYPE_CHECKING:
    from zhenshu.instance import Instance


class WrongPassword(ZhenshuError):
    """The user name or the password is wrong. {failures} failures in a row lock it for {minutes} minutes."""

    status = 401
    zh = "用户名或密码错误。连续失败 {failures} 次后，该用户名将锁定 {minutes} 分钟。"


class CodeNeeded(ZhenshuError):
    """Name and password are right. Give the code of your second factor, too."""

    status = 401
    zh = "用户名和密码正确，请再输入动态口令。"


class CodeWrong(ZhenshuError):
    """The code is wrong, spent or too old. {failures} failures in a row lock you for {minutes} minutes."""

    status = 401
    zh = "动态口令错误、已使用或已过期。连续失败 {failures} 次后，用户名将锁定 {minutes} 分钟。"


class OldPasswordWrong(ZhenshuError):
    """The old password is wrong. It still holds; after {failures} failures you wait {minutes} minutes."""

    status = 403
    zh = "原密码错误，密码未更改。连续失败 {failures} 次后需等待 {minutes} 分钟。"


@dataclass(frozen=True, slots=True)
class Previous:
    """The user's login before this one, and how often somebody failed to sign in as them since then."""

    at: datetime
    address: str
    failures: int


@dataclass(frozen=True, slots=True)
class Login:
    """A login that succeeded. `previous` is None at the first one."""

    user: UserInfo
    session: OpenedSession
    must_enrol: bool = False
    previous: Previous | None = None


def log_in(
    instance: Instance, name: str, password: str, address: str, *, code: str = "",
    replaces: int | None = None, request_id: str = "", device: str = "",
) -> Login:  # fmt: skip
    """Check name and password and begin a session; the session `replaces` ends with it.

    Raises:
        WrongPassword: also for a name that nobody has, after the same time.
        CodeNeeded, CodeWrong: when the user has a second factor.
        TooManyAttempts: when the name or the address failed too often.
        DirectoryUnavailable, NotAdmitted.
    """
    name = normal_name(name)
    candidate = _count_and_find(instance, name, address, request_id)
    user_id = _recognise(instance, candidate, password, address, request_id)
    if user_id is None:
        _note_failure(instance, candidate, address, request_id)
        raise WrongPassword(**candidate.limits())
    candidate = replace(candidate, id=user_id)
    subject = Subject(user_id, name, address=address)
    _check_code(instance, candidate, subject, code, request_id)
    with instance.write(subject, Channel.API, request_id=request_id) as uow:
        forgive(uow, name, address)
        if replaces is not None:
            end_session(uow, replaces)
        user = get_user(uow, user_id)
        must_enrol = is_required(uow, user.roles) and not is_enrolled(uow, user_id)
        previous = note_success(uow, user_id)
        opened = open_session(uow, user_id, address, must_enrol=must_enrol, device=device)
        if not user.directory:
            _demand_new_password(uow, user_id, candidate.policy)
        return Login(get_user(uow, user_id), opened, must_enrol, previous)


def _recognise(
    instance: Instance, candidate: Candidate, password: str, address: str, request_id: str
) -> int | None:
    try:
        return recognise(instance, candidate, password, address, request_id)
    except (DirectoryUnavailable, NotAdmitted):  # nobody guessed
        nobody = Subject(None, "nobody", address=address)
        with instance.write(nobody, Channel.API, request_id=request_id) as uow:
            take_back(uow, candidate.name, address)
            record(uow, "log_in", "sessions", _reference(candidate), outcome="failed")
        raise


def _check_code(
    instance: Instance, candidate: Candidate, subject: Subject, code: str, request_id: str
) -> None:
    assert subject.id is not None  # the password was right
    with instance.read(subject, Channel.API, request_id=request_id) as uow:
        if not is_enrolled(uow, subject.id):
            return
    with instance.write(subject, Channel.API, request_id=request_id) as uow:
        if code and spend_code(uow, subject.id, code):
            return
        if not code:
            # The attempt is taken back, not forgiven: else a guess at the code could be forgiven by this.
            take_back(uow, candidate.name, subject.address)
    if not code:
        raise CodeNeeded
    _note_failure(instance, candidate, subject.address, request_id)
    raise CodeWrong(**candidate.limits())


def _count_and_find(instance: Instance, name: str, address: str, request_id: str) -> Candidate:
    nobody = Subject(None, "nobody", address=address)
    with instance.write(nobody, Channel.API, request_id=request_id) as uow:
        policy = account_policy(uow)
        wait = count_attempt(uow, name, address, policy)
        candidate = find_candidate(uow, name, policy)
        if wait is not None:
            record(uow, "log_in", "sessions", _reference(candidate), outcome="locked")
    if wait is not None:
        raise refuse(wait)
    return candidate


def _note_failure(
    instance: Instance, candidate: Candidate, address: str, request_id: str, action: str = "log_in"
) -> None:
    # The name as typed is not written: people type passwords into name boxes.
    nobody = Subject(None, "nobody", address=address)
    with instance.write(nobody, Channel.API, request_id=request_id) as uow:
        record(uow, action, "sessions", _reference(candidate), outcome="failed")
        if lock_if_exhausted(uow, candidate.name, candidate.policy):
            record(uow, "lock", "users", str(candidate.id or ""))
            _tell_guards(uow, candidate)
        if candidate.id is not None:  # after the throttle, as a success: else both could wait
            failed = {"fail_login_count": func.coalesce(users.c.fail_login_count, 0) + 1}
            uow.conn.execute(update(users).where(users.c.id == candidate.id).values(failed))


def _tell_guards(uow: UnitOfWork, candidate: Candidate) -> None:
    """Tell those who watch over accounts that one was locked. A name that nobody has is not told: it is only
    in the trail, without the name."""
    if candidate.id is None:
        return
    times, minutes = candidate.policy.lock_failures, candidate.policy.lock_minutes
    news = News(
        kind="account.locked",
        key=f"account.locked:{candidate.id}:{int(uow.at.timestamp())}",
        zh=f"用户 {candidate.name} 连续登录失败 {times} 次，已锁定 {minutes} 分钟",
        en=f"User {candidate.name} failed to sign in {times} times and is locked for {minutes} minutes",
        link=f"/users?open={candidate.id}",
    )
    notify(uow, holders(uow.conn, "view", "users"), news)


def _reference(candidate: Candidate) -> str:
    return "" if candidate.id is None else f"user:{candidate.id}"


def note_success(uow: UnitOfWork, user_id: int) -> Previous | None:
    """Write that the user signed in now; what was before. To call before the new session is opened."""
    mine = users.c.id == user_id
    before = uow.conn.execute(select(users.c.last_login, users.c.fail_login_count).where(mine)).one()
    address = last_address(uow, user_id)
    seen = {
        "last_login": uow.at.replace(tzinfo=None),
        "login_count": func.coalesce(users.c.login_count, 0) + 1,
        "fail_login_count": 0,
    }
    uow.conn.execute(update(users).where(mine).values(seen))
    record(uow, "log_in", "sessions", f"user:{user_id}")
    if before.last_login is None:
        return None
    return Previous(before.last_login.replace(tzinfo=UTC), address, before.fail_login_count or 0)


def _demand_new_password(uow: UnitOfWork, user_id: int, policy: AccountPolicy) -> None:
    mine = account.c.user_id == user_id
    changed_at = uow.conn.execute(select(account.c.password_changed_at).where(mine)).scalar_one()
    if policy.is_expired(changed_at, uow.at):
        uow.conn.execute(update(account).where(mine).values(must_change_password=True))


def change_password(
    instance: Instance, subject: Subject, old: str, new: str, *, session_id: int | None, request_id: str = ""
) -> None:
    """Change one's own password; ends one's other logins.

    Raises:
        OldPasswordWrong, WeakPassword: the old one still holds.
        TooManyAttempts: when the old one was wrong too often.
        DirectoryPassword.
    """
    candidate = _count_and_find(instance, subject.name, subject.address, request_id)
    if candidate.directory:
        raise DirectoryPassword
    if candidate.id is None or not verify_password(candidate.password_hash, old):
        _note_failure(instance, candidate, subject.address, request_id, "change_password")
        raise OldPasswordWrong(**candidate.limits())
    with instance.write(subject, Channel.API, request_id=request_id) as uow:
        forgive(uow, subject.name, subject.address)
        set_password(uow, candidate.id, new, keep_session=session_id)


def confirm_identity(
    instance: Instance, subject: Subject, password: str, code: str, *, request_id: str = ""
) -> None:
    """That the one at the keyboard is the user, before an act that a stolen login must not do.

    Raises:
        OldPasswordWrong, CodeNeeded, CodeWrong, TooManyAttempts, DirectoryUnavailable.
    """
    candidate = _count_and_find(instance, subject.name, subject.address, request_id)
    if _recognise(instance, candidate, password, subject.address, request_id) != subject.id:
        _note_failure(instance, candidate, subject.address, request_id, "confirm")
        raise OldPasswordWrong(**candidate.limits())
    _check_code(instance, candidate, subject, code, request_id)
    with instance.write(subject, Channel.API, request_id=request_id) as uow:
        forgive(uow, subject.name, subject.address)


def log_out(uow: UnitOfWork, session_id: int) -> None:
    """End a login; its cookie is dead from now on."""
    end_session(uow, session_id)
    record(uow, "log_out", "sessions", f"user:{uow.subject.id}")

"""Logins by cookie and tokens for scripts. Both are random values of which only a keyed hash is stored."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.tables import login_session

if TYPE_CHECKING:
    from zhenshu.instance import Instance

LONGEST = timedelta(hours=12)  # a login ends then, however busy
KEPT = timedelta(days=30)  # rows of ended logins; the audit trail keeps the logins themselves


@dataclass(frozen=True, slots=True)
class OpenedSession:
    """A fresh login: `token` goes into the cookie, `csrf` into the page; neither can be read again."""

    id: int
    token: str
    csrf: str


def token_hash(instance: Instance, token: str) -> str:
    return hmac.new(instance.secrets.session, token.encode("utf-8", "replace"), sha256).hexdigest()


def open_session(
    uow: UnitOfWork, user_id: int, address: str, *, must_enrol: bool = False, device: str = ""
) -> OpenedSession:
    """Begin a login of `user_id`; with `must_enrol` it opens nothing but the way to a second factor.

    `device` is what the browser calls itself.
    """
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    uow.conn.execute(delete(login_session).where(login_session.c.expires_at <= uow.at - KEPT))
    row = {
        "token_hash": token_hash(uow.instance, token),
        "user_id": user_id,
        "csrf": csrf,
        "address": address[:64],
        "device": device[:200],
        "must_enrol": must_enrol,
        "created_at": uow.at,
        "last_seen_at": uow.at,
        "expires_at": uow.at + LONGEST,
    }
    key = uow.conn.execute(insert(login_session).values(row)).inserted_primary_key
    assert key is not None  # an INSERT of one row always has its key
    return OpenedSession(key[0], token, csrf)


def end_session(uow: UnitOfWork, session_id: int) -> None:
    """End one login; its cookie is dead from now on."""
    _end(uow, login_session.c.id == session_id)


def end_sessions_of(uow: UnitOfWork, user_id: int, but: int | None = None) -> None:
    """End every login of `user_id`, except the one with id `but`."""
    _end(uow, login_session.c.user_id == user_id, login_session.c.id != (but or 0))


def _end(uow: UnitOfWork, *where: Any) -> None:
    still_open = login_session.c.ended_at.is_(None)
    uow.conn.execute(update(login_session).where(still_open, *where).values(ended_at=uow.at))


def session_id_of(uow: UnitOfWork, token: str) -> int | None:
    """The id of the login that has this cookie, ended or not."""
    query = select(login_session.c.id).where(login_session.c.token_hash == token_hash(uow.instance, token))
    return uow.conn.execute(query).scalar_one_or_none()


@dataclass(frozen=True, slots=True)
class OpenLogin:
    """A login that is open now; `ends_at` is when it ends if nobody works with it."""

    id: int
    address: str
    device: str
    created_at: datetime
    last_seen_at: datetime
    ends_at: datetime


def open_logins(uow: UnitOfWork, user_id: int) -> list[OpenLogin]:
    """The logins of `user_id` that are open, the latest used first."""
    c, idle = login_session.c, timedelta(minutes=uow.instance.settings.session_minutes)
    still_open = c.ended_at.is_(None), c.expires_at > uow.at, c.last_seen_at > uow.at - idle
    query = select(c.id, c.address, c.device, c.created_at, c.last_seen_at, c.expires_at)
    rows = uow.conn.execute(
        query.where(c.user_id == user_id, *still_open).order_by(c.last_seen_at.desc(), c.id.desc())
    )
    return [OpenLogin(*row[:5], ends_at=min(row.expires_at, row.last_seen_at + idle)) for row in rows]


def end_login(uow: UnitOfWork, user_id: int, session_id: int) -> None:
    """End one login of `user_id`.

    Raises:
        NotFound: when that is no open login of theirs.
    """
    if session_id not in {login.id for login in open_logins(uow, user_id)}:
        raise NotFound(kind="login", kind_zh="登录", name=session_id)
    end_session(uow, session_id)
    record(uow, "end", "sessions", f"user:{user_id}")


def end_logins(uow: UnitOfWork, user_id: int, but: int | None = None) -> None:
    """End the logins of `user_id`, except `but`, by somebody's act."""
    end_sessions_of(uow, user_id, but)
    record(uow, "end", "sessions", f"user:{user_id}", detail={"all": True})


def last_address(uow: UnitOfWork, user_id: int) -> str:
    """Where the latest login of `user_id` came from; "" when that is no longer known."""
    query = select(login_session.c.address).where(login_session.c.user_id == user_id)
    return uow.conn.execute(query.order_by(login_session.c.id.desc()).limit(1)).scalar_one_or_none() or ""

"""Logins by cookie and tokens for scripts. Both are random values of which only a keyed hash is stored."""

from __future__ import annotations

import hmac
import secrets
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from sqlalchemy import delete, insert, select, update

from zhenshu.db.unit_of_work import UnitOfWork
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


def open_session(uow: UnitOfWork, user_id: int, address: str, *, must_enrol: bool = False) -> OpenedSession:
    """Begin a login of `user_id`; with `must_enrol` it opens nothing but the way to a second factor."""
    token, csrf = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    uow.conn.execute(delete(login_session).where(login_session.c.expires_at <= uow.at - KEPT))
    row = {
        "token_hash": token_hash(uow.instance, token),
        "user_id": user_id,
        "csrf": csrf,
        "address": address[:64],
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

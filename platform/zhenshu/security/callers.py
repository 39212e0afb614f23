"""Callers: finding out, with two queries, who holds a cookie or a token, and noting that it is in use."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Row, Select, bindparam, update
from sqlalchemy.exc import OperationalError

from zhenshu.db.engine import WRITE_OPTION
from zhenshu.db.unit_of_work import translated_errors
from zhenshu.security.grant import Grant
from zhenshu.security.sessions import token_hash
from zhenshu.security.subject import Subject
from zhenshu.security.subjects import active_users, grants_of, subject_of, users
from zhenshu.security.tables import account, api_token, login_session

if TYPE_CHECKING:
    from zhenshu.instance import Instance

SEEN_EVERY = timedelta(minutes=1)  # how exactly the last use is kept: a write at each request would cost more
SEEN_WAIT = 200  # milliseconds to wait for a lock when noting a use


@dataclass(frozen=True, slots=True)
class Caller:
    """Who a request comes from: by a login (`session_id`, `csrf`) or by a token (`token_id`).

    `seen_at` is the last use that the database knows of.
    """

    subject: Subject
    seen_at: datetime | None
    must_change_password: bool = False
    must_enrol: bool = False  # a second factor
    session_id: int | None = None
    token_id: int | None = None
    csrf: str = ""
    ends_at: datetime | None = None  # of a login, if nobody works with it


_by_cookie = (
    active_users(
        login_session.c.id,
        login_session.c.csrf,
        login_session.c.last_seen_at,
        login_session.c.expires_at,
        login_session.c.must_enrol,
        account.c.must_change_password,
    )
    .join(login_session, login_session.c.user_id == users.c.id)
    .where(login_session.c.token_hash == bindparam("hash"), login_session.c.ended_at.is_(None))
)
_by_token = (
    active_users(api_token.c.id, api_token.c.last_used_at, api_token.c.expires_at)
    .join(api_token, api_token.c.user_id == users.c.id)
    .where(api_token.c.token_hash == bindparam("hash"), api_token.c.revoked_at.is_(None))
)


def caller_by_cookie(instance: Instance, token: str, address: str) -> Caller | None:
    """The caller whose login has this cookie, or None when it ended, expired or never was."""
    rows, grants = _find(instance, _by_cookie, token)
    now = datetime.now(UTC)
    if not rows or rows[0].expires_at <= now:
        return None
    found = rows[0]
    idle_until = found.last_seen_at + timedelta(minutes=instance.settings.session_minutes)
    if idle_until <= now:
        return None
    return Caller(
        subject_of(rows, grants, address, instance.settings.language),
        found.last_seen_at,
        found.must_change_password,
        found.must_enrol,
        session_id=found.id,
        csrf=found.csrf,
        ends_at=min(idle_until, found.expires_at),
    )


def caller_by_token(instance: Instance, token: str, address: str) -> Caller | None:
    """The caller who holds this token, or None when it was revoked, expired or never was."""
    rows, grants = _find(instance, _by_token, token)
    if not rows or (rows[0].expires_at is not None and rows[0].expires_at <= datetime.now(UTC)):
        return None
    subject = subject_of(rows, grants, address, instance.settings.language)
    return Caller(subject, rows[0].last_used_at, token_id=rows[0].id)


def _find(instance: Instance, query: Select[Any], token: str) -> tuple[Sequence[Row[Any]], tuple[Grant, ...]]:
    with translated_errors(instance.settings.busy_seconds), instance.engine.connect() as conn:
        if conn.dialect.name == "postgresql":  # statements need no transaction here, nor its round trips
            conn = conn.execution_options(isolation_level="AUTOCOMMIT")
        rows = conn.execute(query, {"hash": token_hash(instance, token)}).all()
        return rows, grants_of(conn, rows) if rows else ()


def note_use(instance: Instance, caller: Caller) -> None:
    """Write that the login or token is in use, when the last note is old. A busy database loses the note."""
    now = datetime.now(UTC)
    every = min(SEEN_EVERY, timedelta(minutes=instance.settings.session_minutes) / 10)
    if caller.seen_at is not None and now - caller.seen_at < every:
        return
    if caller.session_id is not None:
        noted = update(login_session).where(login_session.c.id == caller.session_id).values(last_seen_at=now)
    else:
        noted = update(api_token).where(api_token.c.id == caller.token_id).values(last_used_at=now)
    # Not a unit of work: that would wait for a publish, and a reader must not.
    with suppress(OperationalError), instance.engine.connect() as plain:
        conn = plain.execution_options(**{WRITE_OPTION: True})
        with _short_wait(conn), conn.begin():
            conn.execute(noted)


@contextmanager
def _short_wait(conn: Connection) -> Iterator[None]:
    """Let SQLite's one writer lock be waited for SEEN_WAIT only; PostgreSQL locks the row alone."""
    if conn.dialect.name != "sqlite":
        yield
        return
    driver: Any = (
        conn.connection.driver_connection
    )  # beside SQLAlchemy, which would begin a transaction first
    usual = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    driver.execute(f"PRAGMA busy_timeout={SEEN_WAIT}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={usual}")

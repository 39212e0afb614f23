"""One connection per request: Flask-AppBuilder's session joins the open unit of work.

A session of its own would wait on SQLite for the lock that its own request holds.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.orm import Session, scoped_session, sessionmaker

from zhenshu.instance import Instance

_current: ContextVar[Connection | None] = ContextVar("zhenshu_connection", default=None)


class JoinedSession(Session):
    """A session on the connection of the open unit of work, else on one of its own.

    Inside a unit of work its commit and rollback end a savepoint: the unit alone decides.
    """

    def __init__(self, instance: Instance, **options: Any) -> None:
        super().__init__(**options)
        self._instance = instance

    def get_bind(self, *_args: Any, **_options: Any) -> Engine | Connection:
        return _current.get() or self._instance.engine


JoinedSessions = scoped_session[JoinedSession]


def joined_session(instance: Instance) -> JoinedSessions:
    """The session that Flask-AppBuilder gets: one for each unit of work."""
    maker = sessionmaker(class_=JoinedSession, instance=instance, join_transaction_mode="create_savepoint")
    return scoped_session(maker, scopefunc=lambda: id(_current.get()))


@contextmanager
def sharing(conn: Connection, session: JoinedSessions | None) -> Iterator[None]:
    """Let Flask-AppBuilder's session use `conn` within the block."""
    token = _current.set(conn)
    try:
        yield
        if session is not None:
            session.flush()
    finally:
        if session is not None:
            session.remove()
        _current.reset(token)

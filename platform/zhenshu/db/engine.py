"""Engines: SQLite (WAL) embedded by default, PostgreSQL by setting.

SQLite transactions begin explicitly: a read with BEGIN, a write with BEGIN IMMEDIATE, so that a writer
waits at its start and never fails half-way to upgrade a read lock.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

WRITE_OPTION = "zhenshu_write"
COMMON = {"hide_parameters": True}  # values of patients never stand in an error's text


def make_engine(url: str, busy_seconds: int = 10, **options: Any) -> Engine:
    """An engine for `url`; waits `busy_seconds` for a lock. Connect only after a process has forked."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, busy_seconds, options)
    return _postgresql(url, busy_seconds, options)


def _sqlite(url: str, busy_seconds: int, options: dict[str, Any]) -> Engine:
    connect_args = {"check_same_thread": False, "timeout": busy_seconds}
    engine = create_engine(url, connect_args=connect_args, **(COMMON | {"pool_size": 16} | options))

    @event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # the "begin" listener below says when
        cursor = connection.cursor()
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute("PRAGMA synchronous=FULL")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA cache_size=-65536")
        cursor.close()

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get(WRITE_OPTION, False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _postgresql(url: str, busy_seconds: int, options: dict[str, Any]) -> Engine:
    # JIT costs more than it gives on the short statements a web request runs.
    server = f"-c jit=off -c lock_timeout={busy_seconds * 1000} -c timezone=UTC"
    pool = {"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True}
    return create_engine(url, connect_args={"options": server}, **(COMMON | pool | options))

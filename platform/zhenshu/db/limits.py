"""How long the database may work for one request, so that no question keeps it from all others."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import Connection, func, select

ENDED: Final = "57014"  # PostgreSQL's state of a statement that was cancelled
_STEPS: Final = 100_000  # of SQLite's machine between two looks at the clock: some milliseconds


@contextmanager
def limited(conn: Connection, seconds: int | None) -> Iterator[None]:
    """End what `conn` is at after `seconds`: on SQLite all of it, on PostgreSQL each statement of it."""
    if seconds is None:
        yield
        return
    if conn.dialect.name == "postgresql":
        conn.execute(select(func.set_config("statement_timeout", str(seconds * 1000), True)))
        yield  # it ends with the transaction
        return
    driver: Any = conn.connection.driver_connection
    end = time.monotonic() + seconds
    driver.set_progress_handler(lambda: time.monotonic() > end, _STEPS)
    try:
        yield
    finally:
        driver.set_progress_handler(None, 0)

"""The right to be the only steward of an instance; who restores a backup takes it, too."""

from __future__ import annotations

import fcntl
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from zhenshu.errors import ZhenshuError

if TYPE_CHECKING:
    from zhenshu.instance import Instance

STEWARD_LOCK = 0x5A53_0003  # PostgreSQL advisory lock
PATIENCE = 2.0  # seconds between two looks at a lock that another steward holds


class InstanceRunning(ZhenshuError):
    """This instance is being served. Stop `zhenshu up` first; nothing was changed."""

    zh = "该实例正在运行。请先停止 `zhenshu up`；未作任何修改。"


@contextmanager
def only_one(instance: Instance, stopping: threading.Event) -> Iterator[Callable[[], None]]:
    """Wait until no other steward serves the instance, or `stopping` is set; hold the right in the block.

    The function given raises once the right is lost, with the connection that held it.
    """
    with _lock(instance) as (attempt, check):
        while not attempt() and not stopping.wait(PATIENCE):
            pass
        yield check


@contextmanager
def not_running(instance: Instance) -> Iterator[None]:
    """Keep any steward away while the block runs.

    Raises:
        InstanceRunning: when one serves the instance.
    """
    with _lock(instance) as (attempt, _):
        if not attempt():
            raise InstanceRunning
        yield


Lock = tuple[Callable[[], bool], Callable[[], None]]


@contextmanager
def _lock(instance: Instance) -> Iterator[Lock]:
    """(try to take the lock, check that it still holds); it ends with the block or the process."""
    if instance.engine.dialect.name == "postgresql":
        with _session_lock(instance) as lock:
            yield lock
    else:
        with _file_lock(instance) as lock:
            yield lock


@contextmanager
def _file_lock(instance: Instance) -> Iterator[Lock]:
    handle = os.open(instance.settings.home / "steward.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        yield lambda: _try_flock(handle), lambda: None
    finally:
        os.close(handle)


def _try_flock(handle: int) -> bool:
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _session_lock(instance: Instance) -> Iterator[Lock]:
    with instance.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        attempt = text("SELECT pg_try_advisory_lock(:lock)")
        try:
            yield (
                lambda: bool(conn.execute(attempt, {"lock": STEWARD_LOCK}).scalar()),
                lambda: conn.execute(text("SELECT 1")).close(),
            )
        finally:
            with suppress(DBAPIError):  # a connection that is gone has no lock any more
                conn.execute(text("SELECT pg_advisory_unlock_all()"))
            conn.invalidate()  # should the lock live on, it must not go back to the pool with it

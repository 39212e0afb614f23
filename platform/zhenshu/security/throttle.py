"""The login throttle: counts failures by user name and by address, in the database that all workers share.

Each attempt is counted before its password is looked at, so that attempts in parallel gain nothing, and a
name that nobody has is locked exactly like a real one.
"""

from __future__ import annotations

import hmac
from datetime import timedelta
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, insert, select, update

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.security.tables import login_throttle

WINDOW = timedelta(minutes=15)  # failures older than this are forgotten; a lock lasts as long
PER_NAME = 5
PER_ADDRESS = 50  # a whole ward may share one address


class TooManyAttempts(ZhenshuError):
    """Too many failed logins. Wait {minutes} minutes, or ask an administrator to unlock you."""

    status = 429
    zh = "登录失败次数过多。请等待 {minutes} 分钟，或请管理员解锁。"

    def details(self) -> dict[str, Any]:
        return {"seconds": self.values["seconds"]}


def count_attempt(uow: UnitOfWork, name: str, address: str) -> int | None:
    """Count one attempt. The seconds still to wait when it may not go on, else None."""
    waits = [_count(uow, key, limit) for key, limit in _limits(uow, name, address)]
    return max((wait for wait in waits if wait is not None), default=None)


def refuse(seconds: int) -> TooManyAttempts:
    """The error for an attempt that has to wait `seconds`."""
    return TooManyAttempts(seconds=seconds, minutes=-(-seconds // 60))


def forgive(uow: UnitOfWork, name: str, address: str = "") -> None:
    """Forget the failures of `name`, and take back this attempt's count of `address`."""
    uow.conn.execute(delete(login_throttle).where(login_throttle.c.key == _key(uow, "name", name)))
    if address:
        row = login_throttle.c.key == _key(uow, "address", address)
        fewer = login_throttle.c.failures - 1
        uow.conn.execute(
            update(login_throttle).where(row, login_throttle.c.failures > 0).values(failures=fewer)
        )


def _limits(uow: UnitOfWork, name: str, address: str) -> list[tuple[str, int]]:
    limits = [(_key(uow, "name", name), PER_NAME)]
    return [*limits, (_key(uow, "address", address), PER_ADDRESS)] if address else limits


def _key(uow: UnitOfWork, kind: str, value: str) -> str:
    text = f"login {kind}\0{value}".encode("utf-8", "replace")
    return hmac.new(uow.instance.secrets.session, text, sha256).hexdigest()


def _count(uow: UnitOfWork, key: str, limit: int) -> int | None:
    _hold(uow, key)
    row = uow.conn.execute(select(login_throttle).where(login_throttle.c.key == key)).one_or_none()
    if row is None or row.since + WINDOW <= uow.at:
        _restart(uow, key)
        return None
    if row.locked_until is not None and row.locked_until > uow.at:
        return int((row.locked_until - uow.at).total_seconds()) + 1
    if row.failures < limit:
        _write(uow, key, failures=row.failures + 1)
        return None
    _write(uow, key, since=uow.at, locked_until=uow.at + WINDOW)
    return int(WINDOW.total_seconds())


def _hold(uow: UnitOfWork, key: str) -> None:
    """Let no other attempt count under `key` until this one is written. SQLite has one writer anyway."""
    if not uow.sqlite:
        lock = int(key[:15], 16)
        uow.conn.execute(select(func.pg_advisory_xact_lock(lock)))


def _restart(uow: UnitOfWork, key: str) -> None:
    old = select(login_throttle.c.key).where(login_throttle.c.since <= uow.at - 2 * WINDOW)
    forgotten = login_throttle.c.key.in_(old.with_for_update(skip_locked=True))
    uow.conn.execute(delete(login_throttle).where(forgotten | (login_throttle.c.key == key)))
    first = {"key": key, "failures": 1, "since": uow.at, "locked_until": None}
    uow.conn.execute(insert(login_throttle).values(first))


def _write(uow: UnitOfWork, key: str, **values: Any) -> None:
    uow.conn.execute(update(login_throttle).where(login_throttle.c.key == key).values(values))

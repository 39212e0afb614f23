"""The login throttle: counts failures by user name and by address, in the database that all workers share.

Each attempt is counted before its password is looked at, so that attempts in parallel gain nothing, and a
name that nobody has is locked exactly like a real one.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection
from hashlib import sha256
from typing import Any

from sqlalchemy import delete, func, insert, or_, select, update

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.security.account_policy import DEFAULT, AccountPolicy
from zhenshu.security.tables import login_throttle

PER_ADDRESS = 50  # a whole ward may share one address


class TooManyAttempts(ZhenshuError):
    """Too many failed logins. Wait {minutes} minutes, or ask an administrator to unlock you."""

    status = 429
    zh = "登录失败次数过多。请等待 {minutes} 分钟，或请管理员解锁。"

    def details(self) -> dict[str, Any]:
        return {"seconds": self.values["seconds"]}


def count_attempt(uow: UnitOfWork, name: str, address: str, policy: AccountPolicy = DEFAULT) -> int | None:
    """Count one attempt. The seconds still to wait when it may not go on, else None."""
    waits = [_count(uow, key, limit, policy) for key, limit in _limits(uow, name, address, policy)]
    return max((wait for wait in waits if wait is not None), default=None)


def refuse(seconds: int) -> TooManyAttempts:
    """The error for an attempt that has to wait `seconds`."""
    return TooManyAttempts(seconds=seconds, minutes=-(-seconds // 60))


def take_back(uow: UnitOfWork, name: str, address: str) -> None:
    """Take back the count of an attempt that was no failure and no success either: its code is to come."""
    for key, _ in _limits(uow, name, address, DEFAULT):
        row = login_throttle.c.key == key, login_throttle.c.failures > 0
        uow.conn.execute(update(login_throttle).where(*row).values(failures=login_throttle.c.failures - 1))


def lock_if_exhausted(uow: UnitOfWork, name: str, policy: AccountPolicy) -> bool:
    """After a failure: lock `name` when it was the last that the policy allows. Whether it was."""
    key = _key(uow, "name", name)
    _hold(uow, key)
    row = uow.conn.execute(select(login_throttle).where(login_throttle.c.key == key)).one_or_none()
    if row is None or row.failures < policy.lock_failures or row.locked_until is not None:
        return False
    _write(uow, key, since=uow.at, locked_until=uow.at + policy.lock)
    return True


def locked_names(uow: UnitOfWork, names: Collection[str]) -> set[str]:
    """Which of `names` are locked now."""
    query = select(login_throttle.c.key).where(login_throttle.c.locked_until > uow.at)
    keys = set(uow.conn.scalars(query))
    return {name for name in names if keys and _key(uow, "name", name) in keys}


def forgive(uow: UnitOfWork, name: str, address: str = "") -> None:
    """Forget the failures of `name`, and take back this attempt's count of `address`."""
    uow.conn.execute(delete(login_throttle).where(login_throttle.c.key == _key(uow, "name", name)))
    if address:
        row = login_throttle.c.key == _key(uow, "address", address)
        fewer = login_throttle.c.failures - 1
        uow.conn.execute(
            update(login_throttle).where(row, login_throttle.c.failures > 0).values(failures=fewer)
        )


def _limits(uow: UnitOfWork, name: str, address: str, policy: AccountPolicy) -> list[tuple[str, int]]:
    limits = [(_key(uow, "name", name), policy.lock_failures)]
    return [*limits, (_key(uow, "address", address), PER_ADDRESS)] if address else limits


def _key(uow: UnitOfWork, kind: str, value: str) -> str:
    text = f"login {kind}\0{value}".encode("utf-8", "replace")
    return hmac.new(uow.instance.secrets.session, text, sha256).hexdigest()


def _count(uow: UnitOfWork, key: str, limit: int, policy: AccountPolicy) -> int | None:
    _hold(uow, key)
    row = uow.conn.execute(select(login_throttle).where(login_throttle.c.key == key)).one_or_none()
    if row is None or (row.locked_until or row.since + policy.lock) <= uow.at:
        _restart(uow, key, policy)
        return None
    if row.locked_until is not None:
        return int((row.locked_until - uow.at).total_seconds()) + 1
    if row.failures < limit:
        _write(uow, key, failures=row.failures + 1)
        return None
    _write(uow, key, since=uow.at, locked_until=uow.at + policy.lock)
    return int(policy.lock.total_seconds())


def _hold(uow: UnitOfWork, key: str) -> None:
    """Let no other attempt count under `key` until this one is written. SQLite has one writer anyway."""
    if not uow.sqlite:
        lock = int(key[:15], 16)
        uow.conn.execute(select(func.pg_advisory_xact_lock(lock)))


def _restart(uow: UnitOfWork, key: str, policy: AccountPolicy) -> None:
    table = login_throttle.c
    is_over = (table.since <= uow.at - 2 * policy.lock) & or_(
        table.locked_until.is_(None), table.locked_until <= uow.at
    )
    old = select(table.key).where(is_over)
    forgotten = table.key.in_(old.with_for_update(skip_locked=True))
    uow.conn.execute(delete(login_throttle).where(forgotten | (table.key == key)))
    first = {"key": key, "failures": 1, "since": uow.at, "locked_until": None}
    uow.conn.execute(insert(login_throttle).values(first))


def _write(uow: UnitOfWork, key: str, **values: Any) -> None:
    uow.conn.execute(update(login_throttle).where(login_throttle.c.key == key).values(values))

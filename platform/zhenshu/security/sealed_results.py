"""Files with secrets that were made for one user: encrypted, fetched once, gone after a day in any case."""

from __future__ import annotations

import hmac
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING

from sqlalchemy import delete, insert, select

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import seal, unseal
from zhenshu.security.subject import SYSTEM
from zhenshu.security.tables import sealed_result

if TYPE_CHECKING:
    from zhenshu.instance import Instance

KEPT = timedelta(days=1)


def keep_sealed(uow: UnitOfWork, plain: bytes) -> int:
    """Keep `plain` for the subject of `uow`; its id."""
    user_id = uow.subject.id
    values = {"user_id": user_id, "sealed": b"", "expires_at": uow.at + KEPT}
    sealed = seal(_key(uow.instance), plain, f"user {user_id}".encode())
    key = uow.conn.execute(insert(sealed_result).values(values | {"sealed": sealed})).inserted_primary_key
    assert key is not None  # an INSERT of one row always has its key
    return int(key[0])


def take_sealed(uow: UnitOfWork, result_id: int) -> bytes:
    """What was kept for the subject of `uow`; it is gone with the end of the transaction.

    Raises:
        NotFound: when it was never there, is another's, was taken before or is too old.
    """
    mine = sealed_result.c.id == result_id, sealed_result.c.user_id == uow.subject.id
    row = uow.conn.execute(select(sealed_result).where(*mine).with_for_update()).one_or_none()
    # Of two who ask at once only one deletes the row.
    if row is None or uow.conn.execute(delete(sealed_result).where(*mine)).rowcount != 1:
        raise NotFound(kind="result", kind_zh="结果文件", name=result_id)
    if row.expires_at <= uow.at:
        raise NotFound(kind="result", kind_zh="结果文件", name=result_id)
    record(uow, "download", "sealed_results", str(result_id))
    return unseal(_key(uow.instance), bytes(row.sealed), f"user {row.user_id}".encode())


def sweep_sealed(instance: Instance) -> None:
    """Remove what nobody fetched in time."""
    old = sealed_result.c.expires_at <= datetime.now(UTC)
    with instance.read(SYSTEM, Channel.API) as uow:
        found = uow.conn.execute(select(sealed_result.c.id).where(old)).first()
    if found:
        with instance.write(SYSTEM, Channel.API) as uow:
            uow.conn.execute(delete(sealed_result).where(old))


def _key(instance: Instance) -> bytes:
    # Its own key, so that nothing sealed elsewhere can be put in its place.
    return hmac.new(instance.secrets.master, b"sealed results", sha256).digest()

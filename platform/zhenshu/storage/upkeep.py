"""Upkeep of the storages: removing what nobody owns any more, and checking what is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM
from zhenshu.storage.files import stores
from zhenshu.storage.store import Store
from zhenshu.storage.tables import file_object

if TYPE_CHECKING:
    from zhenshu.instance import Instance

# Bytes without a row may belong to a transaction that has not committed yet; none lasts this long.
GRACE = timedelta(hours=6)
BATCH = 500


def sweep_files(instance: Instance, grace: timedelta = GRACE) -> None:
    """Expire files whose time has come; remove bytes and parts that no stored file owns."""
    _expire(instance)
    before = datetime.now(UTC) - grace
    for store in stores(instance).values():
        store.remove_parts(before)
        old = store.paths(before)
        while paths := list(islice(old, BATCH)):
            for path in _unowned(instance, paths):
                store.remove(path)


def _expire(instance: Instance) -> None:
    due = (file_object.c.state == "stored") & (file_object.c.expires_at <= datetime.now(UTC))
    with instance.read(SYSTEM, Channel.API) as uow:
        if not uow.conn.execute(select(file_object.c.id).where(due).limit(1)).first():
            return
    with instance.write(SYSTEM, Channel.API) as uow:
        gone = update(file_object).where(due).values(state="expired", removed_at=uow.at)
        rows = uow.conn.execute(gone.returning(file_object.c.storage, file_object.c.path)).all()
    for storage, path in rows:
        stores(instance)[storage].remove(path)


def _unowned(instance: Instance, paths: list[str]) -> list[str]:
    owned = select(file_object.c.path).where(file_object.c.path.in_(paths), file_object.c.state == "stored")
    with instance.read(SYSTEM, Channel.API) as uow:
        kept = set(uow.conn.execute(owned).scalars())
    return [path for path in paths if path not in kept]


def verify_files(instance: Instance) -> Iterator[str]:
    """One line per stored file whose bytes are missing or differ from its hash."""
    after = 0
    while rows := _stored(instance, after):
        for file_id, storage, path, digest in rows:
            if fault := _fault(stores(instance)[storage], path, digest):
                yield f"file {file_id}: {fault}"
        after = rows[-1][0]


def _stored(instance: Instance, after: int) -> list[tuple[int, str, str, str]]:
    columns = (file_object.c.id, file_object.c.storage, file_object.c.path, file_object.c.sha256)
    query = select(*columns).where(file_object.c.state == "stored", file_object.c.id > after)
    with instance.read(SYSTEM, Channel.API) as uow:
        found = uow.conn.execute(query.order_by(file_object.c.id).limit(BATCH)).all()
    return [(row.id, row.storage, row.path, row.sha256) for row in found]


def _fault(store: Store, path: str, digest: str) -> str | None:
    try:
        return None if store.sha256(path) == digest else "its bytes were altered"
    except FileNotFoundError:
        return "its bytes are missing"

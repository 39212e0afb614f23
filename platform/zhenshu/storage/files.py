"""File objects: a row that says what a file is, and its bytes in a storage."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import IO, TYPE_CHECKING, Any, BinaryIO

from sqlalchemy import Row, select, update

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound, ZhenshuError
from zhenshu.storage.store import StagedFile, Store
from zhenshu.storage.tables import file_object

if TYPE_CHECKING:
    from zhenshu.instance import Instance


class FileDamaged(ZhenshuError):
    """The bytes of file {id} are gone or were altered. Restore them from a backup."""

    zh = "文件 {id} 的内容已丢失或被改动。请从备份中恢复。"


@dataclass(frozen=True, slots=True)
class FileObject:
    """A stored file. `size` in bytes; `state` is stored, deleted or expired."""

    id: int
    name: str
    size: int
    sha256: str
    media_type: str
    attributes: Mapping[str, Any]
    state: str
    storage: str
    path: str
    created_by_id: int | None
    created_at: datetime
    expires_at: datetime | None


def stores(instance: Instance) -> Mapping[str, Store]:
    """The storages of an instance by name."""
    return {"local": Store("local", instance.settings.home / "files")}


def stage_file(instance: Instance, stream: BinaryIO | IO[bytes], storage: str = "local") -> StagedFile:
    """Bring bytes into a storage before a transaction begins, so that a slow upload locks nothing.

    Raises:
        DiskFull: when they do not fit; nothing is kept.
    """
    return stores(instance)[storage].add(stream)


def put_file(
    uow: UnitOfWork, name: str, stream: BinaryIO | IO[bytes] | StagedFile, media_type: str = "",
    attributes: Mapping[str, Any] | None = None, storage: str = "local", expires_at: datetime | None = None,
) -> FileObject:  # fmt: skip
    """Keep a file in the transaction of `uow`. `name` is only shown; it never becomes a path.

    Raises:
        DiskFull: when it does not fit; nothing is kept.
    """
    staged = stream if isinstance(stream, StagedFile) else stage_file(uow.instance, stream, storage)
    statement = file_object.insert().values(
        name=_shown(name),
        media_type=media_type[:127],
        size=staged.size,
        sha256=staged.sha256,
        attributes=dict(attributes or {}),
        state="stored",
        storage=staged.storage,
        path=staged.path,
        subject_id=uow.subject.id,
        created_by=uow.subject.name,
        created_at=uow.at,
        expires_at=expires_at,
    )
    return _file(uow.conn.execute(statement.returning(*file_object.c)).one())


def _shown(name: str) -> str:
    """`name` without control characters, which no database, header or screen takes well."""
    return "".join(character for character in name if character.isprintable())[:255] or "file"


def _file(row: Row[Any]) -> FileObject:
    return FileObject(
        id=row.id,
        name=row.name,
        size=row.size,
        sha256=row.sha256,
        media_type=row.media_type,
        attributes=row.attributes,
        state=row.state,
        storage=row.storage,
        path=row.path,
        created_by_id=row.subject_id,
        created_at=row.created_at,
        expires_at=row.expires_at,
    )


def stat_file(uow: UnitOfWork, file_id: int) -> FileObject:
    """
    Raises:
        NotFound: when there is no such file, or it was deleted or has expired.
    """
    query = select(file_object).where(file_object.c.id == file_id, file_object.c.state == "stored")
    row = uow.conn.execute(query).one_or_none()
    if row is None or (row.expires_at is not None and row.expires_at <= uow.at):
        raise NotFound(kind="file", kind_zh="文件", name=file_id)
    return _file(row)


def open_file(uow: UnitOfWork, file_id: int) -> BinaryIO:
    """The bytes of a file, to be closed by the caller; they may be read after `uow` has ended.

    Raises:
        NotFound: when there is no such file, or it was deleted or has expired.
        FileDamaged: when its bytes are gone.
    """
    found = stat_file(uow, file_id)
    try:
        return stores(uow.instance)[found.storage].open(found.path)
    except FileNotFoundError as error:
        raise FileDamaged(id=file_id) from error


def delete_file(uow: UnitOfWork, file_id: int) -> None:
    """Delete a file: its row stays as a trace, its bytes go once `uow` has committed.

    Raises:
        NotFound: when there is no such file, or it was deleted or has expired.
    """
    found = stat_file(uow, file_id)
    change = update(file_object).where(file_object.c.id == file_id)
    uow.conn.execute(change.values(state="deleted", removed_at=uow.at))
    store = stores(uow.instance)[found.storage]
    uow.after_commit(lambda: store.remove(found.path))

"""Writing a backup."""

from __future__ import annotations

import io
import os
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from sqlalchemy import select

from zhenshu.audit import record, seal
from zhenshu.backup import database
from zhenshu.backup.errors import AlreadyThere
from zhenshu.backup.manifest import (
    DATABASE,
    FILES,
    FORMAT,
    MANIFEST,
    SECRETS,
    Manifest,
    digest_of,
    fingerprint,
)
from zhenshu.db.migrations import revision_of
from zhenshu.errors import DiskFull
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM
from zhenshu.storage.store import FULL
from zhenshu.storage.tables import file_object

if TYPE_CHECKING:
    from zhenshu.instance import Instance


def backup(instance: Instance, target: Path, with_secrets: bool = False) -> Manifest:
    """Write a backup of `instance`, which may be in use, to the new file `target` (mode 0600).

    The secrets stay out unless asked for: who has both backup and keys can read everything.

    Raises:
        AlreadyThere: when `target` exists.
        DiskFull: when it does not fit; nothing is kept.
    """
    if target.exists():
        raise AlreadyThere(path=target)
    seal(instance)
    part = target.with_name(f".{target.name}.part")
    with _whole_or_nothing(part), TemporaryDirectory(dir=target.parent, prefix=".zhenshu-") as scratch:
        manifest = _write(instance, part, Path(scratch) / DATABASE, with_secrets)
        os.replace(part, target)
    with instance.write(SYSTEM, Channel.EXPORT) as uow:
        record(uow, "backup", "instance", "", detail={"files": manifest.files, "secrets": with_secrets})
    return manifest


@contextmanager
def _whole_or_nothing(part: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in FULL:
            raise DiskFull from error
        raise
    finally:
        part.unlink(missing_ok=True)


def _write(instance: Instance, part: Path, dumped: Path, with_secrets: bool) -> Manifest:
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as tar:
            database.dump(instance, dumped)
            tar.add(dumped, DATABASE)
            files = _add_files(instance, tar)
            if with_secrets:
                for key in sorted(instance.settings.secrets_folder.glob("*.key")):
                    tar.add(key, f"{SECRETS}/{key.name}")
            manifest = _manifest(instance, dumped, files, with_secrets)
            _add_manifest(tar, manifest)
        file.flush()
        os.fsync(file.fileno())
    return manifest


def _add_files(instance: Instance, tar: tarfile.TarFile) -> int:
    """Add the bytes of all stored files and return how many.

    They are listed after the dump, so that every row in it has its bytes; more than it needs do no harm.
    """
    folder, count = instance.settings.home / FILES, 0
    query = select(file_object.c.path).where(file_object.c.state == "stored").order_by(file_object.c.id)
    with instance.read(SYSTEM, Channel.EXPORT) as uow:
        paths = list(uow.conn.execute(query).scalars())
    for path in paths:
        if (folder / path).is_file():
            tar.add(folder / path, f"{FILES}/{path}")
            count += 1
    return count


def _manifest(instance: Instance, dumped: Path, files: int, with_secrets: bool) -> Manifest:
    return Manifest(
        format=FORMAT,
        database=instance.engine.dialect.name,
        revision=revision_of(instance) or "",
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        database_sha256=digest_of(dumped),
        files=files,
        secrets=with_secrets,
        keys=fingerprint(instance.secrets),
    )


def _add_manifest(tar: tarfile.TarFile, manifest: Manifest) -> None:
    """It comes last, so that a backup without it is known not to be whole."""
    content = manifest.to_bytes()
    member = tarfile.TarInfo(MANIFEST)
    member.size = len(content)
    tar.addfile(member, io.BytesIO(content))

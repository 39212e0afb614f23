"""Restoring a backup: checked whole before anything is touched, then put in place."""

from __future__ import annotations

import os
import re
import shutil
import tarfile
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from zhenshu.audit import anchor_head, record
from zhenshu.backup import database
from zhenshu.backup.errors import BackupDamaged, NotEmpty, SecretsDiffer, WrongDatabase
from zhenshu.backup.manifest import DATABASE, FILES, MANIFEST, SECRETS, Manifest, digest_of, fingerprint
from zhenshu.db.migrations import SchemaTooNew, knows, upgrade
from zhenshu.process.only_one import not_running
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import NAMES, Secrets, SecretsMissing
from zhenshu.security.subject import SYSTEM

if TYPE_CHECKING:
    from zhenshu.instance import Instance

MEMBER = re.compile(
    rf"{DATABASE}|{MANIFEST}|{FILES}/[0-9a-f]{{2}}/[0-9a-f]{{32}}"
    rf"|{SECRETS}/({'|'.join(NAMES)}|(wrapping|index)-[1-9][0-9]*)\.key"
)


def restore(instance: Instance, source: Path, force: bool = False) -> Manifest:
    """Make `instance` what it was when the backup `source` was written.

    Raises:
        BackupDamaged, WrongDatabase, SecretsDiffer, SchemaTooNew: when it can't be used.
        NotEmpty: when the instance holds data and `force` is not given.
        InstanceRunning: when the instance is being served.
    In all these cases nothing was changed.
    """
    home = instance.settings.home
    home.mkdir(parents=True, exist_ok=True, mode=0o700)
    with TemporaryDirectory(dir=home, prefix=".restoring-") as scratch:
        manifest = _unpack(source, Path(scratch))
        _check(instance, manifest, Path(scratch), force)
        with not_running(instance):
            _put_in_place(instance, manifest, Path(scratch))
    upgrade(instance)
    anchor_head(instance, restored=True)
    with instance.write(SYSTEM, Channel.API) as uow:
        record(uow, "restore", "instance", "", detail={"made_at": manifest.created_at})
    return manifest


def _unpack(source: Path, target: Path) -> Manifest:
    try:
        with tarfile.open(source, "r:") as tar:
            names = tar.getnames()
            if not names or names[-1] != MANIFEST:
                raise BackupDamaged(path=source, reason="its end is missing", reason_zh="结尾缺失")
            if strange := [name for name in names if not MEMBER.fullmatch(name)]:
                reason, reason_zh = f"it holds {strange[0]!r}", f"含有不属于备份的 {strange[0]!r}"
                raise BackupDamaged(path=source, reason=reason, reason_zh=reason_zh)
            tar.extractall(target, filter="data")
    except (tarfile.TarError, EOFError) as error:
        raise BackupDamaged(path=source, reason="it can't be read", reason_zh="无法读取") from error
    manifest = Manifest.from_bytes((target / MANIFEST).read_bytes(), source)
    files = sum(name.startswith(f"{FILES}/") for name in names)
    if files != manifest.files or digest_of(target / DATABASE) != manifest.database_sha256:
        raise BackupDamaged(path=source, reason="its parts do not fit together", reason_zh="各部分不一致")
    return manifest


def _check(instance: Instance, manifest: Manifest, unpacked: Path, force: bool) -> None:
    needed = database.url_of(instance).get_backend_name()
    if manifest.database != needed:
        raise WrongDatabase(found=manifest.database, needed=needed)
    if not knows(manifest.revision):
        raise SchemaTooNew(found=manifest.revision)
    if not force and not database.is_empty(instance):
        raise NotEmpty
    folder = instance.settings.secrets_folder
    if not _fits(unpacked / SECRETS if manifest.secrets else folder, manifest):
        raise SecretsDiffer(folder=folder)


def _fits(folder: Path, manifest: Manifest) -> bool:
    try:
        return fingerprint(Secrets.load(folder)) == manifest.keys
    except SecretsMissing:
        return False


def _put_in_place(instance: Instance, manifest: Manifest, unpacked: Path) -> None:
    """First what the new database needs, then the database itself."""
    home = instance.settings.home
    for path in sorted((unpacked / FILES).rglob("*")):
        if path.is_file():
            target = home / FILES / path.relative_to(unpacked / FILES)
            target.parent.mkdir(parents=True, exist_ok=True)
            os.replace(path, target)  # the same file, if it is there: names are random and never reused
    if manifest.secrets:
        _put_secrets(unpacked / SECRETS, instance.settings.secrets_folder)
    database.replace(instance, unpacked / DATABASE)


def _put_secrets(unpacked: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for key in sorted(unpacked.glob("*.key")):
        part = folder / f".{key.name}.part"
        shutil.copyfile(key, part)
        part.chmod(0o600)
        os.replace(part, folder / key.name)

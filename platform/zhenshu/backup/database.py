"""Dumping a database as it is at one moment, and putting a dump in its place, whole or not at all."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect
from sqlalchemy.engine import URL, make_url

from zhenshu.backup.errors import BackupDamaged, ToolFailed, ToolMissing

if TYPE_CHECKING:
    from zhenshu.instance import Instance

REPLACE_SCHEMA = "DROP SCHEMA IF EXISTS public CASCADE; CREATE SCHEMA public"


def url_of(instance: Instance) -> URL:
    return make_url(instance.settings.url)


def is_empty(instance: Instance) -> bool:
    """Whether the database holds no table yet; a SQLite file that is not there is not made."""
    url = url_of(instance)
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        return True
    return not inspect(instance.engine).get_table_names()


def dump(instance: Instance, target: Path) -> None:
    """Write the database to the new file `target`; others go on reading and writing."""
    url = url_of(instance)
    if url.get_backend_name() == "sqlite":
        with closing(sqlite3.connect(str(url.database))) as conn:
            conn.execute("VACUUM INTO ?", (str(target),))
        return
    _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={target}"], url)


def replace(instance: Instance, source: Path) -> None:
    """Put the dump `source` in the place of the database.

    Raises:
        BackupDamaged: when the dump is not whole. The database is as before.
        ToolFailed: when PostgreSQL refuses it. The database is as before.
    """
    url = url_of(instance)
    instance.close()
    if url.get_backend_name() == "sqlite":
        _replace_sqlite(Path(url.database or ""), source)
    else:
        _replace_postgresql(url, source)


def _replace_sqlite(database: Path, source: Path) -> None:
    part = database.with_name(database.name + ".restoring")
    shutil.copyfile(source, part)
    try:
        _check_sqlite(part, source)
        with part.open("rb") as file:
            os.fsync(file.fileno())
        for suffix in ("-wal", "-shm"):  # they belong to the old file
            database.with_name(database.name + suffix).unlink(missing_ok=True)
        os.replace(part, database)
    finally:
        part.unlink(missing_ok=True)


def _check_sqlite(part: Path, source: Path) -> None:
    try:
        with closing(sqlite3.connect(part)) as conn:
            found = conn.execute("PRAGMA integrity_check").fetchone()[0]
    except sqlite3.DatabaseError as error:
        reason, reason_zh = "its database can't be read", "其中的数据库无法读取"
        raise BackupDamaged(path=source.name, reason=reason, reason_zh=reason_zh) from error
    if found != "ok":
        raise BackupDamaged(
            path=source.name, reason="its database is damaged", reason_zh="其中的数据库已损坏"
        )


def _replace_postgresql(url: URL, source: Path) -> None:
    script = source.with_suffix(".sql")
    _run("pg_restore", ["--no-owner", "--no-privileges", f"--file={script}", str(source)])
    options = ["--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--no-psqlrc"]
    _run("psql", [*options, "--output=/dev/null", f"--command={REPLACE_SCHEMA}", f"--file={script}"], url)


def _run(name: str, arguments: Sequence[str], url: URL | None = None) -> None:
    """Run one of PostgreSQL's own programs, on the database of `url` if given.

    The password travels in the environment, never on the command line, which every user can read.
    """
    given = {} if url is None else _connection(url)
    done = subprocess.run(
        [_program(name), *arguments], env=os.environ | given, capture_output=True, text=True, check=False
    )
    if done.returncode:
        detail = next(iter(done.stderr.strip().splitlines()), f"exit code {done.returncode}")
        raise ToolFailed(name=name, detail=detail)


def _connection(url: URL) -> dict[str, str]:
    host = url.host or url.query.get("host") or ""
    known = {
        "PGHOST": host if isinstance(host, str) else ",".join(host),
        "PGPORT": str(url.port or ""),
        "PGUSER": url.username or "",
        "PGPASSWORD": url.password or "",
        "PGDATABASE": url.database or "",
    }
    return {name: value for name, value in known.items() if value}


def _program(name: str) -> str:
    """The newest program of this name: the one on the PATH, else among Debian's server folders."""
    if found := shutil.which(name):
        return found
    folders = Path("/usr/lib/postgresql").glob("*/bin")
    for folder in sorted(folders, key=lambda path: int(path.parent.name), reverse=True):
        if (folder / name).exists():
            return str(folder / name)
    raise ToolMissing(name=name)

"""Migrated databases, as copies of one for which the scripts ran once in this process."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from sqlalchemy.engine import make_url

from tests.postgres import Cluster
from zhenshu.db.migrations import upgrade
from zhenshu.instance import Instance
from zhenshu.settings import Settings

TEMPLATE = "migrated"


def migrate(instance: Instance) -> None:
    """Bring the database of a new instance to the newest revision; one on SQLite may not be there yet."""
    file = Path(make_url(instance.settings.url).database or "")
    if instance.engine.dialect.name == "sqlite" and not file.exists():
        file.write_bytes(_sqlite_file())
    else:
        upgrade(
            instance
        )  # a database of PostgreSQL is a copy of the template as a rule, so little is left to do


@cache
def postgresql_template(cluster: Cluster) -> str:
    """The name of a migrated database in the cluster."""
    cluster.create(TEMPLATE)
    with tempfile.TemporaryDirectory() as folder:
        _make(cluster.url(TEMPLATE), folder)
    return TEMPLATE


@cache
def _sqlite_file() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "migrated.db"
        _make(f"sqlite:///{file}", folder)
        return file.read_bytes()


def _make(database_url: str, folder: str) -> None:
    instance = Instance(Settings(home=Path(folder), database_url=database_url, busy_seconds=5))
    upgrade(instance)
    instance.close()

"""Shells: one over the live lung database, one over a fresh instance."""

from pathlib import Path

import pytest

from tests.instances import an_instance
from tests.metamodel.commands.shell import Shell
from tests.metamodel.live import Desk
from tests.metamodel.lung import desk, postgresql_lung, sqlite_lung

__all__ = ["desk", "postgresql_lung", "sqlite_lung"]


@pytest.fixture
def lung(desk: Desk) -> Shell:
    """The command line of an instance with the live lung database, on SQLite and on PostgreSQL."""
    return Shell(desk.instance.settings)


@pytest.fixture
def fresh(tmp_path: Path, database_url: str) -> Shell:
    """The command line of an instance that has no definitions yet."""
    instance = an_instance(tmp_path / "home", database_url)
    instance.close()
    return Shell(instance.settings)

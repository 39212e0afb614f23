"""An instance with its roles, on SQLite and on PostgreSQL."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.instances import an_instance
from zhenshu.instance import Instance
from zhenshu.security import passwords
from zhenshu.security.roles import sync_roles


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real scrypt with a small cost, so that a test that signs in ten times takes no seconds."""
    monkeypatch.setattr(passwords, "METHOD", "scrypt:1024:8:1")


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Iterator[Instance]:
    made = an_instance(tmp_path / "home", database_url)
    sync_roles(made, [])
    yield made
    made.close()


@pytest.fixture
def embedded(tmp_path: Path) -> Iterator[Instance]:
    """The same on SQLite only, for what no database could change."""
    made = an_instance(tmp_path / "home")
    sync_roles(made, [])
    yield made
    made.close()

"""An instance on each database, for tests of stored definitions."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.instances import an_instance
from zhenshu.instance import Instance


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Iterator[Instance]:
    """A fresh instance; the test runs once on SQLite, once on PostgreSQL."""
    made = an_instance(tmp_path / "home", database_url)
    yield made
    made.close()

"""Fixtures of the exchange tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.instances import an_instance
from tests.metamodel.exchange.moving import Mover


@pytest.fixture
def mover(tmp_path: Path, database_url: str) -> Iterator[Mover]:
    """Imports and exports on a fresh instance; the test runs once on SQLite, once on PostgreSQL."""
    instance = an_instance(tmp_path / "home", database_url)
    yield Mover(instance)
    instance.close()

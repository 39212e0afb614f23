"""Instances with a small live database that plans change."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.instances import an_instance
from tests.metamodel.plans.world import World


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> Iterator[World]:
    """A fresh instance; the test runs once on SQLite, once on PostgreSQL."""
    instance = an_instance(tmp_path / "home", database_url)
    yield World(instance)
    instance.close()

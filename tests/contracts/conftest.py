"""What the contracts are tried on: a fresh instance, the shipped definitions, the live lung database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from metamodel.seeding import plant
from tests.instances import an_instance
from tests.metamodel.lung import desk, postgresql_lung, sqlite_lung
from tests.seeds import seeds_with
from zhenshu.instance import Instance

__all__ = ["desk", "postgresql_lung", "sqlite_lung"]


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Iterator[Instance]:
    instance = an_instance(tmp_path / "home", database_url)
    yield instance
    instance.close()


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance with definitions that ship, on SQLite."""
    folder = tmp_path_factory.mktemp("seeded")
    instance = an_instance(folder / "home")
    plant(instance, seeds_with(folder / "seeds", "lung_nodule"))
    yield instance
    instance.close()

"""Fixtures of the audit tests."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.instances import an_instance
from zhenshu.instance import Instance


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Iterator[Instance]:
    made = an_instance(tmp_path / "home", database_url)
    yield made
    made.close()


@pytest.fixture
def make(tmp_path: Path) -> Callable[[str], Instance]:
    """Makes an instance on a given database."""
    return lambda database_url: an_instance(tmp_path / "home", database_url)

"""Fixtures of the notices tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.instances import an_instance
from zhenshu.instance import Instance


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Iterator[Instance]:
    made = an_instance(tmp_path / "home", database_url)
    yield made
    made.close()

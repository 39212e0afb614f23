"""A site of all rooms over a copy of the live lung database, and what its people send."""

from pathlib import Path

import pytest

from tests.assembly.house import ROOMS
from tests.metamodel.api.office import Office, an_office
from tests.metamodel.live import Desk
from tests.metamodel.lung import desk, postgresql_lung, sqlite_lung

__all__ = ["desk", "postgresql_lung", "sqlite_lung"]


@pytest.fixture
def office(desk: Desk, tmp_path: Path, cheap_hashes: None) -> Office:
    """The lung database served; the test runs once on SQLite, once on PostgreSQL."""
    return an_office(desk.instance, ROOMS, tmp_path)

"""Fixtures that every room's tests may use: databases, Redis, and the folder of real test data."""

import logging
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from tests.folders import temporary_root
from tests.migrated import postgresql_template
from tests.postgres import Cluster, find_binaries
from tests.redis_server import RedisServer
from tests.servers import unavailable
from tests.sites import any_site, cheap_hashes, new_site, site
from tests.watching import watched
from zhenshu import logs

__all__ = ["any_site", "cheap_hashes", "new_site", "site", "watched"]  # fixtures of files of their own

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)]

os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(temporary_root()))  # pytest makes its folders in it

# Unattended runs generate the same examples each time; at one's desk they differ, to find more.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(autouse=True)
def logging_as_it_was() -> Iterator[None]:
    """Take back what a command or a process under test did to this process's loggers."""
    loggers = [logging.getLogger(), *(logging.getLogger(name) for name in (*logs.ROOMS, "kombu.connection"))]
    before = [(one, one.level, list(one.handlers)) for one in loggers]
    yield
    for one, level, handlers in before:
        one.setLevel(level)
        one.handlers[:] = handlers


@pytest.fixture(scope="session")
def postgresql_cluster() -> Iterator[Cluster]:
    """A private PostgreSQL cluster, one per test process (so one per xdist worker), started on first use."""
    binaries = find_binaries()
    if binaries is None:
        unavailable("PostgreSQL 15 or later")
    cluster = Cluster(binaries)
    yield cluster
    cluster.stop()


@pytest.fixture
def postgresql_url(postgresql_cluster: Cluster) -> Iterator[str]:
    """The SQLAlchemy URL of a fresh, empty PostgreSQL database, dropped after the test."""
    with postgresql_cluster.database() as url:
        yield url


@pytest.fixture
def migrated_postgresql_url(postgresql_cluster: Cluster) -> Iterator[str]:
    """The SQLAlchemy URL of a PostgreSQL database with the platform's empty tables."""
    with postgresql_cluster.database(postgresql_template(postgresql_cluster)) as url:
        yield url


@pytest.fixture(params=BOTH)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The SQLAlchemy URL of a fresh database for an instance: once on SQLite, once on PostgreSQL."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("migrated_postgresql_url")
    return url


@pytest.fixture(params=BOTH)
def empty_database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """As `database_url`, without any table."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'test.db'}"
    url: str = request.getfixturevalue("postgresql_url")
    return url


@pytest.fixture(scope="session")
def redis_server() -> Iterator[RedisServer]:
    """A private Redis server, one per test process, started on first use."""
    program = shutil.which("redis-server")
    if program is None:
        unavailable("redis-server")
    server = RedisServer(Path(program))
    yield server
    server.stop()


@pytest.fixture
def redis_url(redis_server: RedisServer) -> str:
    """The URL of an empty Redis database."""
    redis_server.empty()
    return redis_server.url


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of real files named by ZHENSHU_TEST_DATA; use it in tests marked `realdata`."""
    folder = os.environ.get("ZHENSHU_TEST_DATA")
    if not folder:
        unavailable("ZHENSHU_TEST_DATA, the folder of real test data,")
    return Path(folder)

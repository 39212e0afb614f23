"""The tests' own PostgreSQL cluster: every test gets an empty, separate, Chinese-ready database."""

import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

from tests.postgres import Cluster

pytestmark = pytest.mark.postgresql

TABLES = text("SELECT count(*) FROM pg_catalog.pg_tables WHERE schemaname = 'public'")


def tables_after_adding_one(url: str) -> int:
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE patient (name text)"))
        count: int = connection.execute(TABLES).scalar_one()
    engine.dispose()
    return count


def database_names(url: str) -> Sequence[str]:
    with create_engine(url).connect() as connection:
        return connection.execute(text("SELECT datname FROM pg_database")).scalars().all()


def test_two_databases_do_not_see_each_other(postgresql_cluster: Cluster) -> None:
    with postgresql_cluster.database() as first, postgresql_cluster.database() as second:
        assert first != second
        assert tables_after_adding_one(first) == 1
        assert tables_after_adding_one(second) == 1


@pytest.mark.parametrize("_again", [1, 2])
def test_each_test_starts_with_an_empty_database(postgresql_url: str, _again: int) -> None:
    assert tables_after_adding_one(postgresql_url) == 1


def test_a_database_left_open_is_still_dropped(postgresql_cluster: Cluster) -> None:
    with postgresql_cluster.database() as url:
        engine = create_engine(url)
        left_open = engine.connect()
        left_open.execute(TABLES)

    with postgresql_cluster.database() as other:
        assert url.rsplit("/", 1)[1] not in database_names(other)


def test_chinese_text_is_stored_and_classified(postgresql_url: str) -> None:
    """C.UTF-8 knows Chinese characters as letters, which pg_trgm needs; plain C does not."""
    with create_engine(postgresql_url).connect() as connection:
        row = connection.execute(text("SELECT '结节' ~ '^[[:alpha:]]+$', length('结节')")).one()
    assert tuple(row) == (True, 2)


def test_the_cluster_goes_when_its_test_process_is_killed() -> None:
    program = (
        "from tests.postgres import Cluster, find_binaries; import time\n"
        "cluster = Cluster(find_binaries()); print(cluster._folder, flush=True); time.sleep(60)"
    )
    child = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    folder = Path(child.stdout.readline().strip())
    assert folder.is_dir()

    child.send_signal(signal.SIGKILL)
    child.wait()

    deadline = time.monotonic() + 10
    while folder.exists() and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not folder.exists()

"""The three back ends as fixtures; a test that asks for `back_end` runs once on each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from tests.postgres import Cluster
from tests.rules_dsl.back_ends import BackEnd, PythonBackEnd, SqlBackEnd, sqlite_back_end


@pytest.fixture(scope="session")
def postgresql_back_end(postgresql_cluster: Cluster) -> Iterator[SqlBackEnd]:
    with postgresql_cluster.database() as url:
        engine = create_engine(url)
        yield SqlBackEnd(engine)
        engine.dispose()


@pytest.fixture(scope="session")
def sqlite() -> SqlBackEnd:
    return sqlite_back_end()


@pytest.fixture(params=["python", "sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def back_end(request: pytest.FixtureRequest) -> BackEnd:
    match request.param:
        case "python":
            return PythonBackEnd()
        case "sqlite":
            found: BackEnd = request.getfixturevalue("sqlite")
        case _:
            found = request.getfixturevalue("postgresql_back_end")
    return found

"""The back ends as fixtures; a test that asks for `back_end` runs once on each."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import create_engine

from rules_dsl.errors import NodeMissing
from rules_dsl.typescript import TypeScriptRunner
from tests.postgres import Cluster
from tests.rules_dsl.back_ends import (
    BackEnd,
    PythonBackEnd,
    SqlBackEnd,
    TypeScriptBackEnd,
    sqlite_back_end,
)
from tests.servers import unavailable


@pytest.fixture(scope="session")
def postgresql_back_end(postgresql_cluster: Cluster) -> Iterator[SqlBackEnd]:
    with postgresql_cluster.database() as url:
        engine = create_engine(url)
        yield SqlBackEnd(engine)
        engine.dispose()


@pytest.fixture(scope="session")
def sqlite() -> SqlBackEnd:
    return sqlite_back_end()


@pytest.fixture(scope="session")
def typescript() -> Iterator[TypeScriptBackEnd]:
    """The pages' interpreter in one process for all tests."""
    try:
        runner = TypeScriptRunner()
    except NodeMissing:
        unavailable("Node.js")
    with runner:
        yield TypeScriptBackEnd(runner)


@pytest.fixture(params=["python", "sqlite", "ts", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def back_end(request: pytest.FixtureRequest) -> BackEnd:
    match request.param:
        case "python":
            return PythonBackEnd()
        case "sqlite":
            found: BackEnd = request.getfixturevalue("sqlite")
        case "ts":
            found = request.getfixturevalue("typescript")
        case _:
            found = request.getfixturevalue("postgresql_back_end")
    return found

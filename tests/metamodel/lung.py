"""Fixtures of tests that work with the live lung database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.metamodel.live import LUNG, Desk
from tests.metamodel.templates import Template
from tests.postgres import Cluster


@pytest.fixture(scope="session")
def sqlite_lung(tmp_path_factory: pytest.TempPathFactory) -> Template:
    return Template(tmp_path_factory.mktemp("sqlite") / "home", "", LUNG)


@pytest.fixture(scope="session")
def postgresql_lung(
    tmp_path_factory: pytest.TempPathFactory, postgresql_cluster: Cluster
) -> Iterator[Template]:
    with postgresql_cluster.database() as url:
        yield Template(tmp_path_factory.mktemp("postgresql") / "home", url, LUNG)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def desk(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Desk]:
    """The live lung database and the system itself at work on it, on SQLite and on PostgreSQL."""
    template: Template = request.getfixturevalue(f"{request.param}_lung")
    with template.copied(tmp_path / "home") as desk:
        yield desk

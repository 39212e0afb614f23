"""The castle: built once per test process on SQLite, and copied for each test."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.assembly.house import ROOMS
from tests.attack.castle import Castle, fill
from tests.instances import an_instance
from tests.site import Site
from zhenshu.instance import Instance
from zhenshu.jobs import bind_jobs
from zhenshu.security.subjects import load_subject
from zhenshu.settings import Settings


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The home of a closed instance that `fill` filled."""
    home = tmp_path_factory.mktemp("castle") / "home"
    instance = an_instance(home)
    fill(instance)
    instance.close()
    return home


@pytest.fixture
def castle(built: Path, tmp_path: Path, cheap_hashes: None) -> Iterator[Castle]:
    """A castle of one's own. No worker runs beside it: `Person.finish` runs a job when the test says so."""
    shutil.copytree(built, tmp_path / "home")
    instance = Instance(Settings(home=tmp_path / "home", busy_seconds=5))
    (tmp_path / "no-pages").mkdir()
    kinds = [kind for room in ROOMS for kind in room.jobs]
    bind_jobs(instance, kinds, load_subject=load_subject, wake=lambda queue, job: None)
    yield Castle(Site(instance, ROOMS, tmp_path / "no-pages"))
    instance.close()

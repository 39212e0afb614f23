"""Sites: applications on fresh databases."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from tests.instances import an_instance
from tests.site import Site
from zhenshu.rooms import Room
from zhenshu.security import passwords


@pytest.fixture
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real scrypt with a small cost, so that a test that signs in ten times takes no seconds."""
    monkeypatch.setattr(passwords, "METHOD", "scrypt:1024:8:1")


@pytest.fixture
def new_site(tmp_path: Path, cheap_hashes: None) -> Iterator[Callable[..., Site]]:
    """Makes sites; on SQLite unless a URL says otherwise."""
    made: list[Site] = []

    def make(url: str = "", rooms: Sequence[Room] = (), **settings: object) -> Site:
        no_pages = tmp_path / "no-pages"
        no_pages.mkdir(exist_ok=True)
        made.append(Site(an_instance(tmp_path / f"home{len(made)}", url, **settings), rooms, no_pages))
        return made[-1]

    yield make
    for site in made:
        site.instance.close()


@pytest.fixture
def site(new_site: Callable[..., Site]) -> Site:
    """A site on SQLite."""
    return new_site()


@pytest.fixture
def any_site(new_site: Callable[..., Site], database_url: str) -> Site:
    """A site on SQLite and, in a second run of the test, on PostgreSQL."""
    return new_site(database_url)

"""Fixtures of the command line's tests."""

from collections.abc import Callable
from pathlib import Path

import click
import pytest

from tests.zhenshu.cli.house import House, a_room
from zhenshu.settings import Settings


@pytest.fixture
def make_house(tmp_path: Path) -> Callable[..., House]:
    """Makes houses on given databases, each in a folder of its own."""
    count = iter(range(100))

    def make(database_url: str = "", *commands: click.Command) -> House:
        settings = Settings(home=tmp_path / f"home-{next(count)}", database_url=database_url, busy_seconds=5)
        house = House(settings)
        house.rooms.append(a_room(house, *commands))
        return house

    return make


@pytest.fixture
def house(make_house: Callable[..., House], empty_database_url: str) -> House:
    return make_house(empty_database_url)

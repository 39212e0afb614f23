"""`check_storage` tells where tables and metadata part."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from metamodel.storage.check import check_storage
from tests.instances import an_instance
from tests.metamodel.plans.world import API, LI, World, database, field, record_type


@pytest.fixture
def world(tmp_path: Path, database_url: str) -> Iterator[World]:
    """A published database of two parts with a record."""
    world = World(an_instance(tmp_path / "home", database_url))
    kinds = ("string", "decimal", "boolean", "date", "datetime", "time", "float", "long_text", "integer")
    fields = [field(f"v{n}", kinds[n % len(kinds)]) for n in range(260)]
    world.publish(database(record_type("patient", *fields, key="v0")))
    world.add("patient", {"v0": "a"})
    yield world
    world.instance.close()


def tamper(world: World, *statements: str) -> None:
    """`{main}` and `{part}` stand for the tables, `{column}` for that of field v4."""
    _, column = world.column("patient", "v4")
    with world.instance.write(LI, API) as uow:
        main, part = world.type(uow, "patient").tables
        for statement in statements:
            uow.conn.execute(text(statement.format(main=main.name, part=part.name, column=column)))


def test_what_a_publish_made_is_in_order(world: World) -> None:
    assert check_storage(world.instance) == []


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        (["DROP TABLE {part}"], "_p2 is missing"),
        (["ALTER TABLE {main} DROP COLUMN {column}"], "has no column c"),
        (
            [
                "ALTER TABLE {main} DROP COLUMN {column}",
                "ALTER TABLE {main} ADD COLUMN {column} INTEGER",
            ],
            "is INTEGER, not ",
        ),
        (["DELETE FROM {part}"], "different numbers of rows"),
        (["UPDATE plan SET state = 'expanded', lease_owner = 'dead'"], "stopped in state expanded"),
    ],
)
def test_what_is_wrong_is_named(world: World, statements: list[str], said: str) -> None:
    tamper(world, *statements)

    [line] = check_storage(world.instance)

    assert said in line
    assert line.startswith("lung")

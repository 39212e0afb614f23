"""How record types lie in tables."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import MetaData, Text, inspect
from sqlalchemy.exc import IntegrityError

from metamodel.storage import FIELDS_PER_PART, SYSTEM_COLUMNS, build_table, key_index, next_record_ids
from metamodel.storage.layout import assign_parts, table_name
from metamodel.storage.record_ids import last_record_id
from tests.instances import an_instance
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Instance:
    return an_instance(tmp_path / "home", database_url)


@given(st.lists(st.integers(1, 700), min_size=1, max_size=6))
def test_parts_fill_up_in_order_and_never_overflow(batches: list[int]) -> None:
    counts: list[int] = []
    for new in batches:
        parts = assign_parts(counts, new)
        assert parts == sorted(parts)
        for part in parts:
            counts += [0] * (part + 1 - len(counts))
            counts[part] += 1
    assert max(counts) <= FIELDS_PER_PART
    assert all(count == FIELDS_PER_PART for count in counts[:-1])


def test_tables_are_named_by_numbers_alone() -> None:
    assert [table_name(3, 12, part) for part in range(3)] == ["d3_12", "d3_12_p2", "d3_12_p3"]


def test_a_further_part_has_no_system_column_but_the_id() -> None:
    metadata = MetaData()
    main = build_table("d1_1", 0, [("c1", Text())], metadata)
    part = build_table("d1_1_p2", 1, [("c2", Text())], metadata)

    assert main.c.keys() == [*SYSTEM_COLUMNS, "c1"]
    assert part.c.keys() == ["id", "c2"]


def test_a_key_and_a_repeat_are_unique_outside_the_trash(instance: Instance) -> None:
    table = build_table("d1_1", 0, [("c1", Text())], MetaData())
    key_index(table, "c1")
    row: dict[str, object] = {
        "release_id": 1,
        "row_version": 1,
        "status": "active",
        "event": "v1",
        "repeat_key": 1,
    }
    with instance.write(SYSTEM, Channel.API) as uow:
        table.create(uow.conn)
        uow.conn.execute(table.insert(), row | {"id": 1, "parent": 7, "c1": "a"})
        for id_ in (2, 3):
            uow.conn.execute(table.insert(), row | {"id": id_, "c1": None})
        uow.conn.execute(table.insert(), row | {"id": 9, "parent": 7, "c1": "a", "status": "trashed"})
    twins: list[dict[str, object]] = [{"c1": "a"}, {"parent": 7, "c1": "b"}]
    for twice in twins:
        with pytest.raises(IntegrityError), instance.write(SYSTEM, Channel.API) as uow:
            uow.conn.execute(table.insert(), row | twice | {"id": 10})


def test_a_record_id_is_the_rows_address_on_sqlite(tmp_path: Path) -> None:
    instance = an_instance(tmp_path / "home")
    with instance.write(SYSTEM, Channel.API) as uow:
        build_table("d1_1", 0, [], MetaData()).create(uow.conn)
        kinds = {column["name"]: str(column["type"]) for column in inspect(uow.conn).get_columns("d1_1")}
    assert kinds["id"] == "INTEGER"


def test_record_ids_ascend_and_are_never_given_twice(instance: Instance) -> None:
    taken: list[int] = []
    for count in (1, 3, 0, 1_000):
        with instance.write(SYSTEM, Channel.API) as uow:
            taken += next_record_ids(uow, count)
            assert last_record_id(uow.conn) == taken[-1]

    assert len(taken) == 1_004
    assert taken == sorted(set(taken))

"""A stored value survives its JSON form, its text form and a real column on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from sqlalchemy import Column, Engine, Integer, MetaData, Table, insert, select, text

from metamodel.field_types import ALL
from tests.metamodel.field_types.fields import a_field
from tests.metamodel.field_types.strategies import STORED
from zhenshu.db import make_engine

TYPED_VALUES = st.sampled_from(sorted(STORED)).flatmap(lambda name: st.tuples(st.just(name), STORED[name]))


def test_every_type_has_a_strategy() -> None:
    assert set(STORED) == {item.name for item in ALL}


@given(TYPED_VALUES)
def test_json_reads_back(typed: tuple[str, Any]) -> None:
    name, value = typed
    field = a_field(name)
    shown = field.type.to_json(field)(value)

    assert field.type.reader(field)(shown) == value
    assert Draft202012Validator(field.type.json_schema(field)).is_valid(shown)


@given(TYPED_VALUES)
def test_text_reads_back(typed: tuple[str, Any]) -> None:
    name, value = typed
    field = a_field(name)

    assert field.type.reader(field)(field.type.to_text(field, None)(value)) == value


SAMPLES: dict[str, Any] = {
    "string": "O'Brien 张三",
    "long_text": "第一行\n第二行",
    "integer": 2**63 - 1,
    "decimal": Decimal("92233720368547758.07"),
    "float": 0.1,
    "boolean": True,
    "date": date(1, 1, 1),
    "datetime": datetime(2026, 3, 5, 14, 20),
    "time": time(9, 5),
    "choice": "9",
    "multi_choice": ["1", "9"],
    "calculated": -1.5,
}


@pytest.fixture
def engine(empty_database_url: str) -> Iterator[Engine]:
    made = make_engine(empty_database_url)
    yield made
    made.dispose()


def test_columns_give_back_what_they_took(engine: Engine) -> None:
    columns = [Column(name, a_field(name).type.column_type(a_field(name))) for name in SAMPLES]
    table = Table("sample", MetaData(), Column("id", Integer, primary_key=True), *columns)

    with engine.begin() as conn:
        table.create(conn)
        conn.execute(insert(table), {"id": 1} | SAMPLES)
        conn.execute(insert(table), {"id": 2})
        first, second = conn.execute(select(*columns).order_by(table.c.id)).all()

    assert dict(first._mapping) == SAMPLES
    assert set(second) == {None}


def test_sqlite_stores_moments_as_text_that_sorts(tmp_path: Any) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'moments.db'}")
    names = ("date", "datetime", "time", "decimal", "multi_choice", "boolean")
    columns = [Column(name, a_field(name).type.column_type(a_field(name))) for name in names]
    table = Table("sample", MetaData(), *columns)

    with engine.begin() as conn:
        table.create(conn)
        conn.execute(insert(table), {name: SAMPLES[name] for name in names})
        row = conn.execute(text(f"SELECT {', '.join(names)} FROM sample")).one()

    assert tuple(row) == ("0001-01-01", "2026-03-05 14:20:00", "09:05:00", 2**63 - 1, '["1","9"]', 1)
    engine.dispose()

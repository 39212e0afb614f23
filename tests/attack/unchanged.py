"""Whether what was tried left anything behind in the database."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import MetaData, select

from tests.attack.castle import Castle
from zhenshu.instance import Instance

# What a refused request may write: that it came, and when the login or token was last used.
BOOKKEEPING = {
    "audit_entry",
    "audit_patient",
    "api_token",
    "login_session",
    "login_attempt",
    "login_throttle",
}


def contents(instance: Instance) -> dict[str, str]:
    """A hash of the rows of each table that is no bookkeeping."""
    with instance.engine.connect() as conn:
        found = MetaData()
        found.reflect(conn)
        tables = [table for name, table in found.tables.items() if name not in BOOKKEEPING]
        return {table.name: _hash(conn.execute(select(table))) for table in tables}


def _hash(rows: Iterable[Any]) -> str:
    return hashlib.sha256("\n".join(sorted(map(repr, rows))).encode()).hexdigest()


@contextmanager
def unchanged(castle: Castle) -> Iterator[None]:
    before = contents(castle.instance)
    yield
    after = contents(castle.instance)
    assert [name for name in before | after if before.get(name) != after.get(name)] == []

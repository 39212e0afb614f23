"""The same question to each back end: what does this rule give for this record?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any, Protocol

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Date,
    DateTime,
    Engine,
    Float,
    MetaData,
    Numeric,
    Table,
    Text,
    Time,
    create_engine,
    event,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from rules_dsl import Context, RuleType, compile_python, parse
from rules_dsl.sql import SqlColumn, SqlRelated, compile_sql, prepare_sqlite

NOW = Context(datetime(2026, 3, 5, 14, 20))
SCALE = 2
Types = Mapping[str, Any]
Record = Mapping[str, Any]

ON_POSTGRESQL: dict[RuleType, TypeEngine[Any]] = {
    RuleType.INTEGER: BigInteger(),
    RuleType.DECIMAL: Numeric(),
    RuleType.NUMBER: Float(),
    RuleType.BOOLEAN: Boolean(),
    RuleType.DATE: Date(),
    RuleType.DATETIME: DateTime(),
    RuleType.TIME: Time(),
    RuleType.CHOICES: JSONB(none_as_null=True),
}
ON_SQLITE: dict[RuleType, TypeEngine[Any]] = {
    RuleType.INTEGER: BigInteger(),
    RuleType.DECIMAL: BigInteger(),
    RuleType.NUMBER: Float(),
    RuleType.BOOLEAN: BigInteger(),
}


class BackEnd(Protocol):
    name: str

    def value(self, rule: str, types: Types, record: Record) -> Any: ...


class PythonBackEnd:
    name = "python"

    def value(self, rule: str, types: Types, record: Record) -> Any:
        return compile_python(parse(rule), types)(record, NOW)


@dataclass
class Stored:
    """The table of one record type, with the tables of its related records, as a resolver of columns."""

    types: Types
    table: Table
    related_to: dict[str, Stored]

    def column(self, path: str) -> SqlColumn:
        kind = self.types[path]
        return SqlColumn(self.table.c[path], kind, SCALE if kind is RuleType.DECIMAL else 0)

    def related(self, path: str) -> SqlRelated:
        head, _, rest = path.partition(".")
        inner = self.related_to[head]
        tied = inner.table.c.parent == self.table.c.id
        if not rest:
            return SqlRelated(inner.table, tied, inner)
        further = inner.related(rest)
        return SqlRelated(inner.table.join(further.source, further.condition), tied, further.columns)


class SqlBackEnd:
    """Puts the record into tables of its own and selects the rule from them; nothing is kept."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.dialect.name
        if self.name == "sqlite":
            event.listen(engine, "connect", lambda connection, _: prepare_sqlite(connection))

    def value(self, rule: str, types: Types, record: Record) -> Any:
        metadata, tables = MetaData(), count(1)
        stored = self._table(types, metadata, tables)
        element = compile_sql(parse(rule), types, stored, self.name, NOW)
        with self._engine.connect() as connection, connection.begin() as transaction:
            metadata.create_all(connection)
            self._insert(connection, stored, record, None, count(1))
            found = connection.execute(select(element).select_from(stored.table)).scalar_one()
            metadata.drop_all(connection)
            transaction.commit()
        return found

    def _table(self, types: Types, metadata: MetaData, tables: Any) -> Stored:
        kinds = ON_SQLITE if self.name == "sqlite" else ON_POSTGRESQL
        columns = [Column(path, kinds.get(kind, Text())) for path, kind in types.items() if is_plain(kind)]
        system = [Column("id", BigInteger()), Column("parent", BigInteger())]
        name = f"t{next(tables)}"
        table = Table(name, metadata, *system, *columns, prefixes=["TEMPORARY"])
        inner = {
            path: self._table(kind, metadata, tables) for path, kind in types.items() if not is_plain(kind)
        }
        return Stored(types, table, inner)

    def _insert(self, connection: Any, stored: Stored, record: Record, parent: int | None, ids: Any) -> None:
        own = next(ids)
        row = {
            path: self._kept(value, stored.types[path])
            for path, value in record.items()
            if is_plain(stored.types[path])
        }
        connection.execute(stored.table.insert().values(id=own, parent=parent, **row))
        for path, inner in stored.related_to.items():
            for related in record.get(path) or []:
                self._insert(connection, inner, related, own, ids)

    def _kept(self, value: Any, kind: RuleType) -> Any:
        if value is None or self.name == "postgresql":
            return value
        if kind is RuleType.DECIMAL:
            return int(Decimal(value) * 10**SCALE)
        if kind is RuleType.CHOICES:
            return "[" + ", ".join('"' + code.replace('"', '\\"') + '"' for code in value) + "]"
        return value.isoformat(" ") if isinstance(value, datetime) else _iso(value)


def is_plain(kind: Any) -> bool:
    """Whether a type is that of a value, not of related records."""
    return isinstance(kind, RuleType)


def _iso(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


def sqlite_back_end() -> SqlBackEnd:
    return SqlBackEnd(create_engine("sqlite://"))


__all__ = ["NOW", "BackEnd", "PythonBackEnd", "SqlBackEnd", "sqlite_back_end"]

"""One record in tables of its own, so that a rule can be asked what it gives in a database."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from itertools import count
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Float,
    MetaData,
    Numeric,
    Table,
    Text,
    Time,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import TypeEngine

from rules_dsl.sql.compiler import Dialect, compile_sql
from rules_dsl.sql.resolver import SqlColumn, SqlRelated
from rules_dsl.tree import Tree
from rules_dsl.types import RuleType
from rules_dsl.values import Context, Missing

Types = Mapping[str, Any]
Record = Mapping[str, Any]

_ON_POSTGRESQL: Final[dict[RuleType, TypeEngine[Any]]] = {
    RuleType.INTEGER: BigInteger(),
    RuleType.DECIMAL: Numeric(),
    RuleType.NUMBER: Float(),
    RuleType.BOOLEAN: Boolean(),
    RuleType.DATE: Date(),
    RuleType.DATETIME: DateTime(),
    RuleType.TIME: Time(),
    RuleType.CHOICES: JSONB(none_as_null=True),
}
_ON_SQLITE: Final[dict[RuleType, TypeEngine[Any]]] = {
    RuleType.INTEGER: BigInteger(),
    RuleType.DECIMAL: BigInteger(),
    RuleType.NUMBER: Float(),
    RuleType.BOOLEAN: BigInteger(),
}


def value_in_sql(connection: Connection, tree: Tree, types: Types, record: Record, context: Context) -> Any:
    """The value of the rule for `record`, computed by the database behind `connection`.

    The record goes into temporary tables, which are gone afterwards. On SQLite the connection must have been
    through `prepare_sqlite`.

    Raises:
        RuleError: when the rule does not fit the types, or the database can't run it.
    """
    return _Single(connection).value(tree, types, record, context)


@dataclass
class _Stored:
    """The table of one record type, with the tables of its related records, as a resolver of columns."""

    types: Types
    scales: Mapping[str, int]
    table: Table
    related_to: dict[str, _Stored]

    def column(self, path: str) -> SqlColumn:
        reason = self.table.c[_reason_of(path)]
        return SqlColumn(self.table.c[path], self.types[path], self.scales.get(path, 0), reason)

    def related(self, path: str) -> SqlRelated:
        head, _, rest = path.partition(".")
        inner = self.related_to[head]
        tied = inner.table.c.parent == self.table.c.id
        if not rest:
            return SqlRelated(inner.table, tied, inner)
        further = inner.related(rest)
        return SqlRelated(inner.table.join(further.source, further.condition), tied, further.columns)


class _Single:
    """Puts one record into tables and selects the rule from them."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._dialect: Dialect = "sqlite" if connection.dialect.name == "sqlite" else "postgresql"
        self._metadata = MetaData()
        self._names, self._ids = count(1), count(1)

    def value(self, tree: Tree, types: Types, record: Record, context: Context) -> Any:
        stored = self._table(types, [record])
        element = compile_sql(tree, types, stored, self._dialect, context)
        self._metadata.create_all(self._connection)
        try:
            self._insert(stored, record, None)
            return self._connection.execute(select(element).select_from(stored.table)).scalar_one()
        finally:
            self._metadata.drop_all(self._connection)

    def _table(self, types: Types, records: Iterable[Record]) -> _Stored:
        records = list(records)
        kinds = _ON_SQLITE if self._dialect == "sqlite" else _ON_POSTGRESQL
        plain = {path: kind for path, kind in types.items() if isinstance(kind, RuleType)}
        columns = [Column(path, kinds.get(kind, Text())) for path, kind in plain.items()]
        columns += [Column(_reason_of(path), Text()) for path in plain]
        system = [Column("id", BigInteger()), Column("parent", BigInteger())]
        name = f"rule_record_{next(self._names)}"
        table = Table(name, self._metadata, *system, *columns, prefixes=["TEMPORARY"])
        scales = {path: _scale(records, path) for path, kind in plain.items() if kind is RuleType.DECIMAL}
        inner = {
            path: self._table(kind, _related(records, path))
            for path, kind in types.items()
            if path not in plain
        }
        return _Stored(types, scales, table, inner)

    def _insert(self, stored: _Stored, record: Record, parent: int | None) -> None:
        own = next(self._ids)
        plain = {path: value for path, value in record.items() if path not in stored.related_to}
        row = {path: self._kept(value, path, stored) for path, value in plain.items()}
        row |= {_reason_of(path): value.code for path, value in plain.items() if isinstance(value, Missing)}
        self._connection.execute(stored.table.insert().values(id=own, parent=parent, **row))
        for path, inner in stored.related_to.items():
            for related in record.get(path) or ():
                self._insert(inner, related, own)

    def _kept(self, value: Any, path: str, stored: _Stored) -> Any:
        """The value as the database's tables hold it."""
        if value is None or isinstance(value, Missing):
            return None
        if self._dialect == "postgresql":
            return value
        match stored.types[path]:
            case RuleType.DECIMAL:
                return int(Decimal(str(value)).scaleb(stored.scales[path]))
            case RuleType.CHOICES:
                return json.dumps(list(value), ensure_ascii=False)
            case RuleType.DATETIME if isinstance(value, datetime):
                return value.isoformat(" ")
            case _:
                return value.isoformat() if hasattr(value, "isoformat") else value


def _scale(records: Iterable[Record], path: str) -> int:
    """How many decimals the values of a field have: SQLite keeps decimals as whole numbers."""
    values = [record[path] for record in records if isinstance(record.get(path), Decimal | int | float)]
    exponents = [int(Decimal(str(value)).as_tuple().exponent) for value in values]
    return max((-exponent for exponent in exponents), default=0) if min(exponents, default=0) < 0 else 0


def _related(records: Iterable[Record], path: str) -> Iterator[Record]:
    return (inner for record in records for inner in record.get(path) or ())


def _reason_of(path: str) -> str:
    """The column of the missing code of a field."""
    return f"{path}.reason"

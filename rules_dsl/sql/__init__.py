"""The SQL back end, for SQLite and PostgreSQL: the only part of the rule language that knows SQLAlchemy."""

from __future__ import annotations

from rules_dsl.sql.compiler import Dialect, compile_sql
from rules_dsl.sql.resolver import ProtectedTests, SqlColumn, SqlRelated, SqlResolver
from rules_dsl.sql.single import value_in_sql
from rules_dsl.sql.sqlite import prepare_sqlite

__all__ = [
    "Dialect",
    "ProtectedTests",
    "SqlColumn",
    "SqlRelated",
    "SqlResolver",
    "compile_sql",
    "prepare_sqlite",
    "value_in_sql",
]

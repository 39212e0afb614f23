"""The same question to each back end: what does this rule give for this record?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Protocol

from sqlalchemy import Engine, create_engine, event

from rules_dsl import Context, RuleType, compile_browser, compile_python, parse
from rules_dsl.sql import prepare_sqlite, value_in_sql
from rules_dsl.typescript import TypeScriptRunner

NOW = Context(datetime(2026, 3, 5, 14, 20))
FROM_JSON: dict[RuleType, Callable[[str], Any]] = {
    RuleType.INTEGER: int,
    RuleType.DECIMAL: Decimal,
    RuleType.DATE: date.fromisoformat,
    RuleType.DATETIME: datetime.fromisoformat,
    RuleType.TIME: time.fromisoformat,
}
Types = Mapping[str, Any]
Record = Mapping[str, Any]


class BackEnd(Protocol):
    name: str

    def value(self, rule: str, types: Types, record: Record, context: Context = NOW) -> Any: ...


class PythonBackEnd:
    name = "python"

    def value(self, rule: str, types: Types, record: Record, context: Context = NOW) -> Any:
        return compile_python(parse(rule), types)(record, context)


class TypeScriptBackEnd:
    """The interpreter of the pages, in Node.js."""

    name = "ts"

    def __init__(self, runner: TypeScriptRunner) -> None:
        self._runner = runner

    def value(self, rule: str, types: Types, record: Record, context: Context = NOW) -> Any:
        program = compile_browser(parse(rule), types)
        found = self._runner.value(program, record, context)
        read = FROM_JSON.get(RuleType(program["type"]))
        return read(found) if read is not None and isinstance(found, str) else found


class SqlBackEnd:
    """Puts the record into tables of its own and selects the rule from them; nothing is kept."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self.name = engine.dialect.name
        if self.name == "sqlite":
            event.listen(engine, "connect", lambda connection, _: prepare_sqlite(connection))

    def value(self, rule: str, types: Types, record: Record, context: Context = NOW) -> Any:
        with self._engine.connect() as connection, connection.begin() as transaction:
            found = value_in_sql(connection, parse(rule), types, record, context)
            transaction.commit()
        return found


def sqlite_back_end() -> SqlBackEnd:
    return SqlBackEnd(create_engine("sqlite://"))


__all__ = ["NOW", "BackEnd", "PythonBackEnd", "SqlBackEnd", "TypeScriptBackEnd", "sqlite_back_end"]

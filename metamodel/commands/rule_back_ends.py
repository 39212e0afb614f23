"""The back ends of the rule language, each asked for one record's value from the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

import click
from sqlalchemy import Engine, create_engine, event

from rules_dsl import Context, RuleType, Tree, compile_browser, compile_python
from rules_dsl.sql import prepare_sqlite, value_in_sql
from rules_dsl.typescript import TypeScriptRunner
from zhenshu.instance import Instance

BACK_ENDS: Final = ("python", "sqlite", "postgresql", "ts")
Evaluate = Callable[[Tree, Mapping[str, Any], Mapping[str, Any], Context], Any]

ON = click.option(
    "--on", type=click.Choice(BACK_ENDS), default="python", show_default=True,
    help="What runs the rule. 由哪个后端计算。",
)  # fmt: skip
_FROM_JSON: Final[dict[RuleType, Callable[[str], Any]]] = {
    RuleType.INTEGER: int,
    RuleType.DECIMAL: Decimal,
    RuleType.NUMBER: float,
    RuleType.DATE: date.fromisoformat,
    RuleType.DATETIME: datetime.fromisoformat,
    RuleType.TIME: time.fromisoformat,
}


@contextmanager
def back_end(name: str, instance: Instance) -> Iterator[Evaluate]:
    """The back end `name`: a function of a rule, a record, its types and a context.

    Raises:
        click.ClickException: when it is PostgreSQL and the instance has none.
        NodeMissing: when it is the browser's and there is no Node.js.
    """
    match name:
        case "python":
            yield lambda tree, record, types, context: compile_python(tree, types)(record, context)
        case "ts":
            with TypeScriptRunner() as runner:
                yield lambda tree, record, types, context: _in_browser(runner, tree, record, types, context)
        case "sqlite":
            engine = create_engine("sqlite://")
            event.listen(engine, "connect", lambda connection, _: prepare_sqlite(connection))
            yield _in_database(engine)
            engine.dispose()
        case _:
            if instance.engine.dialect.name != "postgresql":
                raise click.ClickException(
                    "this instance has no PostgreSQL; set ZHENSHU_DATABASE_URL to one 本实例未使用 PostgreSQL"
                )
            yield _in_database(instance.engine)


def _in_database(engine: Engine) -> Evaluate:
    def evaluate(tree: Tree, record: Mapping[str, Any], types: Mapping[str, Any], context: Context) -> Any:
        with engine.connect() as connection:
            found = value_in_sql(connection, tree, types, record, context)
            connection.rollback()
            return found

    return evaluate


def _in_browser(
    runner: TypeScriptRunner,
    tree: Tree,
    record: Mapping[str, Any],
    types: Mapping[str, Any],
    context: Context,
) -> Any:
    program = compile_browser(tree, types)
    found = runner.value(program, record, context)
    read = _FROM_JSON.get(RuleType(program["type"]))
    return read(found) if read is not None and isinstance(found, str) else found

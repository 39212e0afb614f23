"""`let`: an SQL expression that computes values once and uses them several times.

Without it a guard such as `CASE WHEN x > 0 THEN ln(x) END` doubles its argument at each level of nesting.
The inner query can't be merged into the outer one (OFFSET 0 on PostgreSQL, LIMIT on both levels on SQLite),
or the planner would copy the expression after all.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement


class Let(FunctionElement[Any]):
    """`(SELECT body FROM (SELECT value AS v0, ...) AS alias)`; the body names its values `alias.v0`..."""

    name = "let"
    inherit_cache = True

    def __init__(self, alias: str, values: list[ColumnElement[Any]], body: ColumnElement[Any]) -> None:
        super().__init__(body, *values)
        self.alias_name = alias
        self.type = body.type


def _parts(element: Let, compiler: SQLCompiler, **kw: Any) -> tuple[str, str]:
    body, *values = [compiler.process(clause, **kw) for clause in element.clauses]
    return body, ", ".join(f"{value} AS v{index}" for index, value in enumerate(values))


@compiles(Let, "postgresql")
def _postgresql(element: Let, compiler: SQLCompiler, **kw: Any) -> str:
    body, values = _parts(element, compiler, **kw)
    return f"(SELECT {body} FROM (SELECT {values} OFFSET 0) AS {element.alias_name})"


@compiles(Let, "sqlite")
def _sqlite(element: Let, compiler: SQLCompiler, **kw: Any) -> str:
    body, values = _parts(element, compiler, **kw)
    return f"(SELECT {body} FROM (SELECT {values} LIMIT 1) AS {element.alias_name} LIMIT 1)"

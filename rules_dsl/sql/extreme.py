"""The smallest or largest of listed values on SQLite, whose scalar min and max are NULL when one value is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement


class Extreme(FunctionElement[Any]):
    """`(SELECT max(item) FROM (SELECT a AS item UNION ALL VALUES (b), (c)))`, which passes over NULLs."""

    name = "extreme"
    inherit_cache = False  # the kind is no part of the key

    def __init__(self, kind: str, items: Sequence[ColumnElement[Any]]) -> None:
        super().__init__(*items)
        self.kind = kind
        self.type = items[0].type


@compiles(Extreme, "sqlite")
def _sqlite(element: Extreme, compiler: SQLCompiler, **kw: Any) -> str:
    first, *others = [compiler.process(clause, **kw) for clause in element.clauses]
    rows = f"SELECT {first} AS item"
    if others:
        rows += " UNION ALL VALUES " + ", ".join(f"({other})" for other in others)
    return f"(SELECT {element.kind}(item) FROM ({rows}))"

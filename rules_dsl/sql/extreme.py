"""Of listed values the smallest, the largest or those in the middle, passing over NULLs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement


class Extreme(FunctionElement[Any]):
    """`(SELECT max(item) FROM (SELECT a AS item UNION ALL VALUES (b), (c)))`: SQLite's scalar min and max
    are NULL when one value is.
    """

    name = "extreme"
    inherit_cache = False  # the kind is no part of the key

    def __init__(self, kind: str, items: Sequence[ColumnElement[Any]]) -> None:
        super().__init__(*items)
        self.kind = kind
        self.type = items[0].type


class Middle(FunctionElement[Any]):
    """The smaller (`min`) or larger (`max`) of the one or two middle values among listed ones."""

    name = "middle"
    inherit_cache = False  # the kind is no part of the key

    def __init__(self, kind: str, items: Sequence[ColumnElement[Any]]) -> None:
        super().__init__(*items)
        self.kind = kind
        self.type = items[0].type


@compiles(Middle)
def _middle(element: Middle, compiler: SQLCompiler, **kw: Any) -> str:
    placed = (
        "SELECT item, row_number() OVER (ORDER BY item) AS place, count(*) OVER () AS many "
        f"FROM ({_rows(element, compiler, **kw)}) AS listed WHERE item IS NOT NULL"
    )
    condition = "place * 2 BETWEEN many AND many + 2"
    return f"(SELECT {element.kind}(item) FROM ({placed}) AS placed WHERE {condition})"


@compiles(Extreme, "sqlite")
def _sqlite(element: Extreme, compiler: SQLCompiler, **kw: Any) -> str:
    return f"(SELECT {element.kind}(item) FROM ({_rows(element, compiler, **kw)}))"


def _rows(element: FunctionElement[Any], compiler: SQLCompiler, **kw: Any) -> str:
    """A query of the items, one a row; VALUES may be longer than a chain of UNIONs."""
    first, *others = [compiler.process(clause, **kw) for clause in element.clauses]
    rows = f"SELECT {first} AS item"
    return rows + (" UNION ALL VALUES " + ", ".join(f"({other})" for other in others) if others else "")

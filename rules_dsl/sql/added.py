"""`added`: listed doubles from left to right on PostgreSQL, which aborts the query where a total overflows.

Each total on the way is first made of the values divided by a power of two, which costs no digits: where one
of those is beyond the largest double, nothing is added and the sum is missing. No part of the SQL is repeated
or nested, however many values there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from sqlalchemy import Float
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.functions import FunctionElement

from rules_dsl.sql.bounds import WHOLE_RANGE

_SCALE: Final = 2.0**64
_LEAST_SCALED: Final = 1e-200  # smaller ones are nothing beside those that overflow


class Added(FunctionElement[Any]):
    """The values in their order; none of them may be NULL."""

    name = "added"
    inherit_cache = True

    def __init__(self, values: Sequence[ColumnElement[Any]]) -> None:
        super().__init__(*values)
        self.type = Float()


@compiles(Added, "postgresql")
def _postgresql(element: Added, compiler: SQLCompiler, **kw: Any) -> str:
    values = ", ".join(compiler.process(clause, **kw) for clause in element.clauses)
    listed = f"unnest(CAST(ARRAY[{values}] AS DOUBLE PRECISION[])) WITH ORDINALITY AS listed (item, place)"
    small = f"CASE WHEN abs(item) >= {_LEAST_SCALED!r} THEN item * {1 / _SCALE!r} ELSE 0 END"
    return f"""(
        SELECT sum(CASE WHEN peak <= {WHOLE_RANGE[1] / _SCALE!r} THEN item END ORDER BY place) FROM (
            SELECT item, place, max(abs(total)) OVER () AS peak FROM (
                SELECT item, place, sum({small}) OVER (ORDER BY place) AS total
                FROM {listed}
            ) AS totals
        ) AS looked_at
    )"""

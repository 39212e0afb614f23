"""SQLite's parser holds about 100 open symbols; a rule that nests deeper is refused before any query."""

from __future__ import annotations

import sqlite3
from typing import Any, Final

from sqlalchemy import ColumnElement
from sqlalchemy.dialects import sqlite

from rules_dsl.errors import SqlCannotRun

SHALLOW: Final = 5
_TOO_DEEP: Final = ("parser stack overflow", "maximum depth")


def check_nesting(element: ColumnElement[Any], rule: str) -> None:
    """Let SQLite itself read the expression, a few levels down as in a larger query.

    Raises:
        SqlCannotRun: when it nests too deeply for SQLite.
    """
    text = str(element.compile(dialect=sqlite.dialect()))
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute(f"EXPLAIN SELECT 1 WHERE (1 AND (1 AND ({text})))")
    except (sqlite3.OperationalError, sqlite3.ProgrammingError) as error:
        # unknown tables and missing values are no concern here
        if any(problem in str(error) for problem in _TOO_DEEP):
            raise _refused(rule) from None
    finally:
        connection.close()


def _refused(rule: str) -> SqlCannotRun:
    return SqlCannotRun(
        rule,
        (0, len(rule)),
        "Split it into smaller rules.",
        "请拆成几条较小的规则。",
        reason="it nests too deeply for SQLite",
        reason_zh="嵌套过深，超出 SQLite 的限制",
    )

"""The rule language: a rule of five terms, compiled for Python and for SQL over a million rows.

    python -m benchmarks.rules [URL]        Python and SQLite; with a URL PostgreSQL

One line of JSON a measurement, with a reference of the same run: the same rule written by hand in Python
or SQL, with no missing values, no limits and no tolerance.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Engine,
    Float,
    MetaData,
    Numeric,
    Table,
    Text,
    create_engine,
    event,
    func,
    select,
    text,
)

from rules_dsl import Context, RuleType, compile_python, parse
from rules_dsl.sql import Dialect, SqlColumn, SqlRelated, compile_sql, prepare_sqlite

RULE = (
    "[age] >= 60 and [sex] = 'f' and ([size] > 8 or [stage] in ('2','3')) "
    "and not ([smoker] is missing) and round([bmi], 1) < 30"
)
TYPES = {
    "age": RuleType.INTEGER, "sex": RuleType.CHOICE, "size": RuleType.DECIMAL, "stage": RuleType.CHOICE,
    "smoker": RuleType.BOOLEAN, "bmi": RuleType.NUMBER,
}  # fmt: skip
RECORD = {"age": 71, "sex": "f", "size": Decimal("12.5"), "stage": "1", "smoker": True, "bmi": 24.3}
BY_HAND = {
    "sqlite": "age >= 60 AND sex = 'f' AND (size > 800 OR stage IN ('2', '3')) "
    "AND smoker IS NOT NULL AND round(bmi, 1) < 30",
    "postgresql": "age >= 60 AND sex = 'f' AND (size > 8 OR stage IN ('2', '3')) "
    "AND smoker IS NOT NULL AND round(bmi::numeric, 1) < 30",
}
TIMES, ROUNDS = 50_000, 7
ROWS, SCALE = 1_000_000, 2
CONTEXT = Context(datetime(2026, 3, 5))


def by_hand(record: dict[str, Any]) -> bool:
    return bool(
        record["age"] >= 60 and record["sex"] == "f" and (record["size"] > 8 or record["stage"] in ("2", "3"))
        and record["smoker"] is not None and round(record["bmi"], 1) < 30
    )  # fmt: skip


def per_second(act: Callable[[], object]) -> int:
    """The median over rounds; the first warms up."""
    spent = []
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        for _ in range(TIMES):
            act()
        spent.append(time.perf_counter() - begun)
    return round(TIMES / statistics.median(spent[1:]))


def in_python() -> None:
    run = compile_python(parse(RULE), TYPES)
    assert run(RECORD, CONTEXT) is True and by_hand(RECORD)
    compiled = per_second(lambda: run(RECORD, CONTEXT))
    reference = per_second(lambda: by_hand(RECORD))
    figure = {"figure": "rule of five terms", "evaluations_per_second": compiled, "reference": reference}
    print(json.dumps(figure), flush=True)


@dataclass
class Columns:
    """The bench's table as a resolver."""

    table: Table

    def column(self, path: str) -> SqlColumn:
        return SqlColumn(self.table.c[path], TYPES[path], SCALE if path == "size" else 0)

    def related(self, path: str) -> SqlRelated:
        raise KeyError(path)


def table_of(dialect: str) -> Table:
    kinds: dict[str, Any] = {"age": BigInteger(), "sex": Text(), "stage": Text(), "bmi": Float()}
    size, smoker = (BigInteger(), BigInteger()) if dialect == "sqlite" else (Numeric(), Boolean())
    kinds |= {"size": size, "smoker": smoker}
    return Table("rule_bench", MetaData(), *[Column(name, kind) for name, kind in kinds.items()])


def fill(connection: Connection, table: Table, dialect: str) -> None:
    """ROWS rows; about one value in five is missing, about one row in twenty-five fits the rule."""
    scaled = "n % 2000" if dialect == "sqlite" else "(n % 2000) / 100.0"
    truth = "n % 2" if dialect == "sqlite" else "n % 2 = 1"
    numbers = f"WITH RECURSIVE counted(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM counted WHERE n < {ROWS})"
    connection.execute(
        text(
            f"INSERT INTO rule_bench (age, sex, stage, bmi, size, smoker) {numbers} SELECT "
            "CASE WHEN n % 5 > 0 THEN (n * 7) % 100 END, CASE WHEN n % 11 > 1 THEN "
            "CASE WHEN n % 3 = 0 THEN 'm' ELSE 'f' END END, CASE WHEN n % 7 > 0 THEN "
            "CASE n % 4 WHEN 0 THEN '1' WHEN 1 THEN '2' WHEN 2 THEN '3' ELSE '4' END END, "
            f"CASE WHEN n % 13 > 1 THEN 15 + (n % 2999) / 99.0 END, CASE WHEN n % 6 > 0 THEN {scaled} END, "
            f"CASE WHEN n % 9 > 1 THEN {truth} END FROM counted"
        )
    )


def in_database(engine: Engine) -> None:
    dialect: Dialect = "sqlite" if engine.dialect.name == "sqlite" else "postgresql"
    table = table_of(dialect)
    with engine.connect() as connection, connection.begin():
        table.create(connection)
        fill(connection, table, dialect)
    rule = compile_sql(parse(RULE), TYPES, Columns(table), dialect, CONTEXT)
    ours = select(func.count()).select_from(table).where(rule)
    theirs = select(func.count()).select_from(table).where(text(BY_HAND[dialect]))
    with engine.connect() as connection:
        connection.execute(text("ANALYZE"))
        compiled, fitting = taken(connection, ours)
        reference, also = taken(connection, theirs)
    assert fitting == also > 0, (fitting, also)
    figure = {
        "figure": f"rule of five terms over {ROWS} rows", "database": dialect, "fitting": fitting,
        "ms": round(compiled * 1000, 1), "reference": round(reference * 1000, 1),
        "ratio": round(compiled / reference, 2),
    }  # fmt: skip
    print(json.dumps(figure), flush=True)


def taken(connection: Connection, statement: Any) -> tuple[float, int]:
    """Seconds, the median over rounds after one that warms up, and how many rows fit."""
    spent, fitting = [], 0
    for _ in range(ROUNDS + 1):
        begun = time.perf_counter()
        fitting = connection.execute(statement).scalar_one()
        spent.append(time.perf_counter() - begun)
    return statistics.median(spent[1:]), fitting


def main(urls: list[str]) -> None:
    if urls:
        in_database(create_engine(urls[0]))
        return
    in_python()
    with tempfile.TemporaryDirectory() as folder:
        engine = create_engine(f"sqlite:///{Path(folder) / 'bench.db'}")
        event.listen(engine, "connect", lambda connection, _: prepare_sqlite(connection))
        in_database(engine)
        engine.dispose()


if __name__ == "__main__":
    main(sys.argv[1:])

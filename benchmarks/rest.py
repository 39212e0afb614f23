"""REST: bulk insert, insert one, read one and a filtered page, through a running `zhenshu up`.

    python -m benchmarks.rest                 SQLite in a temporary folder
    python -m benchmarks.rest URL             an empty PostgreSQL database

One line of JSON a measurement. Two web processes, one worker, one steward, durable commits; a client on the
same machine sends one request after another with a bearer token. Permission, validation, revision and audit
are included. Beside each stands a reference of the same run: the bare driver doing the least that stores or
finds the same values, in a plain table, without any of those.
"""

from __future__ import annotations

import json
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Engine, MetaData, Table, Text, insert, text

from benchmarks.records import FOUR_CONDITIONS, RECORDS, SEEDS, fill, make_live
from benchmarks.records_data import rows
from benchmarks.serving import Server, served
from metamodel.catalogue import RecordType
from zhenshu.db import make_engine
from zhenshu.db.engine import WRITE_OPTION
from zhenshu.instance import Instance

BATCH, TIMES = 1_000, 201
Figure = dict[str, Any]


def main(arguments: list[str]) -> None:
    url = arguments[0] if arguments else ""
    with tempfile.TemporaryDirectory() as home, served(Path(home), url) as server:
        name = server.instance.engine.dialect.name
        for width in (50, 250):
            for figure in measure(server, width):
                print(json.dumps({"database": name, "fields": width} | figure), flush=True)
        print(json.dumps({"database": name, "figure": "server memory", "megabytes": server.memory()}))


def measure(server: Server, width: int) -> Iterator[Figure]:
    record_type = make_live(server.instance, width)
    path = f"/databases/{record_type.database}/records/{record_type.code}"
    source = rows(width, 10**6)
    yield bulk(server, path, source) | {"reference": plain_bulk(server.instance, width)}
    fill(server.instance, record_type)
    add = timed(lambda: server.post(path, {"values": next(source)}))
    yield {"figure": "insert one", **add, "reference": plain_insert(server.instance, width)}
    first = server.get(path, {"limit": 1})["items"][0]["id"]
    read = timed(lambda: server.get(f"{path}/{first}", {}))
    yield {"figure": "read one", **read, "reference": plain_read(server.instance, record_type, first)}
    page = timed(lambda: server.get(path, {"where": FOUR_CONDITIONS}))
    found = server.get(f"{path}/count", {"where": FOUR_CONDITIONS})["count"]
    yield {
        "figure": f"page of 50 of {RECORDS}", **page, "matching": found,
        "reference": plain_page(server.instance, record_type),
    }  # fmt: skip


def bulk(server: Server, path: str, source: Iterator[Figure]) -> Figure:
    """Rows per second; the first batch warms up."""
    spent, memory = [], []
    for _ in range(SEEDS // BATCH + 8):
        batch = [{"values": row} for row in islice(source, BATCH)]
        begun = time.perf_counter()
        answer = server.post(f"{path}/bulk", {"records": batch})
        spent.append(time.perf_counter() - begun)
        assert not answer["rejected"], answer["rejected"][0]
        memory.append(server.memory())
    return {
        "figure": "bulk insert",
        "rows_per_second": round(BATCH / statistics.median(spent[1:])),
        "memory_first_last_megabytes": [memory[1], memory[-1]],
    }


def plain_table(engine: Engine, width: int) -> Table:
    names = [name for row in rows(width, 1) for name in row]
    table = Table(f"plain{width}", MetaData(), *[Column(name, Text) for name in names])
    with engine.connect().execution_options(**{WRITE_OPTION: True}) as conn, conn.begin():
        table.drop(conn, checkfirst=True)
        table.create(conn)
    return table


def plain_bulk(instance: Instance, width: int) -> Figure:
    """The same rows as texts into a plain table, a transaction per batch."""
    engine = bare(instance)
    table = plain_table(engine, width)
    batch = list(rows(width, BATCH))
    spent = []
    for _ in range(5):
        begun = time.perf_counter()
        with engine.connect().execution_options(**{WRITE_OPTION: True}) as conn, conn.begin():
            conn.execute(insert(table), batch)
        spent.append(time.perf_counter() - begun)
    engine.dispose()
    return {"rows_per_second": round(BATCH / statistics.median(spent[1:]))}


def plain_insert(instance: Instance, width: int) -> Figure:
    engine = bare(instance)
    table = plain_table(engine, width)
    row = next(rows(width, 1))

    def add() -> None:
        with engine.connect().execution_options(**{WRITE_OPTION: True}) as conn, conn.begin():
            conn.execute(insert(table), row)

    figure = timed(add)
    engine.dispose()
    return figure


def plain_read(instance: Instance, record_type: RecordType, record_id: int) -> Figure:
    """SELECT * by id."""
    statement = text(f"SELECT * FROM {record_type.main.name} WHERE id = :id")
    return asked(instance, statement, {"id": record_id})


def plain_page(instance: Instance, record_type: RecordType) -> Figure:
    """The four conditions written by hand on the record type's own main table, 50 whole rows by id."""
    column = {code: record_type.column(code).name for code in ("v0", "v1", "v2", "v4")}
    scale = 100 if instance.engine.dialect.name == "sqlite" else 1  # decimals are scaled integers there
    contains = (
        f"instr({column['v0']}, '钙化') > 0" if scale == 100 else f"position('钙化' in {column['v0']}) > 0"
    )
    statement = text(
        f"SELECT * FROM {record_type.main.name} WHERE status = 'active' AND {column['v1']} = '3' "
        f"AND {column['v2']} BETWEEN {30 * scale} AND {70 * scale} AND {contains} "
        f"AND {column['v4']} BETWEEN '2010-01-01' AND '2014-07-01' ORDER BY id LIMIT 50"
    )
    return asked(instance, statement, {})


def asked(instance: Instance, statement: Any, values: Figure) -> Figure:
    engine = bare(instance)

    def ask() -> None:
        with engine.connect() as conn:
            conn.execute(statement, values).all()

    figure = timed(ask)
    engine.dispose()
    return figure


def bare(instance: Instance) -> Engine:
    return make_engine(instance.settings.url)


def timed(act: Callable[[], Any]) -> Figure:
    """p50 and p95 in milliseconds over `TIMES` warm runs."""
    for _ in range(10):
        act()
    spent = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        act()
        spent.append((time.perf_counter() - begun) * 1000)
    spent.sort()
    return {"p50_ms": round(statistics.median(spent), 2), "p95_ms": round(spent[int(len(spent) * 0.95)], 2)}


if __name__ == "__main__":
    main(sys.argv[1:])

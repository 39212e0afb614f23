"""Records: bulk insert, insert one, read one, and a filtered page of a large record type.

    python -m benchmarks.records              SQLite in a temporary folder
    python -m benchmarks.records URL          an empty PostgreSQL database

One line of JSON a measurement. Everything is measured by function call, permission, validation, revision
and audit included. Values come as texts, as from a file. The large type is filled by copying rows, so that
its values repeat; encrypted values belong to their record alone, and the copies have none. The page's four
conditions hold for about 0.25 % of the rows, it is ordered by id, warm.
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

from sqlalchemy import LargeBinary, func, insert, literal, null, select

from benchmarks.records_data import document, rows
from metamodel.catalogue import RecordType, catalogue_of
from metamodel.definitions import save_draft
from metamodel.plans import publish
from metamodel.queries import RecordQuery, count, page
from metamodel.records import NewRecord, RecordStore
from metamodel.storage import next_record_ids
from metamodel.storage.layout import physical_columns
from zhenshu.db.migrations import upgrade
from zhenshu.instance import Instance
from zhenshu.security.grant import Grant
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import Secrets
from zhenshu.security.subject import SYSTEM, Subject
from zhenshu.settings import Settings

API = Channel.API
RECORDS, SEEDS, BATCH = 100_000, 2_000, 1_000
FOUR_CONDITIONS = (
    "[v1] = '3' and [v2] between 30 and 70 and [v0] contains '钙化' "
    "and [v4] between @2010-01-01 and @2014-07-01"
)
# Sees identifying fields masked, as most do: reading then needs no audit row.
RESEARCHER = Subject(
    1,
    "researcher",
    permissions=frozenset({("view", "records"), ("add", "records")}),
    grants=(Grant(1, "", frozenset({"view", "add"}), {"plain": "show", "identifying": "mask"}),),
)

Figure = dict[str, Any]


def main(arguments: list[str]) -> None:
    """Measure on a fresh instance, in the database that `arguments` name."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=arguments[0] if arguments else "")
        instance = Instance(settings)
        Secrets.create(settings.secrets_folder)
        upgrade(instance)
        for width in (50, 250):
            for figure in measure(instance, width):
                print(json.dumps({"database": instance.engine.dialect.name, "fields": width} | figure))
        instance.close()


def measure(instance: Instance, width: int) -> Iterator[Figure]:
    """The figures of a record type of `width` fields."""
    record_type = make_live(instance, width)
    source = map(NewRecord, rows(width, 10**6))
    yield bulk_insert(instance, record_type, list(islice(source, SEEDS)))
    fill(instance, record_type)

    def add() -> None:
        with instance.write(RESEARCHER, API) as uow:
            RecordStore(uow).add(record_type, next(source).values)

    def read() -> None:
        with instance.read(RESEARCHER, API) as uow:
            RecordStore(uow).get(record_type, first)

    def page_of_50() -> None:
        with instance.read(RESEARCHER, API) as uow:
            page(uow, RecordQuery(record_type, FOUR_CONDITIONS))

    def counted() -> None:
        with instance.read(RESEARCHER, API) as uow:
            count(uow, record_type, FOUR_CONDITIONS)

    with instance.read(SYSTEM, API) as uow:
        first = uow.conn.scalar(select(func.min(record_type.main.c.id)))
    yield timed("insert one", add, 101)
    yield timed("read one", read, 101)
    yield timed(f"page of 50 of {RECORDS}", page_of_50, 21)
    yield timed(f"count in {RECORDS}", counted, 5)


def make_live(instance: Instance, width: int) -> RecordType:
    code = f"wide{width}"
    with instance.write(SYSTEM, API) as uow:
        save_draft(uow, "database", document(code, width))
    publish(instance, SYSTEM, code, API)
    with instance.read(SYSTEM, API) as uow:
        return catalogue_of(uow).database(code).root


def bulk_insert(instance: Instance, record_type: RecordType, records: list[NewRecord]) -> Figure:
    """Rows per second through `add_many`, a transaction per batch; the first batch warms up."""
    spent = 0.0
    for start in range(0, len(records), BATCH):
        begun = time.perf_counter()
        with instance.write(RESEARCHER, API) as uow:
            result = RecordStore(uow).add_many(record_type, records[start : start + BATCH])
        spent += time.perf_counter() - begun if start else 0
        assert not result.rejected, result.rejected[0]
    return {"figure": "bulk insert", "rows_per_second": round((len(records) - BATCH) / spent)}


def fill(instance: Instance, record_type: RecordType) -> None:
    """Copy the records there are until there are `RECORDS`."""
    key = record_type.column(record_type.key or "").name
    main = record_type.main
    bound = {
        name
        for field in record_type.fields
        if field.place is not None and field.protected
        for name, _ in physical_columns(field.place.name, LargeBinary(), True)
    }
    with instance.write(SYSTEM, API) as uow:
        bounds = select(func.min(main.c.id), func.max(main.c.id), func.count())
        low, high, present = uow.conn.execute(bounds.select_from(main)).one()
        step = high - low + 1
        for copy in range(1, RECORDS // present):
            next_record_ids(uow, step)
            for table in record_type.tables:
                changed = {"id": table.c.id + copy * step}
                if key in table.c:
                    changed[key] = table.c[key] + literal(f"-{copy}")
                values = [
                    null() if column.name in bound else changed.get(column.name, column) for column in table.c
                ]
                copied = select(*values).where(table.c.id.between(low, high))
                uow.conn.execute(insert(table).from_select([column.name for column in table.c], copied))
    with instance.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("ANALYZE")


def timed(name: str, act: Callable[[], None], times: int) -> Figure:
    spent = []
    act()
    for _ in range(times):
        begun = time.perf_counter()
        act()
        spent.append((time.perf_counter() - begun) * 1000)
    spent.sort()
    return {
        "figure": name,
        "p50_ms": round(statistics.median(spent), 2),
        "p95_ms": round(spent[int(len(spent) * 0.95)], 2),
    }


if __name__ == "__main__":
    main(sys.argv[1:])

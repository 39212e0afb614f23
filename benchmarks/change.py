"""A change of type: text to whole numbers in a record type of 50 columns, while others read and write it.

    python -m benchmarks.change [URL] [RECORDS]

URL is an empty PostgreSQL database; without it, SQLite in a temporary folder. One line of JSON; times in
milliseconds. The rate is that of converting alone; the whole publish has the swap, too.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, update

from benchmarks.publish import draft, field, one_type, plan, record_type
from metamodel.plans import publish
from metamodel.plans.steps import Run, Step, take_step
from metamodel.storage import next_record_ids
from zhenshu.db.migrations import upgrade
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import Secrets
from zhenshu.security.subject import SYSTEM
from zhenshu.settings import Settings

RECORDS, FIELDS, BATCH = 100_000, 50, 5_000
CODE = "changed"


def main(arguments: list[str]) -> None:
    """Measure on a fresh instance."""
    url = next((text for text in arguments if not text.isdigit()), "")
    records = next((int(text) for text in arguments if text.isdigit()), RECORDS)
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=url)
        instance = Instance(settings)
        Secrets.create(settings.secrets_folder)
        upgrade(instance)
        print(json.dumps({"database": instance.engine.dialect.name} | change_type(instance, records)))
        instance.close()


def change_type(instance: Instance, records: int) -> dict[str, Any]:
    fields = [field(n, "string") for n in range(FIELDS)]
    draft(instance, one_type(CODE, fields))
    publish(instance, SYSTEM, CODE, Channel.API)
    fill(instance, records)
    draft(instance, one_type(CODE, [field(0, "integer"), *fields[1:]]))
    started = time.perf_counter()
    plan_id = plan(instance, CODE)
    planned = time.perf_counter()
    steps: dict[str, float] = {}
    with timed_steps(steps), others(instance.settings, records) as waits:
        before = time.perf_counter()
        publish(instance, SYSTEM, plan_id, Channel.API)
        spent = time.perf_counter() - before
    return {
        "measure": f"text to integer, {records} records of {FIELDS} columns, others at work",
        "plan": round((planned - started) * 1000),
        "publish": round(spent * 1000),
        "rows_a_second": round(records / steps[Step.BACKFILL]),
        "swap": round(steps[Step.SWAP] * 1000, 1),
        "reads": len(waits["read"]),
        "slowest_read": round(max(waits["read"]), 1),
        "writes": len(waits["write"]),
        "slowest_write": round(max(waits["write"]), 1),
    }


def fill(instance: Instance, records: int) -> None:
    for _ in range(records // BATCH):
        with instance.write(SYSTEM, Channel.API) as uow:
            item = record_type(instance, CODE, uow)
            names = [one.place.name for one in item.fields if one.place is not None]
            base = {"release_id": item.release_id, "row_version": 1, "status": "active"}
            ids = next_record_ids(uow, BATCH)
            rows = [base | dict.fromkeys(names, str(id_)) | {"id": id_} for id_ in ids]
            uow.conn.execute(insert(item.main), rows)


@contextmanager
def timed_steps(steps: dict[str, float]) -> Iterator[None]:
    """Adds up the seconds of each kind of step."""
    import metamodel.plans.run as running

    def timed(run: Run, step: Step) -> Step:
        before = time.perf_counter()
        following = take_step(run, step)
        steps[step] = steps.get(step, 0.0) + time.perf_counter() - before
        return following

    running.take_step = timed  # type: ignore[attr-defined]
    try:
        yield
    finally:
        running.take_step = take_step  # type: ignore[attr-defined]


@contextmanager
def others(settings: Settings, records: int) -> Iterator[dict[str, list[float]]]:
    """A process that reads and one that writes a record every few milliseconds; what each act took."""
    context = get_context("spawn")
    waits: dict[str, list[float]] = {}
    running = {}
    for act in ("read", "write"):
        here, there = context.Pipe()
        process = context.Process(target=work_on, args=(settings, records, act, there))
        process.start()
        here.recv()  # it has compiled the catalogue
        running[act] = (process, here)
    yield waits
    for act, (process, here) in running.items():
        here.send("stop")
        waits[act] = here.recv()
        process.join()


def work_on(settings: Settings, records: int, act: str, told: Connection) -> None:
    instance = Instance(settings)
    one(instance, act, 1)
    told.send("at work")
    waits: list[float] = []
    for number in count(1, 997):
        before = time.perf_counter()
        one(instance, act, number % records + 1)
        waits.append((time.perf_counter() - before) * 1000)
        if told.poll(0.005):
            break
    told.send(waits)


def one(instance: Instance, act: str, record_id: int) -> None:
    if act == "read":
        with instance.read(SYSTEM, Channel.API) as uow:
            table = record_type(instance, CODE, uow).main
            uow.conn.execute(select(table).where(table.c.id == record_id)).first()
        return
    with instance.write(SYSTEM, Channel.API) as uow:
        item = record_type(instance, CODE, uow)
        place = item.fields[0].place
        assert place is not None
        value: Any = "7" if item.fields[0].type.name == "string" else 7
        change = update(item.main).where(item.main.c.id == record_id)
        uow.conn.execute(change.values({place.name: value}))


if __name__ == "__main__":
    main(sys.argv[1:])

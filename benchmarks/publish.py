"""Publishing: a definition of ARC's size, and one more field for 100,000 records that are being read.

    python -m benchmarks.publish              SQLite in a temporary folder
    python -m benchmarks.publish URL          an empty PostgreSQL database

One line of JSON a measurement; times in milliseconds.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import count
from multiprocessing import get_context
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select

from metamodel.catalogue import RecordType, catalogue_of
from metamodel.definitions import save_draft
from metamodel.plans import make_plan, publish
from metamodel.storage import next_record_ids
from zhenshu.db.migrations import upgrade
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import Secrets
from zhenshu.security.subject import SYSTEM
from zhenshu.settings import Settings

ARC_FORMS = (619, 312, 240, 180, 120, 90, 70, 40)  # fields of each record type: 1,671 together
ARC_KINDS = ("choice", "boolean", "date", "string", "decimal", "integer", "multi_choice")
RECORDS, FIELDS, BATCH = 100_000, 50, 5_000


def main(arguments: list[str]) -> None:
    """Measure on a fresh instance, in the database that `arguments` name."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=arguments[0] if arguments else "")
        instance = Instance(settings)
        Secrets.create(settings.secrets_folder)
        upgrade(instance)
        for figure in (*publish_arc(instance), *add_a_field(instance)):
            print(json.dumps({"database": instance.engine.dialect.name} | figure))
        instance.close()


def publish_arc(instance: Instance) -> Iterator[dict[str, Any]]:
    """Plan and publish 1,671 fields in 8 record types, then once more as a second database."""
    for code in ("arc", "arc_again"):
        draft(instance, arc(code))
        planning, plan_id = timed(partial(plan, instance, code))
        publishing, _ = timed(partial(publish, instance, SYSTEM, plan_id, Channel.API))
        figure = {"measure": "publish 1,671 fields in 8 record types", "code": code}
        yield figure | {"plan": planning, "publish": publishing, "both": round(planning + publishing, 1)}


def add_a_field(instance: Instance) -> Iterator[dict[str, Any]]:
    """Add a field to a record type of 50 fields and 100,000 records, five times, while another process
    reads it."""
    fields = [field(n, "integer") for n in range(FIELDS)]
    draft(instance, one_type("grown", fields))
    publish(instance, SYSTEM, "grown", Channel.API)
    fill(instance, "grown")
    publish_grown = partial(publish, instance, SYSTEM, "grown", Channel.API)
    quiet, _ = read_for(instance, "grown", partial(time.sleep, 1))
    for number in range(5):
        fields = [*fields, field(FIELDS + number, "integer")]
        draft(instance, one_type("grown", fields))
        waits, (spent, _) = read_for(instance, "grown", partial(timed, publish_grown))
        yield {
            "measure": "add a field to 100,000 records, plan and publish",
            "publish": spent,
            "reads_meanwhile": len(waits),
            "slowest_read": max(waits),
            "slowest_read_before": max(quiet),
        }


def read_for(instance: Instance, code: str, act: Callable[[], Any]) -> tuple[list[float], Any]:
    """Let another process read a record of `code` every 5 ms while `act` runs.

    Gives what each read took, and `act`'s result.
    """
    context = get_context("spawn")
    receiver, sender = context.Pipe(duplex=True)
    reader = context.Process(target=read_on, args=(instance.settings, code, sender))
    reader.start()
    receiver.recv()  # it has compiled the catalogue and reads
    result = act()
    receiver.send("stop")
    waits: list[float] = receiver.recv()
    reader.join()
    return waits, result


def read_on(settings: Settings, code: str, told: Connection) -> None:
    instance = Instance(settings)
    read_one(instance, code, 0)
    told.send("reading")
    waits: list[float] = []
    for number in count(1, 997):
        waits.append(timed(partial(read_one, instance, code, number % RECORDS))[0])
        if told.poll(0.005):
            break
    told.send(waits)


def read_one(instance: Instance, code: str, position: int) -> None:
    with instance.read(SYSTEM, Channel.API) as uow:
        table = record_type(instance, code, uow).main
        uow.conn.execute(select(table).where(table.c.id == position + 1)).first()


def fill(instance: Instance, code: str) -> None:
    for _ in range(RECORDS // BATCH):
        with instance.write(SYSTEM, Channel.API) as uow:
            item = record_type(instance, code, uow)
            names = [one.place.name for one in item.fields if one.place is not None]
            base = {"release_id": item.release_id, "row_version": 1, "status": "active"}
            rows = [base | dict.fromkeys(names, id_) | {"id": id_} for id_ in next_record_ids(uow, BATCH)]
            uow.conn.execute(insert(item.main), rows)


def record_type(instance: Instance, code: str, uow: Any) -> RecordType:
    return catalogue_of(uow).database(code).record_types[0]


def draft(instance: Instance, document: dict[str, Any]) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        save_draft(uow, "database", document)


def plan(instance: Instance, code: str) -> int:
    with instance.write(SYSTEM, Channel.API) as uow:
        return make_plan(uow, code).id


def arc(code: str) -> dict[str, Any]:
    """A definition with ARC's numbers: a root of 619 fields and seven record types below it."""
    number, types = 0, []
    for index, size in enumerate(ARC_FORMS):
        kinds = [ARC_KINDS[n % len(ARC_KINDS)] for n in range(size)]
        fields = [field(number + n, kind) for n, kind in enumerate(kinds)]
        number += size
        parent = "form0" if index else None
        head = {"code": f"form{index}", "label": {"zh": f"表{index}", "en": f"Form {index}"}}
        types.append(head | {"parent": parent, "fields": fields})
    return database(code, types)


def one_type(code: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    head = {"id": "rgrown00", "code": "patient", "label": {"zh": "患者", "en": "Patient"}}
    return database(code, [head | {"parent": None, "fields": fields}])


def database(code: str, types: list[dict[str, Any]]) -> dict[str, Any]:
    listed = [{"code": str(n), "label": {"zh": f"选项{n}", "en": f"Choice {n}"}} for n in range(8)]
    value_sets = {"set": {"label": {"zh": "选项", "en": "Choices"}, "choices": listed}}
    head = {"kind": "database", "code": code, "label": {"zh": code, "en": code}}
    return head | {"value_sets": value_sets, "record_types": types}


def field(number: int, kind: str) -> dict[str, Any]:
    value_set = {"value_set": "set"} if kind in ("choice", "multi_choice") else {}
    label = {"zh": f"变量{number}", "en": f"Variable {number}"}
    return {"code": f"v{number}", "label": label, "type": kind} | value_set


def timed(act: Callable[[], Any]) -> tuple[float, Any]:
    """What `act` took, in milliseconds, and what it gave."""
    started = time.perf_counter()
    result = act()
    return round((time.perf_counter() - started) * 1000, 1), result


if __name__ == "__main__":
    main(sys.argv[1:])

"""What grants add: a filtered page of 1,000,000 records and the reading of one, beside the system's own.

    python -m benchmarks.policy [--records N]              SQLite in a temporary folder
    python -m benchmarks.policy [--records N] URL          an empty PostgreSQL database

One line of JSON for each way of asking; times are medians in milliseconds. The two subjects take turns, so
that a machine that slows down slows both.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from metamodel.catalogue import RecordType, catalogue_of
from metamodel.definitions import save_draft
from metamodel.granting import check_grant
from metamodel.plans import publish
from metamodel.queries import RecordQuery, count, page
from metamodel.records import NewRecord, RecordStore
from metamodel.records.grading import set_grade
from zhenshu.db.migrations import upgrade
from zhenshu.instance import Instance
from zhenshu.rooms import Room
from zhenshu.security.accounts import create_user
from zhenshu.security.grants import NewGrant, add_grant
from zhenshu.security.grants.parties import bind_grant_check
from zhenshu.security.policy import Channel
from zhenshu.security.roles import sync_roles
from zhenshu.security.secrets import Secrets
from zhenshu.security.subject import SYSTEM, Subject
from zhenshu.security.subjects import load_subject
from zhenshu.settings import Settings

RECORDS, BATCH, TURNS = 1_000_000, 5_000, 40
GRADED = 1_000  # one record of so many is above the ordinary grade
WHERE: Final = "[weight] > 90"
RULE: Final = "[centre_no] <> 7"
FIELDS: Final = {"no": "string", "weight": "integer", "centre_no": "integer", "note": "string"}


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("url", nargs="?", default="")
    asked.add_argument("--records", type=int, default=RECORDS)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=options.url)
        instance = Instance(settings)
        Secrets.create(settings.secrets_folder)
        upgrade(instance)
        sync_roles(instance, [])
        kind = a_database(instance, options.records)
        for figure in measured(instance, kind, options.records):
            print(json.dumps({"database": instance.engine.dialect.name} | figure), flush=True)
        instance.close()


def a_database(instance: Instance, records: int) -> RecordType:
    names = FIELDS.items()
    fields = [{"code": code, "label": {"zh": code, "en": code}, "type": kind} for code, kind in names]
    patient = {"code": "patient", "label": {"zh": "患者", "en": "Patient"}, "parent": None, "fields": fields}
    document = {
        "kind": "database", "code": "big", "label": {"zh": "大库", "en": "Big"}, "value_sets": {},
        "record_types": [patient | {"key": "no"}],
    }  # fmt: skip
    with instance.write(SYSTEM, Channel.API) as uow:
        save_draft(uow, "database", document)
    publish(instance, SYSTEM, "big", Channel.API)
    with instance.read(SYSTEM, Channel.API) as uow:
        kind = catalogue_of(uow).record_type("big.patient")
    for start in range(0, records, BATCH):
        rows = [
            NewRecord({"no": f"{n:07}", "weight": 30 + n % 71, "centre_no": n % 20, "note": "as usual"})
            for n in range(start, min(start + BATCH, records))
        ]
        with instance.write(SYSTEM, Channel.API) as uow:
            made = RecordStore(uow).add_many(kind, rows).ids
            graded = [each for each in made[::GRADED] if each is not None]
            for record in graded:
                set_grade(uow, catalogue_of(uow).database("big"), kind, record, 1)
    return kind


def a_reader(instance: Instance, name: str, rule: str, grade: int) -> int:
    with instance.write(SYSTEM, Channel.API) as uow:
        user = create_user(uow, name, "reader", "Correct-Horse-7").user.id
        add_grant(uow, NewGrant("user", str(user), "big", ["view"], where=rule, grade=grade))
    return user


def measured(instance: Instance, kind: RecordType, records: int) -> list[dict[str, Any]]:
    bind_grant_check(instance, [Room("big", grant_check=check_grant)])
    kinds = (("all-rows", "", 2), ("row-rule", RULE, 2), ("ordinary-grade", "", 0))
    readers = {name: a_reader(instance, name, rule, grade) for name, rule, grade in kinds}
    query = RecordQuery(kind, WHERE, limit=50)
    with instance.read(SYSTEM, Channel.API) as uow:
        second = page(uow, query).records[1]["id"]  # the first of all is graded
        subjects = {name: load_subject(uow.conn, user) for name, user in readers.items()}
    asked: dict[str, Callable[[Any], object]] = {
        "page": lambda uow: page(uow, query),
        "count": lambda uow: count(uow, kind, WHERE),
        "record": lambda uow: RecordStore(uow).get(kind, second),
    }
    found = [
        {"records": records, "policy": what, "grant": name, **beside(instance, subject, act)}
        for what, act in asked.items()
        for name, subject in subjects.items()
    ]
    with instance.read(SYSTEM, Channel.API) as uow:
        times = [timed(lambda: load_subject(uow.conn, readers["row-rule"])) for _ in range(TURNS)]
    return [*found, {"records": records, "policy": "subject with its grants", "ms": round(median(times), 3)}]


def beside(instance: Instance, subject: Subject, act: Callable[[Any], object]) -> dict[str, float]:
    """The act for the system and for the subject, in turns."""
    times: dict[str, list[float]] = {"system": [], "subject": []}
    for _ in range(TURNS):
        for name, who in (("system", SYSTEM), ("subject", subject)):
            times[name].append(timed(partial(once, instance, who, act)))
    system, own = median(times["system"]), median(times["subject"])
    return {
        "system_ms": round(system, 3), "subject_ms": round(own, 3), "added_ms": round(own - system, 3),
        "added_percent": round(100 * (own - system) / system, 1),
    }  # fmt: skip


def once(instance: Instance, subject: Subject, act: Callable[[Any], object]) -> None:
    with instance.read(subject, Channel.API) as uow:
        act(uow)


def timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    main()

"""What grants add: a filtered page of 1,000,000 records and the reading of one, beside the system's own.

    python -m benchmarks.policy [--records N]              SQLite in a temporary folder
    python -m benchmarks.policy [--records N] URL          an empty PostgreSQL database

One line of JSON for each way of asking. The system and the subject are asked in pairs, each first in turn, so
that a machine that slows down slows both: `added_ms` is the median of the pairs' differences, `ratio` that of
their ratios.
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

RECORDS, BATCH = 1_000_000, 5_000
PAIRS, PAIRS_OF_COUNTS, WARMING = 400, 60, 20
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
    asked: dict[str, tuple[Callable[[Any], object], int]] = {
        "page": (lambda uow: page(uow, query), PAIRS),
        "count": (lambda uow: count(uow, kind, WHERE), PAIRS_OF_COUNTS),
        "record": (lambda uow: RecordStore(uow).get(kind, second), PAIRS),
    }
    found = [
        {"records": records, "policy": what, "grant": name} | beside(instance, subject, act, pairs)
        for what, (act, pairs) in asked.items()
        for name, subject in subjects.items()
    ]
    with instance.read(SYSTEM, Channel.API) as uow:
        times = [timed(lambda: load_subject(uow.conn, readers["row-rule"])) for _ in range(PAIRS)]
    return [*found, {"records": records, "policy": "subject with its grants", "ms": round(median(times), 3)}]


def beside(
    instance: Instance, subject: Subject, act: Callable[[Any], object], pairs: int
) -> dict[str, float]:
    """The act for the system and for the subject, each first in every other pair."""
    taken = []
    for turn in range(WARMING + pairs):
        order = (SYSTEM, subject) if turn % 2 else (subject, SYSTEM)
        times = {who is SYSTEM: timed(partial(once, instance, who, act)) for who in order}
        taken.append((times[True], times[False]))
    kept = taken[WARMING:]
    return {
        "pairs": pairs,
        "system_ms": round(median(system for system, _ in kept), 3),
        "added_ms": round(median(own - system for system, own in kept), 3),
        "ratio": round(median(own / system for system, own in kept), 3),
    }


def once(instance: Instance, subject: Subject, act: Callable[[Any], object]) -> None:
    with instance.read(subject, Channel.API) as uow:
        act(uow)


def timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    main()

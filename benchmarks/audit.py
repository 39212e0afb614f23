"""What the trail costs: an entry beside a write, sealing, and finding entries among very many.

    python -m benchmarks.audit [--entries N]              SQLite in a temporary folder
    python -m benchmarks.audit [--entries N] URL          an empty PostgreSQL database

One line of JSON each; times are medians in milliseconds. Writes with and without an entry take turns.
"""

from __future__ import annotations

import argparse
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from statistics import median
from typing import Any, Final

from sqlalchemy import insert, text

from zhenshu.audit import audit_entry, audit_patient, record, seal, verify
from zhenshu.audit.searching import count_acts, count_days, find_entries
from zhenshu.db.migrations import upgrade
from zhenshu.events import Event, emit
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import Secrets
from zhenshu.security.subject import SYSTEM, Subject
from zhenshu.settings import Settings

ENTRIES, SEALED, BATCH, TURNS = 1_000_000, 50_000, 10_000, 200
PATIENTS: Final = 20_000
LI: Final = Subject(id=7, name="li", address="10.0.0.9")
ACTS: Final = ("read", "browse", "change", "export", "log_in", "attempt")
SAME: Final[dict[str, Any]] = {
    "subject_id": 7, "address": "10.0.0.9", "channel": "screen", "fields": ["name"], "detail": {"count": 1},
    "purpose": "", "request_id": "", "catalogue_revision": 1, "resource_kind": "records",
}  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser()
    asked.add_argument("url", nargs="?", default="")
    asked.add_argument("--entries", type=int, default=ENTRIES)
    options = asked.parse_args()
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=options.url)
        instance = Instance(settings)
        Secrets.create(settings.secrets_folder)
        upgrade(instance)
        for figure in measured(instance, options.entries):
            print(json.dumps({"database": instance.engine.dialect.name} | figure), flush=True)
        instance.close()


def measured(instance: Instance, entries: int) -> Iterator[dict[str, Any]]:
    yield writing(instance)
    few = min(entries, SEALED)
    fill(instance, 0, few)
    yield {"audit": "seal", "entries": few, "per_second": round(few / seconds(partial(seal, instance)))}
    yield {"audit": "verify", "entries": few, "per_second": round(few / seconds(partial(verify, instance)))}
    fill(instance, few, entries)
    with instance.engine.begin() as conn:
        conn.execute(text("ANALYZE"))
    yield from finding(instance, entries)


def writing(instance: Instance) -> dict[str, Any]:
    """A small write, an event, alone and with an entry about a patient."""
    times: dict[bool, list[float]] = {False: [], True: []}
    for turn in range(2 * TURNS):
        audited = turn % 2 == 1
        times[audited].append(seconds(partial(write, instance, audited)) * 1000)
    plain, whole = median(times[False]), median(times[True])
    return {"audit": "write", "ms": round(plain, 2), "added_ms": round(whole - plain, 2)}


def write(instance: Instance, audited: bool) -> None:
    with instance.write(LI, Channel.SCREEN) as uow:
        emit(uow, Event("record.saved", "big.patient", {"ids": [1]}))
        if audited:
            record(uow, "change", "records", "big.patient", patients=[1], fields=["weight"], detail={"id": 1})


def fill(instance: Instance, start: int, end: int) -> None:
    now = datetime.now(UTC)
    for first in range(start, end, BATCH):
        rows = [
            SAME | {
                "at": now - timedelta(seconds=end - number), "subject_name": f"user{number % 200}",
                "action": ACTS[number % len(ACTS)], "resource": f"db{number % 12}.patient",
                "patients": [number % PATIENTS], "outcome": "denied" if number % 97 == 0 else "done",
                "id": number + 1_000_000,
            }
            for number in range(first, min(first + BATCH, end))
        ]  # fmt: skip
        pairs = [{"patient_id": row["patients"][0], "entry_id": row["id"]} for row in rows]
        with instance.write(SYSTEM, Channel.API) as uow:
            uow.conn.execute(insert(audit_entry), rows)
            uow.conn.execute(insert(audit_patient), pairs)


def finding(instance: Instance, entries: int) -> Iterator[dict[str, Any]]:
    day = (datetime.now(UTC) - timedelta(days=1)).isoformat()
    searches: dict[str, dict[str, Any]] = {
        "newest": {}, "patient": {"patient": 77}, "subject": {"subject": "user7"},
        "act": {"action": "export"}, "resource": {"resource": "db3."}, "denied": {"outcome": "denied"},
        "day": {"from": day},
        "subject_and_day": {"subject": "user7", "from": day}, "nobody": {"subject": "nobody"},
        "request": {"request_id": "5f"}, "failed": {"outcome": "failed"}, "kind": {"kind": "users"},
    }  # fmt: skip
    with instance.read(LI, Channel.AUDIT) as uow:
        for name, filters in searches.items():
            took = often(partial(find_entries, uow, filters, 0, 50, newest=True))
            yield {"audit": "search", "entries": entries, "filter": name, "ms": took}
        yield {
            "audit": "count",
            "entries": entries,
            "by": "act",
            "ms": often(partial(count_acts, uow, {}), 3),
        }
        days = often(partial(count_days, uow, {}, 480), 3)
        yield {"audit": "count", "entries": entries, "by": "day", "ms": days}


def often(act: Callable[[], object], turns: int = 9) -> float:
    return round(median(seconds(act) for _ in range(turns)) * 1000, 2)


def seconds(act: Callable[[], object]) -> float:
    began = time.perf_counter()
    act()
    return time.perf_counter() - began


if __name__ == "__main__":
    main()

"""Records into files: 100,000 of 50 fields into each format, by the job, each in a process of its own.

    python -m benchmarks.export              SQLite in a temporary folder
    python -m benchmarks.export URL          an empty PostgreSQL database

One line of JSON a format: seconds by the clock and of a processor, the size of the file, and the most memory
that the process held, with what it held before the export. Values repeat, as they are copied from 2,000
different records; no field is identifying, since encrypted values can't be copied.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sqlalchemy import select

from benchmarks.records import SEEDS, fill
from benchmarks.records_data import document, rows
from metamodel.catalogue import RecordType, catalogue_of
from metamodel.definitions import save_draft
from metamodel.exchange.records.exporting import FORMATS
from metamodel.exchange.records.jobs import JOBS
from metamodel.plans import publish
from metamodel.records import NewRecord, RecordStore
from zhenshu.db.migrations import upgrade
from zhenshu.instance import Instance
from zhenshu.jobs import bind_jobs, run_now, submit
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import Secrets
from zhenshu.security.subject import SYSTEM
from zhenshu.settings import Settings
from zhenshu.storage import file_object

WIDTH, DATABASE = 50, "wide50"


def main(arguments: list[str]) -> None:
    """Measure on a fresh instance; with a format before home and URL, that format on the instance there."""
    if arguments and arguments[0] in FORMATS:
        measure(*arguments)
        return
    url = arguments[0] if arguments else ""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), database_url=url)
        instance = Instance(settings)
        Secrets.create(settings.secrets_folder)
        upgrade(instance)
        kind = make_live(instance)
        with instance.write(SYSTEM, Channel.API) as uow:
            RecordStore(uow).add_many(kind, list(map(NewRecord, rows(WIDTH, SEEDS))))
        fill(instance, kind)
        instance.close()
        for format in FORMATS:
            subprocess.run([sys.executable, "-m", "benchmarks.export", format, home, url], check=True)


def make_live(instance: Instance) -> RecordType:
    made = document(DATABASE, WIDTH)
    for field in made["record_types"][0]["fields"]:
        field.pop("identifying", None)
    with instance.write(SYSTEM, Channel.API) as uow:
        save_draft(uow, "database", made)
    publish(instance, SYSTEM, DATABASE, Channel.API)
    with instance.read(SYSTEM, Channel.API) as uow:
        return catalogue_of(uow).database(DATABASE).root


def measure(format: str, home: str, url: str) -> None:
    """Export once; print what it took."""
    instance = Instance(Settings(home=Path(home), database_url=url))
    bind_jobs(instance, JOBS, load_subject=lambda conn, user: SYSTEM, wake=lambda queue, job: None)
    args = {
        "database": DATABASE, "record_type": "case", "where": None, "select": None, "format": format,
        "labels": True, "language": "zh",
    }  # fmt: skip
    with instance.write(SYSTEM, Channel.API) as uow:
        job = submit(uow, "records.export", args)
    before, begun, worked = _memory(), time.perf_counter(), time.process_time()
    result = run_now(instance, job).result or {}
    spent = time.perf_counter() - begun
    with instance.read(SYSTEM, Channel.API) as uow:
        query = select(file_object.c.size).where(file_object.c.id == result["file_id"])
        size = uow.conn.execute(query).scalar_one()
    figure = {
        "database": instance.engine.dialect.name, "figure": "export", "format": format,
        "records": result["records"], "seconds": round(spent, 1),
        "processor_seconds": round(time.process_time() - worked, 1), "file_mb": round(size / 1e6, 1),
        "memory_mb": _memory(), "memory_before_mb": before,
    }  # fmt: skip
    print(json.dumps(figure), flush=True)
    instance.close()


def _memory() -> int:
    """The most memory that this process held so far, in megabytes."""
    status = Path("/proc/self/status").read_text()  # getrusage would count what the parent held, too
    return int(status.partition("VmHWM:")[2].split()[0]) // 1024


if __name__ == "__main__":
    main(sys.argv[1:])

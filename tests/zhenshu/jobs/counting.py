"""A job that counts, each number exactly once; run as a program, it is a worker that knows this job."""

import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Column, Integer, MetaData, Table, select

from zhenshu.instance import Instance
from zhenshu.jobs import JobKind, JobRun, bind_jobs
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM
from zhenshu.settings import Settings

# No primary key: a number counted twice must be able to show.
counted = Table("counted", MetaData(), Column("number", Integer), Column("attempt", Integer))


def count(run: JobRun) -> Mapping[str, Any]:
    """Count to args["to"], a transaction and a checkpoint for each number."""
    total = run.args["to"]
    start = run.cursor.get("next", 0)
    for number in range(start, total):
        with run.write() as uow:
            uow.conn.execute(counted.insert(), {"number": number, "attempt": start})
            run.checkpoint(number + 1, total, {"next": number + 1}, uow)
        time.sleep(run.args.get("pause", 0))
    run.log("info", "数完了", "all counted")
    return {"counted": total}


KIND = JobKind("count", {"zh": "计数", "en": "Count"}, count)


def numbers(instance: Instance) -> list[int]:
    with instance.read(SYSTEM, Channel.API) as uow:
        return list(uow.conn.execute(select(counted.c.number).order_by(counted.c.number)).scalars())


def main() -> int:
    from zhenshu.jobs.celery_app import make_worker_app, run_worker

    home, database_url, broker_url, lease_seconds = sys.argv[1:]
    settings = Settings(home=Path(home), database_url=database_url, broker_url=broker_url)
    instance = Instance(settings)
    bind_jobs(instance, [KIND], lease_seconds=float(lease_seconds))
    return run_worker(make_worker_app(instance))


if __name__ == "__main__":
    sys.exit(main())

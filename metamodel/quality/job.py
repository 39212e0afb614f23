"""The job `quality.run`: every rule of a database asked of all its records; the counts are kept.

Arguments: `database`. It counts as the system, over all rows: what a reader is told of the result, the
endpoints decide. Each record type's counts commit with the job's progress.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Final

from metamodel.catalogue import catalogue_of
from metamodel.quality.counting import count_rules
from metamodel.quality.results import keep
from metamodel.quality.rules import rules_of_type
from zhenshu.audit import record as audit
from zhenshu.jobs import JobKind, JobRun
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

KIND: Final = "quality.run"


def run_quality(run: JobRun) -> Mapping[str, Any]:
    """Go through the record types; the result tells how many rules were counted and how many are broken."""
    at = run.cursor or {"type": 0, "at": datetime.now(UTC).isoformat(), "rules": 0, "broken": 0}
    while True:
        with run.instance.read(SYSTEM, Channel.API) as uow:
            database = catalogue_of(uow).database(run.args["database"])
            types = [kind for kind in database.record_types if kind.tables and kind.storage == "managed"]
            if at["type"] >= len(types):
                break
            kind = types[at["type"]]
            counts = count_rules(uow, kind, rules_of_type(kind))
        at = at | {
            "type": at["type"] + 1,
            "rules": at["rules"] + len(counts),
            "broken": at["broken"] + sum(1 for item in counts if item.found and item.found.failed),
        }
        with run.write() as own:
            keep(own, database, kind, datetime.fromisoformat(at["at"]), counts)
            run.checkpoint(at["type"], len(types), at, own)
    with run.write() as own:
        detail = {"job": run.id, "rules": at["rules"], "broken": at["broken"]}
        audit(own, "check_quality", "databases", run.args["database"], detail=detail)
    return {"rules": at["rules"], "broken": at["broken"]}


QUALITY_RUN: Final = JobKind(KIND, {"zh": "检查数据质量", "en": "Check data quality"}, run_quality)

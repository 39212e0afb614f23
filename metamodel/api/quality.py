"""Data quality of a database: its rules, how many stored records break each, and the course over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from metamodel.api.schemas import CODE, COUNT, FLAG, LABEL, MAYBE_COUNT, MAYBE_ID, MAYBE_TEXT
from metamodel.api.shared import RECORDS, record_scope, sliced
from metamodel.catalogue import Database, RecordType, catalogue_of
from metamodel.quality import (
    KIND,
    Count,
    QualityRule,
    Result,
    count_rules,
    last_run,
    may_see,
    results_of,
    rules_of_type,
)
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.jobs import JobState, job, submit
from zhenshu.security import Denied
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import INSTANT, PAGING, TEXT, list_of, object_of, page_of, query_of

SEEN = ("view", RECORDS)
QUALITY = "/databases/<code>/quality"
COURSE = object_of({"at": INSTANT, "release": COUNT, "total": COUNT, "failed": COUNT, "unknown": COUNT})
RULE = object_of(
    {
        "key": TEXT,
        "record_type": TEXT,
        "field": TEXT,
        "kind": TEXT,
        "severity": TEXT,
        "message": LABEL,
        "expression": TEXT,
        "low": MAYBE_TEXT,
        "high": MAYBE_TEXT,
        "where": TEXT | {"description": "The filter that finds the records which break it"},
        "where_unknown": TEXT | {"description": "The filter that finds those for which it can't be told"},
        "total": MAYBE_COUNT,
        "failed": {**MAYBE_COUNT, "description": "null: not counted yet"},
        "unknown": MAYBE_COUNT,
        "problem": {"type": ["object", "null"], "description": "Why it can't be counted: `zh` and `en`"},
        "own_rows": {**FLAG, "description": "Counted just now over the rows you may see; no course"},
        "course": list_of(COURSE) | {"description": "Earlier runs, oldest first"},
    }
)
STANDING = object_of(
    {
        "job": {**MAYBE_ID, "description": "Your run that waits or runs"},
        "may_run": FLAG,
        "at": {"type": ["string", "null"], "description": "When the last run began"},
        "release": MAYBE_COUNT,
    }
)


class Quality(Api):
    @endpoint(
        "GET", QUALITY,
        summary={"zh": "数据质量规则及结果", "en": "Quality rules, and what the last run found."},
        needs=SEEN,
        params=query_of({**PAGING, "record_type": CODE, "broken": FLAG}),
        returns={200: page_of(RULE)},
        errors=[NotFound],
    )  # fmt: skip
    def list(self, code: str) -> dict[str, Any]:
        """Those that most records break come first."""
        params = self.params
        with self.read() as uow:
            database = catalogue_of(uow).database(code)
            wanted = params.get("record_type")
            lines = [
                line
                for kind in database.record_types
                if wanted in (None, kind.code)
                for line in _lines(uow, database, kind)
            ]
        if params.get("broken"):
            lines = [line for line in lines if line.failed]
        ordered = sorted(lines, key=lambda line: -(line.failed or 0))
        return sliced([line.view() for line in ordered], params["after"], params["limit"])

    @endpoint(
        "GET", QUALITY + "/run",
        summary={"zh": "质量检查的状态", "en": "The last quality run, and yours that is under way."},
        needs=SEEN,
        returns={200: STANDING},
        errors=[NotFound],
    )  # fmt: skip
    def running(self, code: str) -> dict[str, Any]:
        with self.read() as uow:
            database = catalogue_of(uow).database(code)
            may_run = _may_run(uow, database)
            last = last_run(uow, database) if may_run else None
            at, release = last or (None, None)
            return {"job": _running(uow, code), "may_run": may_run, "at": at, "release": release}

    @endpoint(
        "POST", QUALITY + "/run",
        summary={"zh": "检查数据质量", "en": "Ask every rule of all records; a job keeps the counts."},
        needs=SEEN,
        returns={200: object_of({"job": {"type": "integer"}})},
        errors=[NotFound, Denied],
    )  # fmt: skip
    def run(self, code: str) -> dict[str, Any]:
        with self.write() as uow:
            database = catalogue_of(uow).database(code)
            if not _may_run(uow, database):
                raise Denied(action="view", resource=code)
            label = {"zh": f"检查数据质量：{database.label.text('zh')}",
                     "en": f"Check data quality: {database.label.text('en')}"}  # fmt: skip
            return {"job": _running(uow, code) or submit(uow, KIND, {"database": code}, label=label)}


@dataclass(frozen=True, slots=True)
class _Line:
    """A rule with what a reader may know of its counts."""

    rule: QualityRule
    latest: Count | None
    course: list[Result]
    own_rows: bool

    @property
    def failed(self) -> int | None:
        return self.latest.found.failed if self.latest and self.latest.found else None

    def view(self) -> dict[str, Any]:
        rule, found = self.rule, self.latest.found if self.latest else None
        problem = self.latest.problem if self.latest else None
        return {
            "key": rule.key,
            "record_type": rule.record_type,
            "field": rule.field,
            "kind": rule.kind.value,
            "severity": rule.severity,
            "message": {"zh": rule.message.zh, "en": rule.message.en},
            "expression": rule.expression,
            "low": rule.low,
            "high": rule.high,
            "where": rule.wrong,
            "where_unknown": rule.untold,
            "total": found.total if found else None,
            "failed": found.failed if found else None,
            "unknown": found.unknown if found else None,
            "problem": problem and {"zh": problem.message("zh"), "en": problem.message("en")},
            "own_rows": self.own_rows,
            "course": [_step(item) for item in self.course],
        }


def _step(item: Result) -> dict[str, Any]:
    found = item.found
    head = {"at": item.at, "release": item.release}
    return head | {"total": found.total, "failed": found.failed, "unknown": found.unknown}


def _lines(uow: UnitOfWork, database: Database, kind: RecordType) -> Iterator[_Line]:
    """The rules of a type that the subject may see. What runs kept is for those who see every row; others
    are told what their own rows give."""
    if not kind.tables or kind.storage != "managed":
        return
    try:
        every_row = record_scope(uow, kind).rows is None
    except Denied:
        return
    rules = rules_of_type(kind)
    if not every_row:
        seen = [rule for rule in rules if may_see(uow, database, kind, rule)]
        yield from (_Line(item.rule, item, [], own_rows=True) for item in count_rules(uow, kind, seen))
        return
    kept = results_of(uow, database, kind, [rule.key for rule in rules])
    for rule in rules:
        if may_see(uow, database, kind, rule):
            course = kept.get(rule.key, [])
            latest = Count(rule, course[-1].found) if course else None
            yield _Line(rule, latest, course, own_rows=False)


def _may_run(uow: UnitOfWork, database: Database) -> bool:
    """A run is of all rows, so it is for those who see all of some record type."""
    return any(_sees_all_rows(uow, kind) for kind in database.record_types)


def _sees_all_rows(uow: UnitOfWork, kind: RecordType) -> bool:
    try:
        return record_scope(uow, kind).rows is None
    except Denied:
        return False


def _running(uow: UnitOfWork, code: str) -> int | None:
    under_way = (JobState.QUEUED, JobState.RUNNING)
    query = select(job.c.id, job.c.args).where(
        job.c.kind == KIND, job.c.state.in_(under_way), job.c.subject_id == uow.subject.id
    )
    return next((row.id for row in uow.conn.execute(query) if row.args.get("database") == code), None)

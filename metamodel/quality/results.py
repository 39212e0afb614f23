"""Keeping what quality runs found, and reading it back as a course over time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import func, insert, select

from metamodel.catalogue import Database, RecordType
from metamodel.quality.counting import Count, RuleCount
from metamodel.quality.tables import quality_result
from zhenshu.db.unit_of_work import UnitOfWork

SHOWN: Final = 12  # runs that a course goes back


@dataclass(frozen=True, slots=True)
class Result:
    """What one run found of one rule."""

    at: datetime
    release: int
    found: RuleCount


def keep(
    uow: UnitOfWork, database: Database, record_type: RecordType, at: datetime, counts: Iterable[Count]
) -> None:
    """Keep what the run that began `at` found of the rules of one record type."""
    head = {"definition_id": database.id, "type_id": type_id(record_type), "at": at}
    rows = [
        head
        | {"rule": item.rule.key, "release_number": database.release_number, "total": item.found.total}
        | {"failed": item.found.failed, "unknown": item.found.unknown}
        for item in counts
        if item.found is not None
    ]
    if rows:
        uow.conn.execute(insert(quality_result), rows)


def results_of(
    uow: UnitOfWork, database: Database, record_type: RecordType, rules: Sequence[str]
) -> Mapping[str, list[Result]]:
    """The latest results by rule, oldest first."""
    c = quality_result.c
    place = func.row_number().over(partition_by=c.rule, order_by=(c.at.desc(), c.id.desc())).label("place")
    mine = (c.definition_id == database.id, c.type_id == type_id(record_type), c.rule.in_(rules))
    ranked = select(quality_result, place).where(*mine).subquery()
    query = select(ranked).where(ranked.c.place <= SHOWN).order_by(ranked.c.at, ranked.c.id)
    found: dict[str, list[Result]] = defaultdict(list)
    for row in uow.conn.execute(query):
        counted = RuleCount(row.total, row.failed, row.unknown)
        found[row.rule].append(Result(row.at, row.release_number, counted))
    return found


def last_run(uow: UnitOfWork, database: Database) -> tuple[datetime, int] | None:
    """When the last run with results began, and the release it was of."""
    c = quality_result.c
    query = select(c.at, c.release_number).where(c.definition_id == database.id).order_by(c.id.desc())
    row = uow.conn.execute(query.limit(1)).first()
    return None if row is None else (row.at, row.release_number)


def type_id(record_type: RecordType) -> str:
    """Types that registries describe have no ids; their codes never change."""
    return record_type.id or record_type.code

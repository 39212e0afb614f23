"""The job `records.recalculate`: stored records calculated anew, batch by batch, each exactly once.

Arguments: `database`; `types`: ids of record types in the order to go through them, one twice where the chain
of calculations comes back to it; `patients`: whose records, null for all. What is committed stays when the
job is cancelled or its worker dies; it goes on from there.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from sqlalchemy import ColumnElement, func, select

from metamodel.catalogue import Database, RecordType, catalogue_of
from metamodel.records.history import CALCULATED
from metamodel.records.recalculating import KIND, hold_patients, is_calculated_here, recalculate
from metamodel.records.session import Session
from metamodel.storage.layout import ACTIVE
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs import JobKind, JobRun

BATCH = 500  # records a transaction
GIVE_WAY: Final = 0.06  # seconds between batches on SQLite, whose other writers do not queue


def run_recalculation(run: JobRun) -> Mapping[str, Any]:
    """Go through the types; the result tells how many records were looked at, and how many changed."""
    return _Recalculation(run).run()


class _Recalculation:
    def __init__(self, run: JobRun) -> None:
        self._run = run
        self._types: list[str] = run.args["types"]
        self._patients: list[int] | None = run.args["patients"]
        self._at: dict[str, int] = run.cursor or {"type": 0, "after": 0, "seen": 0, "changed": 0}

    def run(self) -> Mapping[str, Any]:
        with self._run.read() as uow:
            database = self._database(uow)
            total = sum(self._count(uow, kind) for key in self._types if (kind := _type(database, key)))
        while self._at["type"] < len(self._types):
            with self._run.write() as uow:
                self._step(uow)
                self._run.checkpoint(self._at["seen"], max(total, self._at["seen"]), dict(self._at), uow)
            if uow.sqlite:
                time.sleep(GIVE_WAY)
        return {"records": self._at["seen"], "changed": self._at["changed"]}

    def _step(self, uow: UnitOfWork) -> None:
        """The next batch of the type at hand; on to the next type after its last one."""
        session = Session(uow)
        kind = _type(self._database(uow), self._types[self._at["type"]])
        rows = [] if kind is None else self._next(uow, kind)
        if kind is None or not rows:
            self._at |= {"type": self._at["type"] + 1, "after": 0}
            return
        hold_patients(uow, (row.patient for row in rows))
        ids = [row.id for row in rows]
        changed = recalculate(session, kind, ids, {"kind": CALCULATED, "job": self._run.id})
        self._at["after"] = ids[-1]
        self._at["seen"] += len(ids)
        self._at["changed"] += len(changed)

    def _database(self, uow: UnitOfWork) -> Database:
        return catalogue_of(uow).database(self._run.args["database"])

    def _next(self, uow: UnitOfWork, kind: RecordType) -> Sequence[Any]:
        main = kind.main
        query = select(main.c.id, main.c.patient).where(*self._wanted(kind), main.c.id > self._at["after"])
        return uow.conn.execute(query.order_by(main.c.id).limit(BATCH)).all()

    def _count(self, uow: UnitOfWork, kind: RecordType) -> int:
        query = select(func.count()).select_from(kind.main).where(*self._wanted(kind))
        return uow.conn.execute(query).scalar_one()

    def _wanted(self, kind: RecordType) -> list[ColumnElement[bool]]:
        active = kind.main.c.status == ACTIVE
        return [active] if self._patients is None else [active, kind.main.c.patient.in_(self._patients)]


def _type(database: Database, key: str) -> RecordType | None:
    """The record type with this id; None when a release since has dropped it, or gave it to a module."""
    kinds = (kind for kind in database.record_types if is_calculated_here(kind))
    return next((kind for kind in kinds if kind.id == key), None)


RECALCULATION: Final = JobKind(KIND, {"zh": "重新计算字段", "en": "Calculate fields anew"}, run_recalculation)

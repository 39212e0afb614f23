"""The end of a conversion: nothing failed unapproved, the last writes are converted, columns change."""

from __future__ import annotations

from sqlalchemy import func, select

from metamodel.plans.conversions.batches import convert_rest
from metamodel.plans.conversions.log import drop_log
from metamodel.plans.conversions.purging import PURGE
from metamodel.plans.conversions.sealing import forbid, seal_rest
from metamodel.plans.conversions.work import KIND, Work, conversions
from metamodel.plans.errors import PlanOutdated
from metamodel.plans.operations import ConvertField, Safety
from metamodel.plans.store import Plan
from metamodel.storage.columns import set_column_state
from metamodel.tables import conversion_failure
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs import submit


def verify_conversions(uow: UnitOfWork, plan: Plan) -> None:
    """
    Raises:
        PlanOutdated: when values that can't be read have come since a conversion was found to be safe.
    """
    safe = {
        operation.field_id
        for operation in plan.operations
        if isinstance(operation, ConvertField) and operation.safety is Safety.SAFE
    }
    for work in conversions(uow.conn, plan):
        if work.field_id in safe and failures_of(uow, work.target.id):
            raise PlanOutdated(
                plan=plan.id,
                why="values have come since that can't be converted.",
                why_zh="此后新增了无法转换的值。",
            )


def finish_conversions(uow: UnitOfWork, plan: Plan) -> None:
    """In the swap: convert what is left, drop the logs, and let the old columns freeze.

    Raises:
        PlanOutdated: see `verify_conversions`.
    """
    begun = list(conversions(uow.conn, plan))
    for work in begun:
        convert_rest(uow, work)
        if work.seals:
            seal_rest(uow, work, plan.report["revision_barrier"])
    verify_conversions(uow, plan)
    tables = {item["log"]: item["tables"] for item in plan.inverse if item["kind"] == KIND}
    for work in begun:
        drop_log(uow.conn, work.log, tables[work.log])
        _change_columns(uow, work)
        if work.seals:
            forbid(uow.conn, work.source.number, work.field_id)
            submit(uow, PURGE, {"database": plan.code, "column": work.source.id})


def _change_columns(uow: UnitOfWork, work: Work) -> None:
    set_column_state(uow.conn, work.source.number, [work.source.name], "frozen", uow.at)
    set_column_state(uow.conn, work.source.number, [work.target.name], "live", uow.at)


def failures_of(uow: UnitOfWork, column_id: int) -> int:
    c = conversion_failure.c
    query = select(func.count()).select_from(conversion_failure).where(c.column_id == column_id)
    return int(uow.conn.execute(query).scalar_one())

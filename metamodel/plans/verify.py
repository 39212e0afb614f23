"""The last look before the swap: the tables are as the coming release needs them, the data as approved."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, inspect

from metamodel.plans.conversions.finish import verify_conversions
from metamodel.plans.dry_run import DryRun
from metamodel.plans.errors import PlanOutdated
from metamodel.plans.operations import ConvertField, Operation, Safety
from metamodel.plans.store import Plan, made_by
from metamodel.plans.stored import read_stored
from zhenshu.db.unit_of_work import UnitOfWork


def verify(uow: UnitOfWork, plan: Plan) -> None:
    """
    Raises:
        PlanOutdated: when a table or column is missing, or a change has become more costly than it was.
    """
    for operation in plan.operations:
        if operation.stores:
            _verify_storage(uow.conn, plan, operation)
    verify_conversions(uow, plan)
    _verify_safety(uow, plan)


def _verify_storage(conn: Connection, plan: Plan, operation: Operation) -> None:
    entry: Mapping[str, Any] = (plan.mapping or {}).get("types", {}).get(operation.type_id, {})
    inspector = inspect(conn)
    for part, table in enumerate(entry.get("tables", ())):
        wanted = {name for where, name in entry["columns"].values() if where == part}
        there = inspector.has_table(table) and {item["name"] for item in inspector.get_columns(table)}
        if not there or not wanted <= there:
            raise PlanOutdated(
                plan=plan.id,
                why=f"table {table} lacks columns that it was given.",
                why_zh=f"表 {table} 缺少应有的列。",
            )


def _verify_safety(uow: UnitOfWork, plan: Plan) -> None:
    """An operation that concerned nothing when it was planned may concern records by now."""
    watched = [
        operation
        for operation in plan.operations
        if operation.safety is Safety.SAFE
        and operation.worst is not Safety.SAFE
        and not isinstance(operation, ConvertField)
    ]
    if not watched:
        return
    converted = {item.field_id for item in plan.operations if isinstance(item, ConvertField)}
    stored = read_stored(uow.conn, plan.definition_id, made_by([plan]))
    dry_run = DryRun(uow, plan.document, stored, converted=converted)
    for operation in watched:
        if dry_run.judge(operation)[0].safety is not Safety.SAFE:
            raise PlanOutdated(
                plan=plan.id,
                why=f"records have come that '{operation.text('en')}' concerns.",
                why_zh=f"新增的记录受“{operation.text('zh')}”影响。",
            )

"""Trying the operations of a plan on the real data: what each concerns, and how safe that makes it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, true

from metamodel.definitions.problems import Problem, problem
from metamodel.plans.conversions.trial import NO_PATIENT, Trial
from metamodel.plans.conversions.work import Way
from metamodel.plans.documents import EMPTY, Document, fields_by_id, path_of, types_by_id
from metamodel.plans.narrowing import Narrowing, refusing
from metamodel.plans.operations import (
    ChangeField,
    ChangeRecordType,
    ConvertField,
    DropField,
    DropRecordType,
    Operation,
    Safety,
    SetKey,
)
from metamodel.plans.stored import Stored
from metamodel.plans.stored_rows import NOTHING, Finding, StoredRows
from metamodel.plans.stored_rules import StoredRules
from zhenshu.db.unit_of_work import UnitOfWork


class DryRun:
    """Looks at the tables as they are now; `after` is the document to come.

    `converted` are ids of fields whose columns hold values of another kind than `after` says. Conversions
    need the document `before`.
    """

    def __init__(
        self, uow: UnitOfWork, after: Document, stored: Stored, before: Document | None = None,
        converted: Collection[str] = (), undo: bool = False,
    ) -> None:  # fmt: skip
        zone = uow.instance.settings.zone
        now = uow.at.astimezone(ZoneInfo(zone)).replace(tzinfo=None, microsecond=0)
        self._rows = StoredRows(uow.conn, stored)
        self._narrowing = Narrowing(self._rows, StoredRules(self._rows, after, now, zone, converted), now)
        self._uow = uow
        self._before, self._undo = before, undo
        self._after = after
        self._types = types_by_id(after)

    def judge(self, operation: Operation) -> tuple[Operation, Finding]:
        """The operation with its safety, and what it concerns."""
        finding = self.finding(operation)
        harmless = finding.rows == 0 or _only_warns(operation)
        return replace(operation, safety=Safety.SAFE if harmless else operation.worst), finding

    def finding(self, operation: Operation) -> Finding:
        """What `operation` concerns; nothing for one that concerns no stored value."""
        type_id = operation.type_id
        if type_id not in self._rows.stored.numbers:
            return NOTHING
        match operation:
            case DropRecordType():
                return self._rows.count(type_id, true())
            case DropField():
                return self._held(type_id, operation.field_id)
            case ChangeRecordType():
                return self._narrowing.record_type(operation)
            case ConvertField():
                way = Way(self._before or EMPTY, self._after, self._undo)
                return Trial(self._uow, self._rows, way, operation).finding()
            case ChangeField():
                field = fields_by_id(self._types[type_id])[operation.field_id]
                return self._narrowing.field(operation, field)
        return NOTHING

    def duplicate_keys(self, operations: list[Operation]) -> Iterator[Problem]:
        """New keys that can't be unique with the records there are."""
        for operation in operations:
            if isinstance(operation, SetKey) and operation.after_id is not None:
                if not self._rows.has(operation.type_id, operation.after_id):
                    continue
                finding = self._rows.duplicates(operation.type_id, operation.after_id)
                if finding.rows:
                    yield self._not_unique(operation, finding)

    def _held(self, type_id: str, field_id: str) -> Finding:
        if not self._rows.has(type_id, field_id):
            return NOTHING
        value: ColumnElement[object] = self._rows.column(type_id, field_id)
        return self._rows.count(type_id, value.is_not(None), field_id)

    def _not_unique(self, operation: SetKey, finding: Finding) -> Problem:
        name = f"{operation.record_type}.{operation.after}"
        ids = ", ".join(map(str, finding.samples))
        return problem(
            path_of(self._after, operation.type_id, operation.after_id),
            "key_not_unique",
            f"{name} 不能作为主键：{finding.rows} 条记录的值重复（如记录 {ids}）；请先更正这些记录。",
            f"{name} can't be the key: {finding.rows} records share a value (e.g. records {ids}); "
            "correct them first.",
        )


def _only_warns(operation: Operation) -> bool:
    """Whether it brings no check but warnings: no record is refused for one."""
    if not isinstance(operation, ChangeField) or operation.property != "checks":
        return False
    return not refusing(operation.before, operation.after)


def unsealable(after: Document, judged: Iterable[tuple[Operation, Finding]]) -> Iterator[Problem]:
    """Fields that can't become identifying, as some records have no patient under whose key to seal them."""
    for operation, finding in judged:
        rows = sum(reason.rows for reason in finding.reasons if reason.code == NO_PATIENT[0])
        if isinstance(operation, ConvertField) and rows:
            name = f"{operation.record_type}.{operation.field}"
            yield problem(
                path_of(after, operation.type_id, operation.field_id),
                "no_patient",
                f"{name} 不能改为标识信息：{rows} 条有值的记录不属于任何患者，没有可用于加密的密钥。",
                f"{name} can't become identifying: {rows} records with a value belong to no patient, whose "
                "key would encrypt it.",
            )

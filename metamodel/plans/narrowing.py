"""Which stored values no longer fit when a field or record type is defined more narrowly."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, select
from sqlalchemy.types import String

from metamodel.plans.documents import Document
from metamodel.plans.operations import ChangeField, ChangeRecordType
from metamodel.plans.stored_rows import NOTHING, Finding, StoredRows
from metamodel.plans.stored_rules import StoredRules
from metamodel.storage.columns import storage_field

NOT_COUNTED = Finding(
    rows=None,
    note_zh="此规则涉及其他记录，未统计",
    note_en="not counted: the rule asks other records",
)


ENCRYPTED = Finding(
    rows=None,
    note_zh="字段的值已加密，未统计",
    note_en="not counted: the field's values are encrypted",
)

# What can only be told from the values themselves.
_OF_VALUES = frozenset({"minimum", "maximum", "choices", "options"})


def refusing(before: Sequence[Document] | None, after: Sequence[Document] | None) -> list[Document]:
    """The checks of `after` that are new and no mere warnings: records that fail one can't be saved."""
    known = {check["expression"] for check in before or () if check.get("severity") != "warning"}
    errors = (check for check in after or () if check.get("severity") != "warning")
    return [check for check in errors if check["expression"] not in known]


class Narrowing:
    """Looks at the rows of one database. `now` is local; `rules` are those of the coming release."""

    def __init__(self, rows: StoredRows, rules: StoredRules, now: datetime) -> None:
        self.rows = rows
        self._rules = rules
        self._moments = {"today": now.date(), "now": now}

    def field(self, change: ChangeField, field: Document) -> Finding:
        """Records that `change` would leave with a value, or without one, against the definition.

        `field` is the field's document in the coming release.
        """
        look = _FIELD_LOOKS.get(change.property)
        if look is None or not self.rows.has(change.type_id, change.field_id):
            return NOTHING
        if change.property in _OF_VALUES and self.rows.protected(change.type_id, change.field_id):
            return NOTHING if change.after is None else ENCRYPTED
        return look(self, change, field)

    def record_type(self, change: ChangeRecordType) -> Finding:
        table = self.rows.table(change.type_id)
        if change.property == "repeats" and not change.after:
            return self.rows.count_active(change.type_id, table.c.repeat_key > 1)
        if change.property == "events" and change.after:
            return self.rows.count_active(change.type_id, table.c.event.not_in(change.after))
        return NOTHING

    def required(self, change: ChangeField, _field: Document) -> Finding:
        if not change.after:
            return NOTHING
        return self._outside(change, self._empty(change))

    def minimum(self, change: ChangeField, field: Document) -> Finding:
        bound = self._bound(field, change.after, ROUND_CEILING)
        return self._outside(change, None if bound is None else self._column(change) < bound)

    def maximum(self, change: ChangeField, field: Document) -> Finding:
        bound = self._bound(field, change.after, ROUND_FLOOR)
        return self._outside(change, None if bound is None else self._column(change) > bound)

    def choices(self, change: ChangeField, field: Document) -> Finding:
        column = self._column(change)
        if field["type"] != "multi_choice":
            return self._outside(change, column.in_(change.before))
        items = self.rows.items(column)
        held = select(1).select_from(items).where(items.c.value.in_(change.before)).exists()
        return self._outside(change, held)

    def options(self, change: ChangeField, _field: Document) -> Finding:
        longest = (change.after or {}).get("max_length")
        column = self._column(change)
        if longest is None or not isinstance(column.type, String):
            return NOTHING
        return self._outside(change, func.length(column) > longest)

    def checks(self, change: ChangeField, record_field: Document) -> Finding:
        known = {(check["expression"], check.get("severity")) for check in change.before or ()}
        fresh = [
            check for check in change.after or () if (check["expression"], check.get("severity")) not in known
        ]
        counted = refusing(change.before, fresh) or fresh
        findings = [self._failing(change, check["expression"]) for check in counted]
        return max(findings, key=lambda item: math.inf if item.rows is None else item.rows, default=NOTHING)

    def required_if(self, change: ChangeField, _field: Document) -> Finding:
        if not change.after:
            return NOTHING
        rule = self._rules.condition(change.type_id, change.after)
        if rule is None:
            return NOT_COUNTED
        where = and_(rule.element, self._empty(change))
        return self.rows.count_active(change.type_id, where, change.field_id, *rule.field_ids)

    def identifying(self, change: ChangeField, _field: Document) -> Finding:
        """Every value becomes visible to all who may view the records."""
        if change.after:
            return NOTHING
        finding = self._outside(change, self._column(change).is_not(None))
        return replace(
            finding,
            note_zh="这些值将对所有可查看记录的人可见",
            note_en="these values become visible to everyone who may view the records",
        )

    def _failing(self, change: ChangeField, expression: str) -> Finding:
        """Records for which a check is false; unknown is not false."""
        rule = self._rules.condition(change.type_id, expression)
        if rule is None:
            return NOT_COUNTED
        return self.rows.count_active(change.type_id, not_(rule.element), *rule.field_ids)

    def _empty(self, change: ChangeField) -> ColumnElement[bool]:
        """No value, and no code that says why."""
        code = self.rows.missing_code(change.type_id, change.field_id)
        return and_(self._column(change).is_(None), code.is_(None))

    def _column(self, change: ChangeField) -> ColumnElement[Any]:
        return self.rows.column(change.type_id, change.field_id)

    def _outside(self, change: ChangeField, condition: ColumnElement[bool] | None) -> Finding:
        if condition is None:
            return NOTHING
        return self.rows.count_active(change.type_id, condition, change.field_id)

    def _bound(self, document: Document, value: Any, rounding: str) -> Any:
        """A bound as a stored value. More decimal places than the column has are rounded inwards."""
        field = storage_field(document)
        bound = self._moments.get(value, value) if isinstance(value, str) else value
        if isinstance(bound, date) or bound is None:
            return bound
        if field.type.name == "decimal":
            step = Decimal(1).scaleb(-int(field.type.column_options(field)["scale"]))
            return Decimal(str(bound)).quantize(step, rounding)
        return field.type.bound(field, bound)


_FieldLook = Callable[[Narrowing, ChangeField, Document], Finding]

_FIELD_LOOKS: Mapping[str, _FieldLook] = {
    "required": Narrowing.required,
    "required_if": Narrowing.required_if,
    "minimum": Narrowing.minimum,
    "maximum": Narrowing.maximum,
    "choices": Narrowing.choices,
    "options": Narrowing.options,
    "checks": Narrowing.checks,
    "identifying": Narrowing.identifying,
}

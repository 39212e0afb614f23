"""The rules that stored records of a type should keep: its checks, required values and ranges, as filters."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from enum import StrEnum
from typing import Any

from metamodel.catalogue import Field, Label, RecordType
from rules_dsl import RuleType
from rules_dsl.literals import write_moment, write_number


class RuleKind(StrEnum):
    CHECK = "check"
    REQUIRED = "required"
    RANGE = "range"


@dataclass(frozen=True, slots=True)
class QualityRule:
    """A rule over the records of one type. `wrong` is a filter that finds those which break it, `untold` one
    that finds those for which it can't be told.

    `key` stays the same from release to release: a field has one requirement and one range, and as many
    checks as it has texts of checks.
    `expression` is how the definition says it: a check, or the condition of a requirement.
    """

    key: str
    record_type: str
    field: str
    kind: RuleKind
    severity: str
    message: Label
    expression: str
    wrong: str
    low: str | None = None  # the bounds of a range, as the definition has them
    high: str | None = None

    @property
    def untold(self) -> str:
        return f"({self.wrong}) is missing"


def rules_of_type(record_type: RecordType) -> list[QualityRule]:
    """In the order of its fields."""
    return [rule for field in record_type.fields for rule in _rules(record_type, field)]


def _rules(record_type: RecordType, field: Field) -> Iterator[QualityRule]:
    if field.required or field.required_if or field.code == record_type.key:
        yield _rule(record_type, field, RuleKind.REQUIRED, _absent(field), field.required_if)
    if (outside := _outside(field)) is not None:
        rule = _rule(record_type, field, RuleKind.RANGE, outside, "")
        yield replace(rule, low=_shown(field.minimum), high=_shown(field.maximum))
    for check in field.checks:
        wrong = f"not ({check.expression})"
        digest = hashlib.sha256(check.expression.encode()).hexdigest()[:12]
        yield QualityRule(
            f"{field.id or field.code}:check:{digest}", record_type.code, field.code, RuleKind.CHECK,
            check.severity, check.message, check.expression, wrong,
        )  # fmt: skip


def _rule(record_type: RecordType, field: Field, kind: RuleKind, wrong: str, expression: str) -> QualityRule:
    key = f"{field.id or field.code}:{kind.value}"
    return QualityRule(key, record_type.code, field.code, kind, "error", Label(), expression, wrong)


def _absent(field: Field) -> str:
    """A value is needed only where the skip rule and the required-if are true, and no reason is given."""
    parts = [f"[{field.code}] is missing", f"missing_reason([{field.code}]) is missing"]
    parts += [f"({text})" for text in (field.shown_if, "" if field.required else field.required_if) if text]
    return " and ".join(parts)


def _outside(field: Field) -> str | None:
    """Values beyond the bounds; None without bounds."""
    kind = field.type.rule_type_of(field)
    low, high = _bound(field.minimum, kind), _bound(field.maximum, kind, last=True)
    tests = [f"[{field.code}] < {low}" if low else "", f"[{field.code}] {high}" if high else ""]
    tests = [test for test in tests if test]
    if not tests:
        return None
    return f"[{field.code}] is not missing and ({' or '.join(tests)})"


def _bound(value: Any, kind: RuleType, last: bool = False) -> str | None:
    """A bound in the language; for the `last` permitted value with the comparison that breaks it."""
    if value is None:
        return None
    if value in ("today", "now") and kind is RuleType.TIME:
        return None  # true of every time at one moment of the day or another
    if value == "today" and kind is RuleType.DATETIME and last:
        return ">= add_days(today(), 1)"
    if value in ("today", "now"):
        written = "today()" if value == "today" or kind is RuleType.DATE else "now()"
    elif isinstance(value, date | datetime | time):
        written = f"@{write_moment(value)}"
    else:
        written = write_number(Decimal(str(value)))
    return f"> {written}" if last else written


def _shown(value: Any) -> str | None:
    return None if value is None else str(value)

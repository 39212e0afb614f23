"""The rules of one record type, compiled: derive, then skip, then check."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import ROUND_HALF_UP, Decimal
from graphlib import CycleError, TopologicalSorter
from typing import Any

from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.catalogue.reach import ReachTypes, Surroundings, Where
from metamodel.field_types.integer import LARGEST, SMALLEST
from metamodel.records.errors import RecordError
from metamodel.records.needs import Needs
from metamodel.records.problems import Problem
from rules_dsl import Context, Missing, RuleTooCostly, RuleType, check, compile_python, parse

Rule = Callable[[Mapping[str, object], Context], Any]
Bound = Callable[[Context], Any]


class CircularCalculation(RecordError):
    """Calculated fields depend on each other: {fields}. Nothing was changed; correct the definition."""

    zh = "计算字段互相依赖：{fields}。未作任何修改，请更正定义。"


class RuleStopped(RecordError):
    """A rule asks too much: `{rule}` ({reason}) Nothing was changed; make the rule simpler."""

    zh = "规则计算量过大：`{rule}`（{reason_zh}）未作任何修改，请简化该规则。"


@dataclass(frozen=True, slots=True)
class Calculation:
    code: str
    rule: Rule
    cast: Callable[[Any], Any]


@dataclass(frozen=True, slots=True)
class Range:
    """Inclusive bounds of a field; one that is None does not bind. `*_shown` is for messages."""

    code: str
    low: Bound | None
    high: Bound | None
    low_shown: str
    high_shown: str


@dataclass(frozen=True, slots=True)
class CompiledCheck:
    code: str
    rule: Rule
    problem: Problem


@dataclass(frozen=True)
class TypeRules:
    """What a record must satisfy, and what of other records that takes."""

    calculations: tuple[Calculation, ...]
    shown: tuple[tuple[str, Rule], ...]
    required: tuple[str, ...]
    required_if: tuple[tuple[str, Rule], ...]
    ranges: tuple[Range, ...]
    checks: tuple[CompiledCheck, ...]
    needs: Needs = field(default_factory=Needs)


def compile_rules(record_type: RecordType, database: Database | None) -> TypeRules:
    """Compile every rule of `record_type`.

    Raises:
        RuleError: when a rule can't be read or does not type-check.
        CircularCalculation: when calculated fields depend on each other.
    """
    types = ReachTypes(Surroundings(record_type, database))
    fields = record_type.fields
    calculations = tuple(_calculations(fields, record_type, database, types))
    shown = tuple((item.code, compile_rule(item.shown_if, types)) for item in fields if item.shown_if)
    required_if = tuple(
        (item.code, compile_rule(item.required_if, types)) for item in fields if item.required_if
    )
    checks = tuple(_checks(fields, types))
    return TypeRules(
        calculations, shown,
        tuple(item.code for item in fields if item.required or item.code == record_type.key),
        required_if, tuple(_ranges(fields)), checks, Needs.of(types),
    )  # fmt: skip


def compile_rule(text: str, types: ReachTypes) -> Rule:
    tree = parse(text)
    check(tree, types)
    run = compile_python(tree, types)

    def rule(record: Mapping[str, object], context: Context) -> Any:
        try:
            return run(record, context)
        except RuleTooCostly as error:
            raise RuleStopped(rule=text, reason=error.message("en"), reason_zh=error.message("zh")) from error

    return rule


def _calculations(
    fields: Iterable[Field], record_type: RecordType, database: Database | None, types: ReachTypes
) -> Iterable[Calculation]:
    calculated = {item.code: item for item in fields if item.calculation}
    graph: dict[str, set[str]] = {}
    for code, item in calculated.items():
        own = ReachTypes(Surroundings(record_type, database))
        check(parse(item.calculation), own)
        uses = {hit.field.code for hit in own.reached.values() if hit.where is Where.OWN}
        graph[code] = uses & calculated.keys()
    try:
        order = list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        raise CircularCalculation(fields=" -> ".join(error.args[1])) from error
    return [
        Calculation(code, compile_rule(calculated[code].calculation, types), _cast(calculated[code]))
        for code in order
    ]


def _cast(item: Field) -> Callable[[Any], Any]:
    """From a rule's result to the stored value; a missing result is None."""
    kind = item.type.rule_type_of(item)
    if kind is RuleType.DECIMAL:
        scale = int(item.type.column_options(item)["scale"])
        step, largest = Decimal(1).scaleb(-scale), Decimal(LARGEST).scaleb(-scale)
        return lambda value: _decimal(value, step, largest)
    return _CASTS.get(kind, _stored)


def _stored(value: Any) -> Any:
    return None if isinstance(value, Missing) else value


def _number(value: Any) -> float | None:
    return None if value is None or isinstance(value, Missing) else float(value)


def _decimal(value: Any, step: Decimal, largest: Decimal) -> Decimal | None:
    """Rounded half away from zero to the field's places, as it is stored; missing beyond what it stores."""
    if value is None or isinstance(value, Missing):
        return None
    number = Decimal(repr(float(value)))
    if abs(number) > largest:
        return None
    rounded = number.quantize(step, ROUND_HALF_UP)
    return rounded if abs(rounded) <= largest else None


def _integer(value: Any) -> int | None:
    if value is None or isinstance(value, Missing):
        return None
    number = int(value)
    return number if SMALLEST <= number <= LARGEST else None


def _date(value: Any) -> date | None:
    return value.date() if isinstance(value, datetime) else _stored(value)


_CASTS: Mapping[RuleType, Callable[[Any], Any]] = {
    RuleType.NUMBER: _number,
    RuleType.INTEGER: _integer,
    RuleType.DATE: _date,
}


def _checks(fields: Iterable[Field], types: ReachTypes) -> Iterable[CompiledCheck]:
    for item in fields:
        for one in item.checks:
            zh, en = one.message.text("zh"), one.message.text("en")
            problem = Problem(item.code, "check", zh or one.expression, en or one.expression, one.severity)
            yield CompiledCheck(item.code, compile_rule(one.expression, types), problem)


def _ranges(fields: Iterable[Field]) -> Iterable[Range]:
    for item in fields:
        if item.minimum is None and item.maximum is None:
            continue
        yield Range(
            item.code, _bound(item, item.minimum, time.min), _bound(item, item.maximum, time.max),
            str(item.minimum), str(item.maximum),
        )  # fmt: skip


def _bound(item: Field, value: Any, edge: time) -> Bound | None:
    """The bound in the field's own type; "today" and "now" are taken from the context.

    `edge` is the moment that "today" means for a field with a time: the day's first or last.
    """
    bound = item.type.bound(item, value)
    if bound is None:
        return None
    if bound in ("today", "now"):
        return _moment(item.type.rule_type_of(item), bound, edge)
    return lambda _context: bound


def _moment(kind: RuleType, word: str, edge: time) -> Bound:
    if kind is RuleType.DATE:
        return lambda context: context.local_now.date()
    if kind is RuleType.TIME:
        return lambda context: edge if word == "today" else context.local_now.time()
    if word == "today":
        return lambda context: datetime.combine(context.local_now.date(), edge)
    return lambda context: context.local_now

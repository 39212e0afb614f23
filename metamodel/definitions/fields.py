"""What can be wrong with one field, apart from its rules."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

import re2
from jsonschema.protocols import Validator

from metamodel.catalogue.compile import compile_field
from metamodel.catalogue.model import Field
from metamodel.definitions.names import RESERVED_FIELD_CODES
from metamodel.definitions.problems import Path, Problem, problem
from metamodel.definitions.schema import checker, schema_problems
from metamodel.definitions.structure import unknown
from metamodel.field_types.base import ValueProblem
from metamodel.field_types.converting import CHOICES, NUMBERS
from metamodel.field_types.registry import field_type

Json = Mapping[str, Any]


def field_problems(item: Json, path: Path, value_sets: Mapping[str, Any]) -> Iterator[Problem]:
    """Reserved code, options, value set and bounds of a field whose structure is right."""
    if item["code"] in RESERVED_FIELD_CODES:
        code = item["code"]
        zh, en = (
            f"{code} 是保留字，不能作为字段编码",
            f"{code} is a reserved word and can't be a field's code",
        )
        yield problem((*path, "code"), "reserved", zh, en, f"{code}_1")
    yield from _value_set(item, path, value_sets)
    if item["type"] == "calculated" and not item.get("calculation"):
        zh, en = "计算字段缺少计算规则", "a calculated field needs a calculation"
        yield problem((*path, "calculation"), "missing_key", zh, en)
    yield from _convert(item, path)
    wrong = list(_options(item, path))
    yield from wrong
    if not wrong and (item.get("minimum") is not None or item.get("maximum") is not None):
        yield from _bounds(item, path)


def _convert(item: Json, path: Path) -> Iterator[Problem]:
    note, kind = item.get("convert") or {}, item["type"]
    at = (*path, "convert")
    if Decimal(note.get("factor", "1")) == 0:
        yield problem((*at, "factor"), "bad_factor", "系数不能为 0", "the factor must not be 0")
    if {"factor", "offset"} & note.keys() and kind not in NUMBERS:
        zh, en = "只有数值字段可以换算", "only numbers can be calculated with"
        yield problem(at, "not_allowed", zh, en)
    if "codes" in note and kind not in CHOICES:
        zh, en = "只有选项字段可以对应选项", "only fields of choices have choices to map"
        yield problem(at, "not_allowed", zh, en)


def _value_set(item: Json, path: Path, value_sets: Mapping[str, Any]) -> Iterator[Problem]:
    name, needed = item.get("value_set"), field_type(item["type"]).needs_value_set
    at = (*path, "value_set")
    if needed and not name:
        yield problem(at, "no_value_set", "选项字段必须指定值域", "a field of choices needs a value set")
    elif name and not needed:
        kind = item["type"]
        yield problem(
            at, "not_allowed", f"{kind} 类型的字段没有值域", f"a field of type {kind} has no value set"
        )
    elif name and name not in value_sets:
        yield unknown(at, "unknown_value_set", "值域", "value set", name, value_sets)


@cache
def _options_validator(type_name: str) -> Validator:
    return checker(field_type(type_name).options_schema)


def _options(item: Json, path: Path) -> Iterator[Problem]:
    options = item.get("options")
    if not options:
        return
    yield from schema_problems(_options_validator(item["type"]), options, (*path, "options"))
    if isinstance(pattern := options.get("pattern"), str):
        try:
            re2.compile(pattern)
        except re2.error:
            zh, en = "正则表达式无法使用（需符合 RE2）", "the pattern can't be used; it must be one of RE2"
            yield problem((*path, "options", "pattern"), "bad_pattern", zh, en)


def _bounds(item: Json, path: Path) -> Iterator[Problem]:
    field = compile_field({**item, "minimum": None, "maximum": None}, {})
    if not field.type.ordered:
        side = "minimum" if item.get("minimum") is not None else "maximum"
        kind = item["type"]
        yield problem(
            (*path, side),
            "not_allowed",
            f"{kind} 类型的字段没有大小范围",
            f"a field of type {kind} has no range",
        )
        return
    found: dict[str, Any] = {}
    for side in ("minimum", "maximum"):
        try:
            found[side] = _bound(field, item.get(side))
        except ValueProblem as error:
            yield problem(
                (*path, side), "bad_bound", f"范围无效：{error.zh}", f"not a valid bound: {error.en}"
            )
    low, high = found.get("minimum"), found.get("maximum")
    if low is None or high is None or isinstance(low, str) or isinstance(high, str):
        return
    if low > high:
        yield problem((*path, "minimum"), "bad_bound", "最小值大于最大值", "the minimum is above the maximum")


def _bound(field: Field, value: Any) -> Any:
    bound = field.type.bound(field, value)
    if bound in ("today", "now") and field.type.name not in ("date", "datetime", "time", "calculated"):
        raise ValueProblem("not_a_number", "此类型不能用 today 或 now", "today and now are for dates")
    return bound

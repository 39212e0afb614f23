"""From given values to typed ones: what can be read, what must not be written, what is unknown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from metamodel.field_types.base import ValueProblem
from metamodel.masking import COVER, View
from metamodel.records import problems
from metamodel.records.compiled import CompiledType
from metamodel.records.problems import Problem

Reader = Callable[[Any], Any]


@dataclass(frozen=True)
class ReadPlan:
    """How to read rows that give the same fields: thought out once, used for each of them."""

    readers: tuple[tuple[str, Reader], ...]
    computed: tuple[tuple[str, Reader], ...]
    masked: tuple[str, ...]
    problems: tuple[Problem, ...]  # unknown fields, the same in every row


class ValueReader:
    """Reads rows of one record type, as one view may write them."""

    def __init__(self, compiled: CompiledType, view: View) -> None:
        self._compiled = compiled
        self._view = view
        self._plans: dict[tuple[str, ...], ReadPlan] = {}

    def read(self, values: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem], dict[str, Any]]:
        """Typed values of the writable fields, problems, and given values of calculated fields."""
        plan = self._plan(tuple(values))
        found = list(plan.problems)
        if plan.masked and (echoed := [code for code in plan.masked if _is_covered(values[code])]):
            found += map(problems.masked_echo, echoed)
            values = {code: value for code, value in values.items() if code not in echoed}
            plan = self._plan(tuple(values))
        try:
            typed = {code: read(values[code]) for code, read in plan.readers}
        except ValueProblem:
            typed = _read_each(plan, values, found)
        return typed, found, _given_computed(plan, values) if plan.computed else {}

    def _plan(self, codes: tuple[str, ...]) -> ReadPlan:
        if (plan := self._plans.get(codes)) is None:
            plan = self._plans[codes] = self._make_plan(codes)
        return plan

    def _make_plan(self, codes: tuple[str, ...]) -> ReadPlan:
        readers = self._compiled.readers
        hidden = self._view.hidden
        known = [code for code in codes if code in readers and code not in hidden]
        allowed = readers.keys() - hidden
        return ReadPlan(
            tuple((code, readers[code]) for code in known if code not in self._compiled.calculated),
            tuple((code, readers[code]) for code in known if code in self._compiled.calculated),
            tuple(code for code in known if code in self._view.masked),
            tuple(problems.unknown_field(code, allowed) for code in codes if code not in allowed),
        )


def _is_covered(value: Any) -> bool:
    """Whether `value` is what a mask left of another."""
    return isinstance(value, str) and COVER in value


def _read_each(plan: ReadPlan, values: Mapping[str, Any], found: list[Problem]) -> dict[str, Any]:
    """Read what can be read and say what can't."""
    typed = {}
    for code, read in plan.readers:
        try:
            typed[code] = read(values[code])
        except ValueProblem as problem:
            found.append(problems.unreadable(code, problem))
    return typed


def _given_computed(plan: ReadPlan, values: Mapping[str, Any]) -> dict[str, Any]:
    """Given values of calculated fields; one that can't be read stays as it is, unequal to any result."""
    given = {}
    for code, read in plan.computed:
        try:
            value = read(values[code])
        except ValueProblem:
            value = values[code]
        if value is not None:
            given[code] = value
    return given


def read_missing(
    compiled: CompiledType, view: View, missing: Mapping[str, str | None], typed: Mapping[str, Any]
) -> tuple[dict[str, str | None], list[Problem]]:
    """Reason codes by field id, from those given by field code; None takes a reason away."""
    codes: dict[str, str | None] = {}
    found: list[Problem] = []
    for code, reason in missing.items():
        if code not in compiled.readers or code in view.hidden:
            found.append(problems.unknown_field(code, compiled.readers.keys() - view.hidden))
            continue
        item = compiled.type.field(code)
        if reason is not None and reason not in item.missing_codes:
            found.append(problems.missing_code_unknown(code, item.missing_codes))
        elif reason is not None and typed.get(code) is not None:
            found.append(problems.missing_with_value(code))
        else:
            codes[item.id] = reason
    return codes, found

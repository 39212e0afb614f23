"""Branching logic and calculations of a project as rules of our language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from metamodel.exchange.redcap.project import Project, Variable
from metamodel.exchange.redcap.structure import RecordUnit
from metamodel.exchange.report import Report, Text, both
from rules_dsl import (
    NotTranslatable,
    RedcapVariable,
    RuleError,
    RuleType,
    check,
    translate_redcap,
    type_of_field,
)

_BRANCHING = both("显示条件", "branching logic")
_CALCULATION = both("计算公式", "calculation")
_RESULTS = {
    RuleType.TEXT: "text",
    RuleType.CHOICE: "text",
    RuleType.DATE: "date",
    RuleType.DATETIME: "datetime",
    RuleType.BOOLEAN: "boolean",
}
_NUMBERS = {RuleType.NUMBER, RuleType.INTEGER, RuleType.DECIMAL}


@dataclass(frozen=True, slots=True)
class CarriedVariable:
    """A variable that became a field: its code and type, its instrument, the place of its record type."""

    code: str
    type: RuleType
    form: str
    unit: int

    @classmethod
    def of(cls, code: str, field_type: str, form: str, unit: int) -> CarriedVariable:
        return cls(code, type_of_field(field_type), form, unit)


class Logic:
    """Translates the logic of a project's variables and puts it into their fields."""

    def __init__(
        self, carried: Mapping[str, CarriedVariable], units: Sequence[RecordUnit],
        unit_codes: Sequence[str], project: Project,
    ) -> None:  # fmt: skip
        self._carried = dict(carried)
        self._units = units
        self._unit_codes = unit_codes
        self._project = project
        self._types: dict[int, dict[str, RuleType]] = {}
        self._names = {variable.name for variable in project.variables}

    def add_branching(self, variable: Variable, document: dict[str, Any], report: Report) -> None:
        """Give the field its skip rule, or note why it has none."""
        rule = self.branching(variable, self._carried[variable.name].unit, report)
        if rule is not None:
            document["shown_if"] = rule

    def branching(self, variable: Variable, place: int, report: Report) -> str | None:
        """The skip rule of a variable, or of a text, in the record type at `place`; None is noted."""
        try:
            rule, type = self._translated(place, variable.branching)
            if type is not RuleType.BOOLEAN:
                raise NotTranslatable(
                    f"it gives a {type.value}, not yes or no", f"其结果是{type.zh}，不是是或否"
                )
        except RuleError as error:
            _note(report, variable, _BRANCHING, error, variable.branching)
            return None
        report.count("branching rules translated", not variable.added)
        return rule

    def add_calculation(self, variable: Variable, document: dict[str, Any], report: Report) -> None:
        """Give the field its calculation; without one it becomes a number that can be filled in."""
        report.count("calculations")
        try:
            rule, type = self._translated(self._carried[variable.name].unit, variable.choices)
            if type not in _NUMBERS and type not in _RESULTS:
                raise NotTranslatable(f"it gives {type.value}", f"其结果是{type.zh}")
        except RuleError as error:
            _note(report, variable, _CALCULATION, error, variable.choices)
            document["type"] = "float"
            return
        document["calculation"] = rule
        if type in _RESULTS:
            document["options"] = {"result": _RESULTS[type]}
            self._carried[variable.name] = replace(self._carried[variable.name], type=type)
            self._types.clear()
        report.count("calculations translated")

    def _translated(self, place: int, text: str) -> tuple[str, RuleType]:
        """The rule, as it stands in the record type at `place`, and the type of what it gives.

        Raises:
            RuleError: when it has no counterpart here.
        """
        tree = translate_redcap(text, _Reach(self, place))
        return str(tree), check(tree, self._near(place))

    def _near(self, place: int) -> dict[str, RuleType]:
        """Types by code of the fields that rules of the record type at `place` reach: its own, the root's."""
        if place not in self._types:
            self._types[place] = {
                item.code: item.type for item in self._carried.values() if item.unit in {0, place}
            }
        return self._types[place]

    def reach(self, place: int, name: str, event: str | None) -> RedcapVariable | None:
        """How a rule in the record type at `place` reaches a variable.

        Raises:
            NotTranslatable: when the variable is there, but no path leads to one value of it.
        """
        found = self._carried.get(name)
        if found is None:
            if name in self._names:
                raise NotTranslatable(f"{name} did not become a field", f"{name} 没有成为字段")
            return None
        unit = self._units[found.unit]
        if event is not None:
            self._check_event(name, found, unit, event)
        elif not unit.root and found.unit != place:
            code = self._unit_codes[found.unit]
            raise NotTranslatable(
                f"{name} is in record type {code}, of which there may be several records",
                f"{name} 属于记录类型 {code}，它可能有多条记录",
            )
        return RedcapVariable(found.code, found.type)

    def _check_event(self, name: str, found: CarriedVariable, unit: RecordUnit, event: str) -> None:
        """A variable of another event is reached where it is filled in that event alone."""
        key = name == self._project.key
        if not key and event not in self._project.events_of(found.form):
            raise NotTranslatable(f"{name} is not filled in event {event}", f"{name} 不在访视 {event} 中填写")
        if not unit.root:
            raise NotTranslatable(
                f"[{event}][{name}] names one of the several records of its type",
                f"[{event}][{name}] 指其记录类型多条记录中的一条",
            )

    def has_event(self, name: str) -> bool:
        return any(event.code == name for event in self._project.events)


@dataclass(frozen=True, slots=True)
class _Reach:
    """What a rule of one record type can reach, as the translation asks for it."""

    logic: Logic
    place: int

    def variable(self, name: str, event: str | None) -> RedcapVariable | None:
        return self.logic.reach(self.place, name, event)

    def has_event(self, name: str) -> bool:
        return self.logic.has_event(name)


def _note(report: Report, variable: Variable, what: Text, error: RuleError, text: str) -> None:
    report.drop(variable.where, what, both(error.message("zh"), error.message("en")), text)

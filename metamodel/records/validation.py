"""Applying a record type's rules to one record: derive, then skip, then check."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from metamodel.records import problems
from metamodel.records.problems import Problem
from metamodel.records.rules import TypeRules
from rules_dsl import Context, Missing

Values = dict[str, Any]


class Validator:
    """The rules of one record type at one moment. Fields in `unseen` are not asked of this writer."""

    def __init__(self, rules: TypeRules, context: Context, unseen: frozenset[str] = frozenset()) -> None:
        self.rules = rules
        self._context = context
        self._required = tuple(code for code in rules.required if code not in unseen)
        self._required_if = tuple(pair for pair in rules.required_if if pair[0] not in unseen)
        self._bounds = [
            (item.code, item.low and item.low(context), item.high and item.high(context), item)
            for item in rules.ranges
        ]

    def run(
        self, values: Values, reasons: Mapping[str, str], around: Mapping[str, Any], given: Values
    ) -> list[Problem]:
        """Put calculated values into `values`; say what is wrong.

        `reasons` are missing-data codes by field code, `around` the values of other records by path,
        `given` what the writer gave for calculated fields.
        """
        seen = self._scope(values, reasons, around)
        self._derive(values, seen)
        found = [problems.computed(code) for code in given if values.get(code) != given[code]]
        not_shown = self._skip(values, seen, found)
        self._check_required(values, seen, reasons, not_shown, found)
        self._check_ranges(values, found)
        found += [item.problem for item in self.rules.checks if item.rule(seen, self._context) is False]
        return found

    def derived(
        self, values: Mapping[str, Any], reasons: Mapping[str, str], around: Mapping[str, Any]
    ) -> Values:
        """The calculated fields' values, from what else the record holds."""
        own = dict(values)
        self._derive(own, self._scope(own, reasons, around))
        return {item.code: own[item.code] for item in self.rules.calculations}

    def asked(
        self, values: Values, reasons: Mapping[str, str], around: Mapping[str, Any]
    ) -> tuple[set[str], set[str]]:
        """Fields that are not shown, and those of the others that need a value, after `run` of the same."""
        seen = self._scope(values, reasons, around)
        hidden = {code for code, rule in self.rules.shown if rule(seen, self._context) is not True}
        needed = {code for code, rule in self._required_if if rule(seen, self._context) is True}
        return hidden, (needed | set(self._required)) - hidden

    def _scope(self, values: Values, reasons: Mapping[str, str], around: Mapping[str, Any]) -> Values:
        """What rules see. Calculated values are put into it as well while deriving."""
        if not (reasons or around or self.rules.needs.aliases):
            return values
        seen = {**around, **values}
        for code, reason in reasons.items():
            seen[code] = Missing(reason)
        for path, code in self.rules.needs.aliases.items():
            seen[path] = seen.get(code)
        return seen

    def _derive(self, values: Values, seen: Values) -> None:
        for item in self.rules.calculations:
            value = item.cast(item.rule(seen, self._context))
            values[item.code] = value
            if seen is not values:
                seen[item.code] = value
                for path, code in self.rules.needs.aliases.items():
                    if code == item.code:
                        seen[path] = value

    def _skip(self, values: Values, seen: Values, found: list[Problem]) -> set[str]:
        not_shown = {code for code, rule in self.rules.shown if rule(seen, self._context) is not True}
        for code in not_shown:
            if values.get(code) is not None:
                found.append(problems.not_shown(code))
        return not_shown

    def _check_required(
        self, values: Values, seen: Values, reasons: Mapping[str, str], not_shown: set[str],
        found: list[Problem],
    ) -> None:  # fmt: skip
        absent = [code for code in self._required if values.get(code) is None]
        for code, rule in self._required_if:
            if values.get(code) is None and rule(seen, self._context) is True:
                absent.append(code)
        for code in dict.fromkeys(absent):
            if code not in not_shown and code not in reasons:
                found.append(problems.required(code))

    def _check_ranges(self, values: Values, found: list[Problem]) -> None:
        for code, low, high, item in self._bounds:
            value = values.get(code)
            if value is None:
                continue
            if low is not None and value < low:
                found.append(problems.too_small(code, item.low_shown))
            if high is not None and value > high:
                found.append(problems.too_large(code, item.high_shown))

"""The rules of a form as its page runs them while one types: derive, skip, check, as `Validator` does.

A rule goes to the page only when the page holds all that it reads, so nothing is said of what a reader may
not see, and none gives another answer there than here. The others are named as left to the server.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any, Final

from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.catalogue.reach import Reached, ReachTypes, Surroundings, Where
from metamodel.masking import View
from metamodel.records import problems
from metamodel.records.problems import Problem
from rules_dsl import RuleError, RuleType, compile_browser, parse
from rules_dsl.program import as_json

Json = dict[str, Any]
CALCULATION, SKIP, REQUIRED, RANGE, CHECK = "calculation", "skip", "required", "range", "check"
_CASTS: Final = {RuleType.NUMBER: "number", RuleType.INTEGER: "integer", RuleType.DATE: "date"}


def browser_rules(
    record_type: RecordType, database: Database | None, view: View, around: Collection[str] = (),
    also: Mapping[str, str] | None = None,
) -> Json:  # fmt: skip
    """The rules of `record_type` for someone who sees it as `view`.

    `around` are the paths of ancestors' fields whose values the page gets, `also` further skip rules by a key
    of the caller's, e.g. of a form's headings. What has a mistake, as drafts may have, is left to the server.
    """
    return _Writer(record_type, database, view, around).rules(also or {})


class _Writer:
    def __init__(
        self, record_type: RecordType, database: Database | None, view: View, around: Collection[str]
    ) -> None:
        self._type = record_type
        self._surroundings = Surroundings(record_type, database)
        self._view = view
        self._around = frozenset(around)
        self._compiled: dict[str, tuple[Json, ReachTypes] | None] = {}
        self._readings = _readings(view)
        self._known = {code for code in self._readings if view.clear(code)}  # values that the page holds
        self._aliases: dict[str, str] = {}
        self._left: list[Json] = []

    def rules(self, also: Mapping[str, str]) -> Json:
        calculations = list(self._calculations())
        skips = list(self._skips(also))
        skipped_there = {rule["key"] for rule in self._left if rule["rule"] == SKIP}
        required, required_if = self._required(skipped_there)
        ranges, checks = list(self._ranges()), list(self._checks())
        return {
            "fields": self._readings,
            "aliases": self._aliases,
            "calculations": calculations,
            "skips": skips,
            "required": required,
            "required_if": required_if,
            "ranges": ranges,
            "checks": checks,
            "said": {"required": _words(problems.required("")), "not_shown": _words(problems.not_shown(""))},
            "left": self._left,
        }

    def _calculations(self) -> Iterator[Json]:
        """In an order in which each finds what others have computed."""
        pending = [item for item in self._view.visible if item.calculation]
        while ready := [item for item in pending if self._is_computed(item)]:
            for item in ready:
                self._known.add(item.code)
                yield {"field": item.code, "program": self._program(item.calculation), "cast": _cast(item)}
            pending = [item for item in pending if item.code not in self._known]
        for item in pending:
            self._leave(CALCULATION, item.code)

    def _is_computed(self, item: Field) -> bool:
        """Reading a calculated value that identifies someone is audited, so the page doesn't make one."""
        clear = self._view.clear(item.code) and not item.identifying
        return clear and self._program(item.calculation) is not None

    def _skips(self, also: Mapping[str, str]) -> Iterator[Json]:
        fields = {item.code: item.shown_if for item in self._view.visible if item.shown_if}
        for key, text in {**fields, **also}.items():
            program = self._program(text) if key in also or self._is_present(key) else None
            if program is None:
                self._leave(SKIP, key)
            else:
                yield {"key": key, "program": program}

    def _required(self, skipped_there: Collection[str]) -> tuple[list[str], list[Json]]:
        always: list[str] = []
        sometimes: list[Json] = []
        for item in self._view.visible:
            needed = item.required or item.code == self._type.key
            program = self._program(item.required_if) if item.required_if else None
            if not (needed or item.required_if):
                continue
            unclear = item.code in skipped_there or not self._is_present(item.code)
            if unclear or (item.required_if and program is None):
                self._leave(REQUIRED, item.code)
                continue
            if needed:
                always.append(item.code)
            if program is not None:
                sometimes.append({"field": item.code, "program": program})
        return always, sometimes

    def _ranges(self) -> Iterator[Json]:
        for item in self._view.visible:
            if item.minimum is None and item.maximum is None:
                continue
            if item.code not in self._known:
                self._leave(RANGE, item.code)
                continue
            yield {
                "field": item.code,
                "type": item.type.rule_type_of(item).value,
                "low": as_json(item.type.bound(item, item.minimum)),
                "high": as_json(item.type.bound(item, item.maximum)),
                "below": _words(problems.too_small(item.code, item.minimum)),
                "above": _words(problems.too_large(item.code, item.maximum)),
            }

    def _checks(self) -> Iterator[Json]:
        for item in self._view.visible:
            for one in item.checks:
                program = self._program(one.expression) if item.code in self._known else None
                if program is None:
                    self._leave(CHECK, item.code)
                    continue
                zh, en = one.message.text("zh"), one.message.text("en")
                message = {"zh": zh or one.expression, "en": en or one.expression}
                yield {"field": item.code, "severity": one.severity, "message": message, "program": program}

    def _is_present(self, code: str) -> bool:
        """Whether the page knows if there is a value, be it masked."""
        return code in self._known or code in self._readings

    def _leave(self, rule: str, key: str) -> None:
        self._left.append({"rule": rule, "key": key})

    def _program(self, text: str) -> Json | None:
        """The program of a rule that the page can run, or None."""
        if text not in self._compiled:
            self._compiled[text] = self._compile(text)
        compiled = self._compiled[text]
        if compiled is None:
            return None
        program, types = compiled
        if not all(self._is_there(path, hit) for path, hit in types.reached.items()):
            return None
        own = ((path, hit.field.code) for path, hit in types.reached.items() if hit.where is Where.OWN)
        self._aliases |= {path: code for path, code in own if path != code}
        return program

    def _compile(self, text: str) -> tuple[Json, ReachTypes] | None:
        types = ReachTypes(self._surroundings)
        try:
            program = compile_browser(parse(text), types)
        except RuleError:  # what only the server runs, and mistakes of a draft
            return None
        return None if types.ranged else (program, types)

    def _is_there(self, path: str, hit: Reached) -> bool:
        return hit.field.code in self._known if hit.where is Where.OWN else path in self._around


def _readings(view: View) -> dict[str, Json]:
    """How values are read, of fields that are filled in."""
    entered = {item.code: item.type.browser_reading(item) for item in view.visible if not item.calculation}
    return {code: dict(reading) for code, reading in entered.items() if reading is not None}


def _cast(item: Field) -> Json:
    """What becomes of a rule's result, see `rules.py`."""
    kind = item.type.rule_type_of(item)
    if kind is RuleType.DECIMAL:
        return {"to": "decimal", "places": int(item.type.column_options(item)["scale"])}
    return {"to": _CASTS.get(kind, "stored")}


def _words(problem: Problem) -> Json:
    return {"zh": problem.zh, "en": problem.en}

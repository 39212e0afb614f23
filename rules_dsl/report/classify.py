"""归纳: classifications in the expression language over what was found; the first case that holds wins.

A concept by its name is its state, 有 or 无; with 数, 大小, 密度, 变化 or 方位 after it, that of its lesions.
Grades, numbers and closed fields go by their own names; 组织学, 性质, 分化 and 级别 are of pathology.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any, Final

from rules_dsl.python_backend import compile_python
from rules_dsl.report.findings import Value
from rules_dsl.report.model import ClassifyCase, Package
from rules_dsl.tree import Tree, format
from rules_dsl.types import RuleType
from rules_dsl.values import MISSING, Context

_OF_A_CONCEPT: Final = {"count": "数", "max_mm": "大小", "density": "密度", "change": "变化", "side": "方位"}
_OF_PATHOLOGY: Final = {"type": "组织学", "malignant": "性质", "diff": "分化", "grade": "级别"}
_NUMERIC: Final = frozenset({"count", "max_mm"})
_NOW: Final = Context(now=datetime(2000, 1, 1, tzinfo=UTC))  # a classification of a report knows no clock


def types_of(package: Package) -> dict[str, RuleType]:
    """All names that a classification of this package may use."""
    types: dict[str, RuleType] = dict.fromkeys((*_OF_PATHOLOGY.values(), "TNM"), RuleType.TEXT)
    concepts = [*package.terms, *(cls.name for cls in package.histology)]
    for concept in concepts:
        types[concept] = RuleType.TEXT
        for family, suffix in _OF_A_CONCEPT.items():
            types[concept + suffix] = RuleType.NUMBER if family in _NUMERIC else RuleType.TEXT
    types |= dict.fromkeys((it.name for it in package.grades), RuleType.TEXT)
    types |= dict.fromkeys((it.field for it in package.enums), RuleType.TEXT)
    types |= dict.fromkeys((it.name for it in package.numbers), RuleType.NUMBER)
    return types


def name_of(value: Value) -> str:
    """The name of `types_of` that a value goes by."""
    suffix = _OF_A_CONCEPT.get(value.family)
    if suffix is not None:
        return value.key + suffix
    if value.family == "hist":
        return _OF_PATHOLOGY[value.key]
    return "TNM" if value.family == "tnm" else value.key


def _plain(value: Value) -> Any:
    """A value as expressions take it: of a range the upper end, of a bound nothing."""
    found = value.value
    if value.family in ("count", "max_mm", "num"):
        if isinstance(found, list):
            found = found[-1]
        return float(found) if isinstance(found, int | float) else MISSING
    return str(found)


class Classifier:
    """The classifications of a package, compiled once."""

    def __init__(self, package: Package) -> None:
        self._types = types_of(package)
        self._cases = {
            name: [(case, self._compiled(case)) for case in cases]
            for name, cases in package.classifications.items()
        }
        self._used = {
            name
            for cases in package.classifications.values()
            for case in cases
            if case.condition is not None
            for name in case.condition.fields()
        }

    def _compiled(self, case: ClassifyCase) -> Callable[[dict[str, Any]], Any] | None:
        if case.condition is None:
            return None
        run = compile_python(case.condition, self._types)
        used = case.condition.fields()

        def holds(record: dict[str, Any]) -> Any:
            return run({name: record.get(name, MISSING) for name in used}, _NOW)

        return holds

    def classify(self, values: list[Value]) -> list[Value]:
        """One value for each classification of which a case holds, with the condition as its because."""
        if not self._cases or not values:
            return []
        sources: dict[str, list[Value]] = {}
        for value in values:
            if (name := name_of(value)) in self._used:
                sources.setdefault(name, []).append(value)
        record = {name: _plain(named[0]) for name, named in sources.items()}
        found = []
        for name, cases in self._cases.items():
            for case, holds in cases:
                if holds is None or holds(record) is True:
                    found.append(_value(name, case, sources))
                    break
        return found


def _value(name: str, case: ClassifyCase, sources: dict[str, list[Value]]) -> Value:
    tree: Tree | None = case.condition
    used = [it for field in sorted(tree.fields()) for it in sources.get(field, ())] if tree else []
    spans = tuple(dict.fromkeys(span for it in used for span in it.spans))
    because = format(tree, "zh") if tree else "其他"
    return Value("enum", name, case.value, spans, f"归纳 {name}", because)

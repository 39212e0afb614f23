"""Findings in the shape of labelled reports, `{presence: {结节: 有}}`, and their scoring."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from rules_dsl.report.findings import Findings
from rules_dsl.report.merging import placed

FAMILIES: Final = (
    "presence", "count", "max_mm", "side", "site", "density", "grade", "change", "num", "hist", "tnm", "enum",
)  # fmt: skip
_GRADE: Final = re.compile(r"(\d+)")


def as_gold(findings: Findings) -> dict[str, Any]:
    """Everything found, family by family; of two grades of one system the higher one."""
    expect: dict[str, Any] = {}
    for value in (*findings.values, *placed(findings.mentions)):
        if value.family == "tnm":
            expect.setdefault("tnm", value.value)
            continue
        family = expect.setdefault(value.family, {})
        if value.family == "grade":
            family[value.key] = _higher(family.get(value.key), value.value)
        else:
            family.setdefault(value.key, value.value)
    return expect


def _higher(first: Any, second: Any) -> Any:
    if first is None:
        return second
    return max(first, second, key=_rank)


def _rank(value: Any) -> tuple[int, str]:
    digits = _GRADE.search(str(value))
    return int(digits.group()) if digits else -1, str(value)


def misses(expect: dict[str, Any], found: dict[str, Any]) -> Iterator[tuple[str, str, Any, Any, bool]]:
    """Each label as (family, key, wanted, got, right); a wanted null means that nothing may be found."""
    for family, wanted in expect.items():
        if not isinstance(wanted, dict):
            got = found.get(family)
            yield family, "", wanted, got, same(wanted, got)
            continue
        for key, value in wanted.items():
            got = found.get(family, {}).get(key)
            yield family, key, value, got, same(value, got)


def same(wanted: Any, got: Any) -> bool:
    if isinstance(wanted, list) and isinstance(got, list) and wanted and isinstance(wanted[0], str):
        return sorted(wanted) == sorted(got)
    if isinstance(wanted, float) and isinstance(got, int | float) and not isinstance(got, bool):
        return abs(wanted - got) < 1e-9
    return bool(wanted == got) and type(wanted) is not bool

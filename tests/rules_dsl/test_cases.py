"""Every case in cases/*.yaml gives what it says, on Python, SQLite and PostgreSQL."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

import rules_dsl
from rules_dsl import RuleError, RuleType, check, parse, type_of_field
from tests.rules_dsl.back_ends import BackEnd

FOLDER = Path(__file__).parent / "cases"


@dataclass(frozen=True)
class Case:
    """One line of a case file: a rule, the types of its fields, a record, and what comes out."""

    name: str
    rule: str
    types: dict[str, Any]
    record: dict[str, Any]
    gives: Any
    error: str | None
    at: int | None


def read_types(described: dict[str, Any]) -> dict[str, Any]:
    """`{age: integer, lesion: {size: decimal}}` as rule types."""
    return {
        path: read_types(kind) if isinstance(kind, dict) else type_of_field(kind)
        for path, kind in described.items()
    }


def read_record(written: dict[str, Any], types: dict[str, Any]) -> dict[str, Any]:
    """A record as YAML writes it, with the Python values of its fields' types."""
    return {path: read_value(value, types[path]) for path, value in written.items()}


def read_value(value: Any, kind: Any) -> Any:
    if value is None:
        return None
    if isinstance(kind, dict):
        return [read_record(related, kind) for related in value]
    match kind:
        case RuleType.DECIMAL:
            return Decimal(str(value))
        case RuleType.NUMBER:
            return float(value)
        case RuleType.DATE:
            return date.fromisoformat(str(value))
        case RuleType.DATETIME:
            return datetime.fromisoformat(str(value))
        case RuleType.TIME:
            return time.fromisoformat(str(value))
        case _:
            return value


def cases() -> Iterator[Case]:
    for file in sorted(FOLDER.glob("*.yaml")):
        content = yaml.safe_load(file.read_text(encoding="utf-8"))
        for number, entry in enumerate(content["cases"], start=1):
            types = read_types(content.get("types", {}) | entry.get("types", {}))
            yield Case(
                f"{file.stem}-{number}",
                entry["expr"],
                types,
                read_record(entry.get("record", {}), types),
                entry.get("gives"),
                entry.get("error"),
                entry.get("at"),
            )


ALL = list(cases())
VALUES = [case for case in ALL if case.error is None]
ERRORS = [case for case in ALL if case.error is not None]


def same(found: Any, expected: Any) -> bool:
    """Whether a value is the one a case gives; numbers to 15 digits, as a person writes them."""
    if expected in ("missing", "unknown"):
        return found is None
    if isinstance(expected, bool) or found is None or isinstance(found, bool):
        return found is expected
    if isinstance(expected, int | float):
        return math.isclose(float(found), expected, rel_tol=1e-14)
    return bool(found == expected)


@pytest.mark.parametrize("case", VALUES, ids=lambda case: case.name)
def test_the_rule_gives_what_the_case_says(case: Case, back_end: BackEnd) -> None:
    found = back_end.value(case.rule, case.types, case.record)

    assert same(found, case.gives), f"{case.rule} gave {found!r} on {back_end.name}, not {case.gives!r}"


@pytest.mark.parametrize("case", ERRORS, ids=lambda case: case.name)
def test_the_rule_is_refused_where_the_case_says(case: Case) -> None:
    with pytest.raises(RuleError) as refused:
        check(parse(case.rule), case.types)

    assert isinstance(refused.value, getattr(rules_dsl, str(case.error)))
    assert case.at is None or refused.value.column == case.at
    assert re.search(r"[\u4e00-\u9fff]", refused.value.message("zh"))
    assert "{reason" not in refused.value.explain("en") + refused.value.explain("zh")


@pytest.mark.parametrize("case", VALUES, ids=lambda case: case.name)
def test_the_formatter_changes_no_meaning(case: Case) -> None:
    tree = parse(case.rule)

    assert parse(rules_dsl.format(tree, "en")) == tree
    assert parse(rules_dsl.format(tree, "zh")) == tree
    assert rules_dsl.Tree.from_json(tree.to_json()) == tree


def test_there_are_enough_cases_of_each_kind() -> None:
    assert len(VALUES) >= 150
    assert len(ERRORS) >= 25

"""Rules inside a definition: read, type-checked, and free of circles."""

from __future__ import annotations

from typing import Any

import pytest

from metamodel.definitions import Problem, errors_of, validate_document
from metamodel.definitions.rules import circles
from tests.builders import DatabaseBuilder, a_database

LUNG = (
    a_database()
    .with_field("sex", "choice", choices=("1", "2"), label={"zh": "性别"})
    .with_field("height", "decimal")
    .with_field("weight", "decimal")
    .with_record_type("visit")
    .with_field("day", "date", on="visit")
    .with_record_type("lesion", parent="visit")
    .with_field("size", "decimal", on="lesion")
)


def rule(
    text: str, name: str = "shown_if", on: str = "patient", type: str = "boolean", **more: Any
) -> list[Problem]:
    return validate_document(LUNG.with_field("x", type, on=on, **{name: text}, **more).document)


@pytest.mark.parametrize(
    ("text", "on"),
    [
        ("[sex] = '2'", "patient"),
        ("[性别] = '2'", "patient"),
        ("[sex] = '2' and [size] > 8", "lesion"),
        ("[patient.sex] = '2'", "lesion"),
        ("any([lesion], [size] > 8)", "patient"),
        ("max([lesion.size]) > 8", "patient"),
        ("[day] <= today()", "lesion"),
    ],
)
def test_a_rule_reaches_its_own_record_its_ancestors_and_others(text: str, on: str) -> None:
    assert rule(text, on=on) == []


@pytest.mark.parametrize(
    ("text", "code", "hint"),
    [
        ("[hight] > 1", "UnknownField", "[height]"),
        ("rond([height]) > 1", "UnknownFunction", "round"),
        ("[height] >", "UnfinishedRule", ""),
        ("[height] > 'tall'", "RuleTypeError", ""),
        ("[height] + 1", "rule_type", ""),
        ("(" * 300 + "1" + ")" * 300, "RuleTooLarge", ""),
    ],
)
def test_a_rule_that_can_not_be_is_shown_with_its_place(text: str, code: str, hint: str) -> None:
    (problem,) = rule(text)

    assert (problem.path, problem.code) == ("/record_types/0/fields/3/shown_if", code)
    assert hint in problem.suggestion and problem.zh and problem.en


def test_a_calculation_must_give_what_its_field_stores() -> None:
    assert rule("[weight] / [height]", "calculation", type="calculated") == []
    assert rule("[weight] / [height]", "calculation", type="decimal") == []
    assert rule("[sex]", "calculation", type="calculated", options={"result": "text"}) == []
    (problem,) = rule("[weight] > 1", "calculation", type="calculated")
    assert problem.code == "rule_type"


def test_checks_and_required_if_are_rules_too() -> None:
    checks = [{"expression": "[height] > 0"}, {"expression": "[hight] > 0"}]
    (problem,) = validate_document(LUNG.with_field("x", checks=checks).document)

    assert problem.path == "/record_types/0/fields/3/checks/1/expression"
    assert [item.path[-11:] for item in rule("[hight] > 0", "required_if")] == ["required_if"]


def test_one_value_of_what_may_repeat_is_a_warning() -> None:
    (problem,) = rule("[lesion.size] > 8")

    assert (problem.code, problem.severity) == ("repeated", "warning")
    assert errors_of([problem]) == []


def calculated(*rules: tuple[str, str]) -> DatabaseBuilder:
    builder = a_database()
    for code, text in rules:
        builder = builder.with_field(code, "calculated", calculation=text)
    return builder


def test_a_circle_of_calculations_is_shown_as_a_path() -> None:
    (problem,) = validate_document(calculated(("a", "[b] + 1"), ("b", "[c]"), ("c", "[a] * 2")).document)

    assert problem.code == "circular"
    assert "a -> b -> c -> a" in problem.en and "a -> b -> c -> a" in problem.zh


def test_a_calculation_that_needs_itself_is_a_circle() -> None:
    (problem,) = validate_document(calculated(("a", "[a] + 1")).document)

    assert "a -> a" in problem.en


def test_a_circle_may_pass_through_record_types() -> None:
    database = calculated(("total", "sum([visit.score])")).with_record_type("visit")
    document = database.with_field("score", "calculated", on="visit", calculation="[total] + 1").document

    (problem,) = validate_document(document)
    assert "patient.total -> visit.score -> patient.total" in problem.en


def test_a_long_chain_is_no_circle() -> None:
    uses = {("t", f"f{number}"): {("t", f"f{number + 1}")} for number in range(5000)}

    assert circles(uses) == []
    assert len(circles(uses | {("t", "f5000"): {("t", "f0")}})) == 1


def test_two_ways_to_one_field_are_no_circle() -> None:
    uses = {
        ("t", "a"): [("t", "b"), ("t", "c")],
        ("t", "b"): [("t", "d")],
        ("t", "c"): [("t", "d")],
        ("t", "d"): [],
    }

    assert circles(uses) == []

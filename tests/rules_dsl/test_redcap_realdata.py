"""The logic of real registries translates, but for what their own files leave undefined or get wrong."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from rules_dsl import NotTranslatable, RedcapDictionary, RuleType, check, print_redcap, translate_redcap

pytestmark = pytest.mark.realdata

TYPES = {
    "calc": RuleType.NUMBER,
    "checkbox": RuleType.CHOICES,
    "multi_list": RuleType.CHOICES,
    "radio": RuleType.CHOICE,
    "dropdown": RuleType.CHOICE,
    "user_list": RuleType.CHOICE,
    "list": RuleType.CHOICE,
    "yesno": RuleType.CHOICE,
    "truefalse": RuleType.CHOICE,
    "slider": RuleType.INTEGER,
}


def validated(validation: str) -> RuleType:
    """The type of a text variable by its validation."""
    if validation.startswith("date_"):
        return RuleType.DATE
    if validation.startswith("datetime_"):
        return RuleType.DATETIME
    if validation.startswith(("number", "integer")):
        return RuleType.DECIMAL
    return RuleType.TEXT


def rows(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as opened:
        return list(csv.DictReader(opened))


def redcap_dictionary(file: Path) -> tuple[dict[str, RuleType], Iterator[tuple[str, str]]]:
    """Types and rules (variable, logic) of a dictionary in REDCap's 18 columns."""
    read = [list(row.values()) for row in rows(file)]
    types = {row[0]: TYPES.get(row[3]) or validated(row[7]) for row in read}
    calculations = [(row[0], row[5]) for row in read if row[3] == "calc" and row[5]]
    branching = [(row[0], row[11]) for row in read if row[11]]
    return types, iter(calculations + branching)


def arc_dictionary(file: Path) -> tuple[dict[str, RuleType], Iterator[tuple[str, str]]]:
    """Types and rules of ISARIC's own layout."""
    read = rows(file)
    types = {row["Variable"]: TYPES.get(row["Type"]) or validated(row["Validation"]) for row in read}
    calculations = [(row["Variable"], row["Answer Options"]) for row in read if row["Type"] == "calc"]
    branching = [(row["Variable"], row["Skip Logic"]) for row in read if row["Skip Logic"].strip()]
    return types, iter(calculations + branching)


def refusals(types: dict[str, RuleType], rules: Iterator[tuple[str, str]]) -> tuple[int, Counter[str]]:
    """How many rules there are, and how often each reason refuses one.

    All others pass the type checker, and written as REDCap's logic again they are read as the same rule.
    """
    lookup, reasons, number = RedcapDictionary(types), Counter[str](), 0
    for _, logic in rules:
        number += 1
        try:
            tree = translate_redcap(logic, lookup)
        except NotTranslatable as refused:
            reasons[refused.reason] += 1
            continue
        check(tree, types)
        assert translate_redcap(print_redcap(tree, lookup), lookup) == tree, logic
    return number, reasons


def test_arc_translates_but_for_the_event_and_the_variable_that_it_does_not_define(real_data: Path) -> None:
    number, reasons = refusals(*arc_dictionary(real_data / "16-registry-forms/isaric-arc/ARC.csv"))

    assert number == 8 + 1_236  # calculations and branching rules
    assert reasons == {
        "there is no event initial_assessment_arm_1": 36,
        "there is no variable medi_medtype_otherl2": 13,
    }


def test_genomics_thailand_translates_but_for_a_radio_used_as_a_checkbox(real_data: Path) -> None:
    folder = real_data / "16-registry-forms/genomics-thailand"
    number, reasons = refusals(*redcap_dictionary(folder / "genomics_thailand_general.csv"))

    assert number == 18
    assert reasons == {"germline_cancer is no checkbox": 2}


@pytest.mark.parametrize(
    "project",
    ["checkboxes-1", "clinical-trial-1", "longitudinal", "multilevel-model-1", "validation-types-1"],
)
def test_the_sample_projects_translate_whole(project: str, real_data: Path) -> None:
    _, reasons = refusals(
        *redcap_dictionary(real_data / "16-registry-forms/redcapr" / project / "dictionary.csv")
    )

    assert reasons == {}

"""Inclusion and exclusion criteria in their order: who stays, who leaves, and of whom it can't be told."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from tests.architecture.tree import ROOT
from tests.metamodel.api.office import LUNG, PATIENTS, Office, Person


@pytest.fixture
def admin(office: Office) -> Person:
    admin = office.person()
    for number, (height, weight, sex) in enumerate(
        [(150, 50, "1"), (170, 60, "2"), (180, None, "1"), (190, 90, None), (None, 70, "2")]
    ):
        saved = admin.add(record_id=f"P{number}", height=height, weight=weight, sex=sex, pregnant=False)
        body = {"values": {"on": "2026-01-05"}, "parent": saved["id"], "event": "baseline"}
        visit = admin.post(f"{LUNG}/records/visit", body)["record"]
        admin.post(f"{LUNG}/records/lesion", {"values": {"size": 5 + number}, "parent": visit["id"]})
    return admin


def funnel(person: Person, *criteria: tuple[str, str]) -> dict[str, Any]:
    body = [{"kind": kind, "where": where} for kind, where in criteria]
    return person.post(f"{PATIENTS}/cohort", {"criteria": body})


def steps(person: Person, *criteria: tuple[str, str]) -> list[tuple[int, int, int]]:
    return [(step["in"], step["out"], step["unknown"]) for step in funnel(person, *criteria)["steps"]]


def test_inclusion_takes_what_is_true_and_leaves_out_what_is_unknown(admin: Person) -> None:
    assert funnel(admin, ("include", "[height] > 160"))["total"] == 5
    assert steps(admin, ("include", "[height] > 160")) == [(3, 2, 1)]


def test_exclusion_removes_what_is_true_and_keeps_what_is_unknown(admin: Person) -> None:
    assert steps(admin, ("exclude", "[height] > 160")) == [(2, 3, 1)]


def test_each_criterion_sees_what_the_ones_before_it_left(admin: Person) -> None:
    criteria = [("include", "[height] > 160"), ("exclude", "[weight] > 80"), ("include", "[sex] = '1'")]

    assert steps(admin, *criteria) == [(3, 2, 1), (2, 1, 1), (1, 1, 0)]


def test_related_records_and_calculated_fields_are_criteria_like_others(admin: Person) -> None:
    assert steps(admin, ("include", "any([lesion], [size] >= 7)"), ("exclude", "[bmi] >= 24")) == [
        (3, 2, 0),
        (2, 1, 2),
    ]


def test_the_cohort_is_one_filter_that_finds_the_same_records(admin: Person) -> None:
    found = funnel(admin, ("include", "[height] > 140 or [weight] > 1"), ("exclude", "[weight] > 80"))

    assert found["steps"][-1]["in"] == 4
    assert admin.keys(where=found["where"]) == ["P0", "P1", "P2", "P4"]


def test_who_stays_who_leaves_and_who_is_unknown_is_found_at_each_step(admin: Person) -> None:
    criteria = [("include", "[height] > 160"), ("exclude", "[weight] > 80"), ("include", "[sex] = '1'")]

    first, second, third = funnel(admin, *criteria)["steps"]

    def found(step: dict[str, Any]) -> dict[str, list[str]]:
        return {name: admin.keys(where=where) for name, where in step["where"].items()}

    assert found(first) == {"in": ["P1", "P2", "P3"], "out": ["P0", "P4"], "unknown": ["P4"]}
    assert found(second) == {"in": ["P1", "P2"], "out": ["P3"], "unknown": ["P2"]}
    assert found(third) == {"in": ["P2"], "out": ["P1"], "unknown": []}


def test_a_cohort_that_is_no_filter_for_its_length_is_still_counted(admin: Person) -> None:
    long = "[height] > 160" + " or [height] > 161" * 500

    found = funnel(admin, ("include", long), ("include", long), ("include", long))

    assert [step["in"] for step in found["steps"]] == [3, 3, 3]
    assert found["where"] is None and found["steps"][1]["where"]["in"] is not None


def test_the_wrong_criterion_is_named(office: Office, admin: Person) -> None:
    body = [{"kind": "include", "where": "[height] > 1"}, {"kind": "exclude", "where": "[heigt] > 1"}]
    refusal = admin.refused("POST", f"{PATIENTS}/cohort", {"criteria": body})
    value = admin.refused(
        "POST", f"{PATIENTS}/cohort", {"criteria": [{"kind": "include", "where": "[height]"}]}
    )

    assert refusal.told == (422, "CriterionWrong") and refusal.is_bilingual
    assert (refusal.details["number"], refusal.details["column"]) == (2, 1)
    assert value.told == (422, "CriterionWrong") and value.is_bilingual


def test_what_is_not_seen_in_clear_is_no_criterion(office: Office, admin: Person) -> None:
    body = {"criteria": [{"kind": "include", "where": "[name] is missing"}]}

    assert office.person("reader").refused("POST", f"{PATIENTS}/cohort", body).told == (
        403,
        "QueryNotAllowed",
    )


def test_the_how_to_tells_what_is_asked_and_answered(admin: Person) -> None:
    page = (ROOT / "docs/how-to/select-a-cohort.md").read_text(encoding="utf-8")
    asked, answered = re.findall(r"^\{.*?\}$(?=\n```)", page, flags=re.MULTILINE | re.DOTALL)

    assert admin.post(f"{PATIENTS}/cohort", json.loads(asked)) == json.loads(answered)

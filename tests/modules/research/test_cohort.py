"""The synthetic cohort: always the same, plausible, and of nobody."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import islice
from typing import Any

import pytest

from modules.research.demo.cohort import Case, Exam, cohort
from modules.research.demo.nodules import SEVERITY, Nodule
from modules.research.demo.persons import FEMALE, MALE, REGION, identity_number

TODAY = date(2026, 10, 31)
SIZE = 300


@pytest.fixture(scope="module")
def cases() -> list[Case]:
    return list(cohort(SIZE, 7, TODAY))


def exams(cases: list[Case]) -> Iterator[Exam]:
    return (exam for case in cases for exam in case.exams)


def test_the_same_seed_gives_the_same_cohort_and_another_one_another(cases: list[Case]) -> None:
    assert list(cohort(SIZE, 7, TODAY)) == cases
    assert list(islice(cohort(SIZE, 8, TODAY), 10)) != cases[:10]


def check_digit(body: str) -> str:
    """ISO 7064 MOD 11-2 by its recurrence, not by the weights of GB 11643."""
    rest = 0
    for digit in body:
        rest = (rest + int(digit)) * 2 % 11
    return "0123456789X"[(12 - rest) % 11]


def test_identity_numbers_are_valid_fit_the_person_and_belong_to_no_region(cases: list[Case]) -> None:
    for case in cases:
        patient = case.patient
        number = patient["id_number"]
        assert number[-1] == check_digit(number[:-1])
        assert number[:6] == REGION
        assert number[6:14] == f"{patient['birth_date']:%Y%m%d}"
        assert int(number[16]) % 2 == (patient["sex"] == MALE)
        assert patient["phone"].startswith("12") and len(patient["phone"]) == 11


def test_a_check_digit_of_the_standards_own_kind() -> None:
    assert identity_number("110105", date(1949, 12, 31), 1, FEMALE) == "11010519491231002X"  # GB 11643, 附录


def test_numbers_of_patients_and_examinations_are_used_once(cases: list[Case]) -> None:
    for name, found in {
        "patients": [case.patient["patient_no"] for case in cases],
        "accession": [exam.values["accession_number"] for exam in exams(cases)],
        "uid": [exam.values["study_instance_uid"] for exam in exams(cases)],
        "report": [exam.report["report_no"] for exam in exams(cases)],
    }.items():
        assert len(set(found)) == len(found), name


@pytest.mark.parametrize(
    ("density", "long", "short", "solid", "category"),
    [  # Lung-RADS v2022, baseline: thresholds of the mean diameter in mm
        ("solid", 5.9, 5.9, None, "2"), ("solid", 6, 6, None, "3"), ("solid", 8, 8, None, "4A"),
        ("solid", 14.9, 14.9, None, "4A"), ("solid", 15, 15, None, "4B"),
        ("ground_glass", 29, 29, None, "2"), ("ground_glass", 30, 30, None, "3"),
        ("part_solid", 5.9, 5.9, 3, "2"), ("part_solid", 10, 10, 5.9, "3"),
        ("part_solid", 10, 10, 6, "4A"), ("part_solid", 10, 10, 8, "4B"),
        ("calcified", 20, 20, None, "1"),
    ],
)  # fmt: skip
def test_categories_follow_the_thresholds(
    density: str, long: float, short: float, solid: float | None, category: str
) -> None:
    nodule = Nodule(1, "RUL", "尖段", density, long, short, solid, 0.0, "smooth")

    assert nodule.category == category


def test_an_examination_has_the_category_of_its_worst_nodule(cases: list[Case]) -> None:
    for exam in exams(cases):
        each = [as_nodule(row).category for row in exam.nodules]
        assert exam.values["lung_rads"] == max(each, key=SEVERITY.index, default="1")
        assert exam.values["nodule_present"] == bool(each)
        assert (exam.values["lung_rads"] in exam.report["impression"]) == bool(each)


def as_nodule(row: dict[str, Any]) -> Nodule:
    return Nodule(
        row["nodule_no"], row["lobe"], row["segment"], row["density"], row["long_diameter"],
        row["short_diameter"], row.get("solid_diameter"), row["mean_hu"], row["margin"], row["growth"],
    )  # fmt: skip


def test_what_happens_happens_in_order(cases: list[Case]) -> None:
    for case in cases:
        days = [exam.values["exam_date"] for exam in case.exams]
        assert days == sorted(set(days)) and days[0] == case.patient["enrolled_on"]
        assert case.patient["birth_date"] < days[0]
        for exam in case.exams:
            assert exam.values["exam_date"] <= exam.report["report_date"] <= TODAY
        for row in (*case.pathology, *case.treatment, *case.follow_up):
            dates = [value for value in row.values() if isinstance(value, date)]
            assert all(days[-1] <= day <= TODAY for day in dates)


def test_sizes_are_in_order(cases: list[Case]) -> None:
    for exam in exams(cases):
        for row in exam.nodules:
            assert row["short_diameter"] <= row["long_diameter"]
            assert row.get("solid_diameter", 0) <= row["long_diameter"]
            assert 0 < row["malignancy_probability"] < 1

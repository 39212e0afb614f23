"""Synthetic patients of all diseases: always the same, within the guidelines' tables, told alike in words."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date
from itertools import pairwise
from statistics import mean, median
from typing import Any

import pytest

from modules.research.demo import breast, coronary, liver, prostate, thyroid
from modules.research.demo.common import doubled
from modules.research.demo.persons import FEMALE, MALE
from modules.research.demo.population import DISEASES, Member, population
from modules.research.demo.tree import Node

TODAY = date(2026, 10, 31)
SIZE = 3000


@pytest.fixture(scope="module")
def members() -> list[Member]:
    return list(population(SIZE, 7, TODAY))


@pytest.fixture(scope="module")
def cases(members: list[Member]) -> dict[str, list[Node]]:
    found: dict[str, list[Node]] = defaultdict(list)
    for member in members:
        for disease, root in member.cases:
            found[disease.code].append(root)
    return found


def test_a_person_of_a_seed_is_the_same_however_many_are_made(members: list[Member]) -> None:
    def told(some: Iterator[Member]) -> list[list[tuple[str, Node]]]:
        return [[(disease.code, root) for disease, root in member.cases] for member in some]

    assert told(population(40, 7, TODAY)) == told(iter(members[:40]))
    assert told(population(5, 8, TODAY)) != told(iter(members[:5]))


def test_every_database_has_its_share_and_some_persons_are_in_two(members: list[Member]) -> None:
    first = [member.cases[0][0].code for member in members]
    for disease in DISEASES:
        assert first.count(disease.code) / SIZE == pytest.approx(disease.share, abs=0.03), disease.code
    both = [member for member in members if len(member.cases) == 2]
    assert 0.08 < len(both) / SIZE < 0.16
    for member in both:
        (_, one), (_, other) = member.cases
        assert one.values["id_number"] == other.values["id_number"]
        assert one.values["patient_no"] != other.values["patient_no"]


def test_sex_and_age_fit_the_disease(cases: dict[str, list[Node]]) -> None:
    for disease in DISEASES:
        sexes = [root.values["sex"] for root in cases[disease.code]]
        assert sexes.count(MALE) / len(sexes) == pytest.approx(disease.male, abs=0.12), disease.code
    assert {root.values["sex"] for root in cases["prostate"]} == {MALE}
    assert {"menopause"} & {
        key for root in cases["breast"] for key in root.values if root.values["sex"] == MALE
    } == set()
    born = {code: median(root.values["birth_date"].year for root in found) for code, found in cases.items()}
    assert born["thyroid"] > born["lung_nodule"] > born["prostate"]
    assert FEMALE in {root.values["sex"] for root in cases["breast"]}


@pytest.mark.parametrize(
    ("size", "features", "category"),
    [  # the diagnostic table of CT/MRI LI-RADS v2018
        (19, "", "LR-3"), (25, "", "LR-3"), (19, "capsule", "LR-3"), (25, "capsule", "LR-4"),
        (19, "washout capsule", "LR-4"), (9, "aphe", "LR-3"), (9, "aphe washout", "LR-4"),
        (12, "aphe", "LR-3"),
        (12, "aphe capsule", "LR-4"), (12, "aphe washout", "LR-5"), (12, "aphe threshold_growth", "LR-5"),
        (20, "aphe", "LR-4"), (20, "aphe capsule", "LR-5"),
    ],
)  # fmt: skip
def test_li_rads_follows_its_table(size: float, features: str, category: str) -> None:
    seen: dict[str, Any] = {name: name in features.split() for name in liver.FEATURES}

    assert liver.category_of(seen | {"long_diameter": size}) == category


@pytest.mark.parametrize(
    ("narrowed", "main", "category"),
    [  # CAD-RADS 2.0
        ({}, 0, "0"), ({"LAD": 24}, 0, "1"), ({"LAD": 25}, 0, "2"), ({"LAD": 50}, 0, "3"),
        ({"LAD": 70}, 0, "4A"),
        ({"LAD": 70, "RCA": 80}, 0, "4A"), ({"LAD": 70, "RCA": 80, "LCx": 75}, 0, "4B"),
        ({"LAD": 20}, 50, "4B"),
        ({"LAD": 100}, 60, "5"),
    ],
)  # fmt: skip
def test_cad_rads_follows_the_stenosis(narrowed: dict[str, int], main: int, category: str) -> None:
    assert coronary.category_of(narrowed, main) == category


@pytest.mark.parametrize(
    ("zone", "t2w", "dwi", "dce", "category"),
    [  # PI-RADS v2.1
        ("PZ", 5, 3, False, 3), ("PZ", 2, 3, True, 4), ("PZ", 1, 5, False, 5), ("TZ", 2, 3, True, 2),
        ("TZ", 2, 4, False, 3), ("TZ", 3, 4, True, 3), ("TZ", 3, 5, False, 4), ("TZ", 4, 1, False, 4),
    ],
)  # fmt: skip
def test_pi_rads_follows_the_zone(zone: str, t2w: int, dwi: int, dce: bool, category: int) -> None:
    assert prostate.category_of(zone, t2w, dwi, dce) == category


@pytest.mark.parametrize(
    ("points", "category"),
    [(0, "TR1"), (2, "TR2"), (3, "TR3"), (4, "TR4"), (6, "TR4"), (7, "TR5"), (14, "TR5")],  # ACR 2017
)
def test_ti_rads_follows_the_points(points: int, category: str) -> None:
    assert thyroid.category_of(points) == category


def test_a_volume_doubles_in_its_doubling_time() -> None:
    assert (doubled(20, 300, 100) / 20) ** 3 == pytest.approx(8, rel=0.01)


def share(found: list[bool]) -> float:
    return mean(found) if found else 0.0


def test_what_a_biopsy_finds_rises_with_the_category(cases: dict[str, list[Node]]) -> None:
    found: dict[str, list[bool]] = defaultdict(list)
    for root in cases["breast"]:
        category = next(root.all("lesion")).values["lesion_bi_rads"]
        found[category].append(
            any(row.values["histology"] not in ("benign", "adh") for row in root.all("pathology"))
        )
    risks = [share(found[code]) for code in breast.CANCER]
    assert risks == sorted(risks) and risks[0] == 0 and risks[-1] > 0.85

    groups: dict[int, list[bool]] = defaultdict(list)
    for root in cases["prostate"]:
        for row in root.all("pathology"):
            worst = int(next(root.all("mr_exam")).values["pi_rads"])
            groups[worst].append(int(row.values.get("isup", 0)) >= 2)
    assert share(groups[3]) < share(groups[4]) < share(groups[5])


def test_illness_shows_in_the_laboratory(cases: dict[str, list[Node]]) -> None:
    mild: list[float] = []
    grave: list[float] = []
    for root in cases["pneumonia"]:
        side = grave if next(root.all("visit")).values["oxygen"] in ("hfnc", "niv", "imv") else mild
        side += [row.values["crp"] for row in root.all("labs")]
    assert median(grave) > 2 * median(mild)

    dead = [
        root
        for root in cases["pneumonia"]
        if any(row.values["vital_status"] == "dead" for row in root.all("follow_up"))
    ]
    breaths = [next(root.all("visit")).values["respiratory_rate"] for root in dead]
    assert mean(breaths) > mean(
        next(root.all("visit")).values["respiratory_rate"] for root in cases["pneumonia"]
    )


def test_every_pressure_is_in_order(cases: dict[str, list[Node]]) -> None:
    for found in cases.values():
        for root in found:
            for row in root.all("visit"):
                assert row.values.get("diastolic", 0) < row.values.get("systolic", 1)


def test_outcome_after_a_stroke_worsens_with_its_severity(cases: dict[str, list[Node]]) -> None:
    light: list[int] = []
    heavy: list[int] = []
    for root in cases["stroke"]:
        first = next(root.all("assessment")).values
        score = sum(value for code, value in first.items() if code.startswith("nihss_"))
        side = heavy if score >= 12 else light
        side += [int(row.values["mrs"]) for row in root.all("follow_up")]
    assert mean(light) < 2 < 3 < mean(heavy)


SAID = {  # database, examination, lesion, what of it and of the examination the impression repeats
    "breast": ("breast_exam", "lesion", ("long_diameter", "short_diameter"), "bi_rads"),
    "prostate": ("mr_exam", "lesion", ("long_diameter",), "pi_rads"),
    "coronary": ("cta_exam", "plaque", (), "plaque_burden"),
    "thyroid": ("us_exam", "nodule", ("long_diameter",), None),
    "liver": ("liver_exam", "observation", ("long_diameter",), None),
}


@pytest.mark.parametrize("code", SAID)
def test_a_report_says_what_the_values_say(cases: dict[str, list[Node]], code: str) -> None:
    exam_type, lesion_type, repeated, category = SAID[code]
    for root in cases[code]:
        for exam in root.all(exam_type):
            said = next(exam.all("report")).values["impression"]
            rows = [row.values for row in exam.all(lesion_type)]
            for field in repeated:
                assert any(str(row[field]) in said for row in rows), (said, field)
            assert category is None or exam.values[category] in said


def test_what_happens_happens_in_order(cases: dict[str, list[Node]]) -> None:
    for found in cases.values():
        for root in found:
            enrolled = root.values["enrolled_on"]
            seen = [row.values["follow_up_date"] for row in root.all("follow_up")]
            assert all(before < after for before, after in pairwise(seen))
            assert all(enrolled < day <= TODAY for day in seen)
            for row in root.below:
                days = [day for key, day in row.values.items() if type(day) is date and key != "onset_date"]
                assert all(enrolled <= day <= TODAY for day in days), row


def test_after_a_death_nothing_is_followed_up(cases: dict[str, list[Node]]) -> None:
    dead = 0
    for found in cases.values():
        for root in found:
            statuses = [row.values["vital_status"] for row in root.all("follow_up")]
            assert "dead" not in statuses[:-1]
            dead += statuses[-1:] == ["dead"]
    assert 0.02 < dead / SIZE < 0.2

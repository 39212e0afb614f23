"""Calculations and checks that look at records below records, and at what lies above those."""

from __future__ import annotations

from datetime import date
from typing import Any

from metamodel.catalogue.dependencies import PRESENCE, Dependencies
from metamodel.records import RecordStore
from metamodel.records.explaining import RecordExplainer
from rules_dsl import State
from tests.metamodel.clinic import clinic, plant, postgresql_clinic, sqlite_clinic
from tests.metamodel.live import HIDE, SHOW, Desk, ScopePolicy, codes
from zhenshu.security.subject import Subject

__all__ = ["clinic", "postgresql_clinic", "sqlite_clinic"]


def patient(desk: Desk) -> dict[str, Any]:
    return desk.find("patient")[0]


def test_a_calculation_depends_on_what_lies_below_and_above_the_records_it_ranges_over(clinic: Desk) -> None:
    graph = Dependencies(clinic.database)

    for changed in (("lesion", PRESENCE), ("visit", PRESENCE), ("exam", "day")):
        assert graph.waves([changed]) == ["patient"], changed
    assert graph.waves([("exam", "note"), ("drug", PRESENCE), ("lesion", "size")]) == []


def test_calculations_follow_records_below_records(clinic: Desk) -> None:
    plant(clinic, "P1", [
        ("2026-01-01", None, [], [("2026-01-02", None, [1]), ("2026-01-03", None, [2])]),
        ("2026-02-01", None, [], [("2026-02-02", None, [3])]),
    ])  # fmt: skip
    assert (patient(clinic)["busiest"], patient(clinic)["newest"]) == (2, date(2026, 2, 2))
    last = clinic.find("exam", "[day] = @2026-02-02")[0]

    for size in (4, 5):
        clinic.add("lesion", last["id"], size=size)
    assert patient(clinic)["busiest"] == 3

    clinic.change("exam", last["id"], last["row_version"], day="2026-03-01")
    assert patient(clinic)["newest"] == date(2026, 3, 1)

    with clinic.writing() as uow:
        RecordStore(uow).trash(clinic.type("exam"), last["id"], last["row_version"] + 1)
    assert (patient(clinic)["busiest"], patient(clinic)["newest"]) == (2, date(2026, 1, 3))


def test_a_check_asks_each_visit_of_its_own_lesions(clinic: Desk) -> None:
    plant(clinic, "P1", [
        ("2026-01-05", None, [], [("2026-01-02", None, [9])]),  # before the visit
        ("2026-01-01", None, [], [("2026-01-02", None, [3])]),
    ])  # fmt: skip
    record = patient(clinic)

    wrong = clinic.change("patient", record["id"], record["row_version"], full=True)
    right = clinic.change("patient", record["id"], wrong.version, full=False)

    assert (codes(wrong.warnings), codes(right.warnings)) == ([("full", "check")], [])


def test_an_explanation_tells_nothing_of_what_the_reader_may_not_see_inside(clinic: Desk) -> None:
    plant(clinic, "P1", [("2026-01-01", None, [], [("2026-01-02", None, [9])])])
    size = clinic.type("lesion").column("size").name
    clinic.instance.policy = ScopePolicy(
        {"clerk": {"view"}}, {"clerk": {"plain": SHOW, "identifying": HIDE}},
        {("clerk", "clinic.lesion"): lambda main: main.c[size] < 9},
    )  # fmt: skip
    clerk = clinic.as_(Subject(id=1, name="clerk"))

    assert state(clerk, "any([lesion], [device] = 'CT')") is State.HIDDEN
    assert state(clerk, "count([lesion.device]) > 0") is State.HIDDEN
    assert state(clerk, "any([visit], any([lesion], [size] > 8))") is State.FALSE
    assert state(clinic, "any([visit], any([lesion], [size] > 8))") is State.TRUE


def state(desk: Desk, rule: str) -> State:
    record = patient(desk)["id"]
    with desk.reading() as uow:
        return RecordExplainer(uow, desk.type("patient"), rule).explain(record, {})[0].state

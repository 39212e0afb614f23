"""Row rules of grants in SQL: the same rows as each rule says by itself, in pages, counts and filters."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from metamodel.catalogue import catalogue_of
from metamodel.granting import check_grant
from metamodel.queries import QueryWrong, count
from metamodel.records import RecordInvalid, RecordStore
from metamodel.records.grading import set_grade
from tests.metamodel.clinic import plant
from tests.metamodel.live import Desk
from zhenshu.errors import NotFound
from zhenshu.security import Denied, Grant, Subject
from zhenshu.security.grants.errors import GrantWrong, RowRuleWrong

WEIGHTS = {"P1": 40, "P2": 55, "P3": 70, "P4": None, "P5": 90}
PERMISSIONS = frozenset((action, "records") for action in ("view", "add", "edit", "approve", "identify"))
CLEAR = {"plain": "show", "identifying": "show"}


def a_grant(resource: str = "clinic", *actions: str, **more: Any) -> Grant:
    return Grant(1, resource, frozenset({"view", *actions}), CLEAR, **more)


def holder(*grants: Grant, id: int = 7) -> Subject:
    return Subject(id, "li", permissions=PERMISSIONS, grants=grants)


def fill(clinic: Desk) -> None:
    for name, weight in WEIGHTS.items():
        plant(clinic, name, [("2026-01-01", "first", [5], [("2026-01-02", "seen", [3, 9])])], weight)


def seen(clinic: Desk, subject: Subject, code: str = "patient") -> list[Any]:
    name = {"patient": "record_id", "lesion": "size"}.get(code, "id")
    return [record[name] for record in clinic.as_(subject).find(code)]


def test_a_rule_limits_the_records_and_those_below_them_by_an_outward_path(clinic: Desk) -> None:
    fill(clinic)
    heavy = holder(a_grant(row_rule="[patient.weight] > 60"))

    assert seen(clinic, heavy) == ["P3", "P5"]
    assert seen(clinic, heavy, "lesion") == [3, 9, 3, 9]
    with clinic.as_(heavy).reading() as uow:
        assert count(uow, clinic.type("visit")) == 2


def test_what_a_rule_leaves_out_is_not_counted_by_a_filter_either(clinic: Desk) -> None:
    fill(clinic)
    sees_patients = a_grant("clinic.patient")
    few_lesions = a_grant("clinic.lesion", row_rule="[size] > 5")
    subject = holder(sees_patients, few_lesions)

    assert clinic.as_(subject).keys("any([lesion], [size] = 9)") == list(WEIGHTS)
    assert clinic.as_(subject).keys("any([lesion], [size] = 3)") == []
    assert clinic.as_(subject).keys("count([lesion]) = 2") == []


def test_a_record_type_without_a_grant_is_unknown_to_filters(clinic: Desk) -> None:
    fill(clinic)
    subject = holder(a_grant("clinic.patient"), a_grant("clinic.lesion"))

    for where in ("any([visit], [note] = 'first')", "exists([drug])", "any([lesion], [day] is missing)"):
        with pytest.raises(QueryWrong):
            clinic.as_(subject).keys(where)
    with pytest.raises(Denied):
        seen(clinic, subject, "visit")


def test_own_rows_are_those_that_the_subject_made(clinic: Desk) -> None:
    maker = holder(a_grant("", "add"), id=11)
    clinic.as_(maker).add("patient", record_id="mine")
    clinic.add("patient", record_id="other")

    assert seen(clinic, holder(a_grant(own=True), id=11)) == ["mine"]
    assert seen(clinic, holder(a_grant(own=True), id=12)) == []


def test_a_record_that_would_leave_the_grant_is_not_stored(clinic: Desk) -> None:
    light = clinic.as_(holder(a_grant("clinic", "add", "edit", row_rule="[patient.weight] < 60")))
    added = light.add("patient", record_id="A", weight=50)

    with pytest.raises(RecordInvalid):
        light.add("patient", record_id="B", weight=90)
    with pytest.raises(Denied):
        light.change("patient", added.id, added.version, weight=90)
    assert clinic.keys() == ["A"]


@pytest.mark.parametrize(
    ("rule", "caret"),
    [("[patient.wieght] > 1", True), ("[patient.weight] + 1", False), ("any([lesion], [size] > 1)", False),
     ("[patient.weight] >", True)],
)  # fmt: skip
def test_a_rule_that_says_nothing_of_all_records_is_refused(clinic: Desk, rule: str, caret: bool) -> None:
    with clinic.reading() as uow, pytest.raises(RowRuleWrong) as refused:
        check_grant(uow, "clinic", rule)

    assert bool(refused.value.details().get("caret")) is caret
    assert refused.value.details()["record_type"] == "clinic.patient"


def test_a_grant_names_what_is_there_and_a_rule_one_database(clinic: Desk) -> None:
    with clinic.reading() as uow:
        check_grant(uow, "clinic", "[patient.weight] > 60")
        for resource in ("liver", "clinic.nothing"):
            with pytest.raises(NotFound):
                check_grant(uow, resource, "")
        with pytest.raises(GrantWrong):
            check_grant(uow, "", "[patient.weight] > 60")


def test_a_rule_that_fits_no_more_reaches_nothing(clinic: Desk) -> None:
    fill(clinic)

    assert seen(clinic, holder(a_grant(row_rule="[gone_since] = 1"))) == []
    assert seen(clinic, holder(a_grant(row_rule="[gone_since] = 1"), a_grant(row_rule="[weight] < 50"))) == [
        "P1"
    ]


def test_a_grade_holds_for_all_below_and_is_hidden_from_lower_grants(clinic: Desk) -> None:
    fill(clinic)
    keeper, ordinary = holder(a_grant("", "edit", "approve", grade=2)), holder(a_grant(grade=0))
    first = clinic.find("patient")[0]["id"]

    grade(clinic, keeper, first, 1)
    clinic.add("visit", parent=first, on="2026-02-01")

    assert seen(clinic, ordinary) == ["P2", "P3", "P4", "P5"]
    assert len(seen(clinic, ordinary, "visit")) == 4
    assert len(seen(clinic, ordinary, "lesion")) == 8
    assert len(seen(clinic, holder(a_grant(grade=1)), "visit")) == 6
    grade(clinic, keeper, first, 0)
    assert len(seen(clinic, ordinary, "visit")) == 6


def test_the_first_grade_of_a_database_hides_at_once_what_was_seen_before(clinic: Desk) -> None:
    fill(clinic)
    keeper, ordinary = holder(a_grant("", "edit", "approve", grade=2)), holder(a_grant(grade=0))
    first = clinic.find("patient")[0]["id"]

    for wanted, expected in ((0, 5), (1, 4), (0, 5), (2, 4)):
        grade(clinic, keeper, first, wanted)
        assert len(seen(clinic, ordinary)) == expected
        with clinic.as_(ordinary).writing() as uow:
            assert count(uow, clinic.type("patient")) == expected
            store = RecordStore(uow)
            if wanted:
                with pytest.raises(NotFound):
                    store.get(clinic.type("patient"), first)
            else:
                assert store.get(clinic.type("patient"), first)["record_id"] == "P1"


def test_conditions_kept_for_one_subject_are_not_another_s(clinic: Desk) -> None:
    fill(clinic)
    for maker in (11, 12):
        clinic.as_(holder(a_grant("", "add"), id=maker)).add("patient", record_id=f"by {maker}", weight=50)
    light, own = "[patient.weight] < 60", a_grant(own=True)

    for _ in range(2):  # made at first, kept then
        assert seen(clinic, holder(own, id=11)) == ["by 11"]
        assert seen(clinic, holder(own, id=12)) == ["by 12"]
        assert seen(clinic, holder(replace(own, row_rule=light), id=12)) == ["by 12"]
        assert seen(clinic, holder(a_grant(row_rule=light))) == ["P1", "P2", "by 11", "by 12"]


def test_lowering_a_grade_takes_approval(clinic: Desk) -> None:
    fill(clinic)
    first = clinic.find("patient")[0]["id"]
    editor = holder(a_grant("", "edit", grade=2))

    grade(clinic, editor, first, 2)

    with pytest.raises(Denied):
        grade(clinic, editor, first, 1)
    with pytest.raises(NotFound):
        grade(clinic, holder(a_grant("", "edit", grade=0)), first, 2)


def grade(clinic: Desk, subject: Subject, record: int, wanted: int) -> None:
    with clinic.as_(subject).writing() as uow:
        set_grade(uow, catalogue_of(uow).database("clinic"), clinic.type("patient"), record, wanted)


RULES = st.integers(30, 100).map(lambda n: (f"[patient.weight] > {n}", lambda w: w is not None and w > n))
ABSENT = st.just(("[patient.weight] is missing", lambda w: w is None))
EVERY = st.just(("", lambda w: True))


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rules=st.lists(st.one_of(RULES, ABSENT, EVERY), max_size=4))
def test_rows_in_sql_are_those_that_some_rule_is_true_for(clinic: Desk, rules: list[Any]) -> None:
    with clinic.reading() as uow:
        empty = count(uow, clinic.type("patient")) == 0
    if empty:
        fill(clinic)
    subject = holder(*(replace(a_grant(row_rule=rule), id=n) for n, (rule, _) in enumerate(rules)))
    expected = [name for name, weight in WEIGHTS.items() if any(holds(weight) for _, holds in rules)]

    if not rules:
        with pytest.raises(Denied):
            seen(clinic, subject)
        return
    assert seen(clinic, subject) == expected
    assert len(seen(clinic, subject, "lesion")) == 2 * len(expected)
    for record in clinic.find("patient"):
        with clinic.as_(subject).writing() as uow:
            if record["record_id"] in expected:
                RecordStore(uow).get(clinic.type("patient"), record["id"])
            else:
                with pytest.raises(NotFound):
                    RecordStore(uow).get(clinic.type("patient"), record["id"])

"""Filters in the rule language: own fields, ancestors', other records', quantifiers."""

import pytest

from metamodel.queries import QueryWrong, count
from metamodel.records import RecordStore
from rules_dsl import parse
from tests.metamodel.live import Desk


@pytest.fixture
def cohort(desk: Desk) -> Desk:
    """Three patients; P1 has two visits with lesions of 3 and 12.5 mm, P2 one visit without any."""
    ids = [
        desk.add(
            "patient", record_id="P1", name="张三", sex="1", born="1960-05-01", weight=60, height=160
        ).id,
        desk.add("patient", record_id="P2", name="李四", sex="2", born="1985-05-01", pregnant=False).id,
        desk.add("patient", record_id="P3", name="Zhang San", weight=80.5).id,
    ]
    first = desk.add_record(
        "visit", {"on": "2026-01-05", "note": "磨玻璃结节"}, parent=ids[0], event="baseline"
    )
    second = desk.add_record("visit", {"on": "2026-03-05"}, parent=ids[0], event="followup")
    desk.add_record("visit", {"on": "2025-03-05"}, parent=ids[1], event="baseline")
    desk.add("lesion", first.id, size=3)
    desk.add("lesion", second.id, size=12.5)
    return desk


@pytest.mark.parametrize(
    ("where", "found"),
    [
        (None, ["P1", "P2", "P3"]),
        ("[weight] >= 60", ["P1", "P3"]),
        ("not [weight] > 70", ["P1"]),
        ("[weight] is missing", ["P2"]),
        ("[weight] = 80.5", ["P3"]),
        ("[sex] in ('1', '2') and [born] < @1970-01-01", ["P1"]),
        ("[name] contains 'zhang' or [name] contains '李'", ["P2", "P3"]),
        ("[record_id] matches '3$'", ["P3"]),
        ("[体重（kg）] > 1", None),
        ("[weight（中）] > 70", ["P3"]),
        ("[bmi] between 23 and 24", ["P1"]),
        ("[pregnant] = false", ["P2"]),
        ("any([lesion], [size] > 8)", ["P1"]),
        ("not any([lesion], [size] > 8)", ["P2", "P3"]),
        ("count([visit]) = 1", ["P2"]),
        ("max([lesion], [size]) > 12", ["P1"]),
        ("[visit.on] < @2026-01-01", ["P2"]),  # the only visit; of several none stands alone
        ("any([visit], [on] > @2026-02-01 and [weight] = 60)", ["P1"]),
    ],
)
def test_a_filter_of_patients(cohort: Desk, where: str | None, found: list[str] | None) -> None:
    if found is None:
        with pytest.raises(QueryWrong):
            cohort.keys(where)
        return
    assert cohort.keys(where) == found
    with cohort.reading() as uow:
        assert count(uow, cohort.type("patient"), where) == len(found)


def test_a_child_is_filtered_by_its_ancestors(cohort: Desk) -> None:
    visits = cohort.find("visit", "[sex] = '1' and [note] is missing")
    lesions = cohort.find("lesion", "[patient.weight] = 60 and [visit.on] < @2026-02-01")

    assert [visit["event"] for visit in visits] == ["followup"]
    assert [lesion["size"] for lesion in lesions] == [3]


def test_a_tree_filters_as_its_text_does(cohort: Desk) -> None:
    assert cohort.keys(parse("[weight] >= 60")) == ["P1", "P3"]


def test_records_in_the_trash_are_not_found_nor_counted_by_quantifiers(cohort: Desk) -> None:
    first = cohort.find("visit", "[note] is not missing")[0]
    with cohort.writing() as uow:
        RecordStore(uow).trash(cohort.type("visit"), first["id"], 1)

    assert cohort.keys("count([lesion]) = 1") == ["P1"]
    assert cohort.keys("[visit.on] > @2026-01-01") == ["P1"]


def test_names_and_values_never_become_sql(cohort: Desk) -> None:
    assert cohort.keys("[name] = '''; DROP TABLE patient; --'") == []
    assert cohort.keys() == ["P1", "P2", "P3"]


@pytest.mark.parametrize(
    ("where", "part"),
    [("[wieght] > 1", "weight"), ("[weight] >", ""), ("[weight] + 1", ""), ("[weight] = 'x'", "")],
)
def test_a_wrong_filter_says_what_is_wrong(cohort: Desk, where: str, part: str) -> None:
    with pytest.raises(QueryWrong) as raised:
        cohort.keys(where)
    assert raised.value.status == 422
    assert part in str(raised.value.details())

"""Rules ask why a value is missing: own fields, ancestors', other records', and only fields seen in clear."""

from __future__ import annotations

import pytest

from metamodel.queries import QueryNotAllowed, RecordQuery, page
from tests.metamodel.live import Desk, ScopePolicy, a_document, a_field, a_type, make_live
from zhenshu.security.policy import Visibility
from zhenshu.security.subject import Subject

CLERK = Subject(id=2, name="clerk")


@pytest.fixture
def weighed(desk: Desk) -> Desk:
    """P1 refused to be weighed, P2 was not weighed and has a visit, of P3 nobody knows, P4 has a weight."""
    desk.add_record("patient", {"record_id": "P1"}, missing={"weight": "refused"})
    second = desk.add_record("patient", {"record_id": "P2"}, missing={"weight": "not_done"})
    desk.add("patient", record_id="P3")
    desk.add("patient", record_id="P4", weight=60)
    desk.add_record("visit", {"on": "2026-01-05"}, parent=second.id, event="baseline")
    return desk


@pytest.mark.parametrize(
    ("where", "found"),
    [
        ("missing_reason([weight]) = 'refused'", ["P1"]),
        ("缺失原因([weight（中）]) 属于 ('refused', 'not_done')", ["P1", "P2"]),
        ("[weight] is missing and missing_reason([weight]) is missing", ["P3"]),
        ("missing_reason([weight]) is missing", ["P3", "P4"]),
        ("missing_reason([weight]) <> 'refused'", ["P2"]),
        ("missing_reason([bmi]) is missing", ["P1", "P2", "P3", "P4"]),
        ("any([patient], missing_reason([weight]) = 'not_done')", ["P2"]),
    ],
)
def test_a_filter_asks_for_the_reason(weighed: Desk, where: str, found: list[str]) -> None:
    assert weighed.keys(where) == found


def test_a_child_asks_for_the_reason_of_its_ancestor(weighed: Desk) -> None:
    assert [visit["event"] for visit in weighed.find("visit", "missing_reason([weight]) = 'not_done'")] == [
        "baseline"
    ]
    assert weighed.find("visit", "missing_reason([patient.weight]) = 'refused'") == []


@pytest.mark.parametrize("visibility", [Visibility.MASK, Visibility.HIDE])
def test_the_reason_of_a_field_not_seen_in_clear_can_not_be_asked_for(
    weighed: Desk, visibility: Visibility
) -> None:
    weighed.instance.policy = ScopePolicy(
        actions={"clerk": {"view"}}, classes={"clerk": {"plain": visibility}}
    )
    with weighed.as_(CLERK).reading() as uow, pytest.raises(QueryNotAllowed):
        page(uow, RecordQuery(weighed.type("patient"), "missing_reason([weight]) = 'refused'"))


def test_a_calculation_sees_the_reasons_of_other_records(desk: Desk) -> None:
    count_of_visits = "count([visit], missing_reason([mass]) = 'refused')"
    document = a_document(
        "reasons",
        a_type(
            "patient",
            a_field("record_id"),
            a_field("weight", "decimal", missing_codes=["refused"]),
            a_field("unweighed", "calculated", calculation=count_of_visits),
            key="record_id",
        ),
        a_type(
            "visit",
            a_field("mass", "decimal", missing_codes=["refused"]),
            a_field("refused", "calculated", calculation="if(missing_reason([weight]) = 'refused', 1, 0)"),
            parent="patient", repeats=True,
        ),
    )  # fmt: skip
    reasons = Desk(desk.instance, make_live(desk.instance, document))
    patient = reasons.add_record("patient", {"record_id": "P1"}, missing={"weight": "refused"})

    visit = reasons.add_record("visit", {}, parent=patient.id, missing={"mass": "refused"})
    version = reasons.get("patient", patient.id)["row_version"]
    reasons.change("patient", patient.id, version, record_id="P2")

    assert reasons.get("visit", visit.id)["refused"] == 1
    assert reasons.get("patient", patient.id)["unweighed"] == 1


@pytest.mark.parametrize(
    "where",
    [
        "any([lesion（中）], [size（中）] > 8)",
        "任一([visit.lesion（中）], [size] > 8)",
        "max([visit（中）.lesion（中）.size（中）]) > 12",
        "最大值([visit（中）.lesion.size（中）]) 大于 12",
        "latest([visit（中）.lesion], [start（中）], [size（中）]) = 12.5",
    ],
)
def test_paths_are_written_by_code_or_by_chinese_name(desk: Desk, where: str) -> None:
    for key, size in (("P1", 12.5), ("P2", 3)):
        patient = desk.add("patient", record_id=key)
        visit = desk.add_record("visit", {"on": "2026-01-05"}, parent=patient.id, event="baseline")
        desk.add("lesion", visit.id, size=size, start="2026-01-01")

    assert desk.keys(where) == ["P1"]

"""Adding one record: what is worked out, what is refused, and what is written beside the values."""

from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from metamodel.records import DuplicateKey, DuplicateRecord, RecordInvalid, RecordStore
from metamodel.tables import revision
from tests.metamodel.live import Desk, codes
from zhenshu.audit import audit_entry
from zhenshu.events import outbox_event
from zhenshu.patients import patient


def test_a_record_is_read_calculated_and_given_back(desk: Desk) -> None:
    saved = desk.add(
        "patient", record_id="P1", name="甲", sex="1", born="1960/2/3", height="170", weight=65.5
    )

    record = desk.get("patient", saved.id)

    assert (saved.version, record["row_version"], record["status"]) == (1, 1, "active")
    assert record["born"] == date(1960, 2, 3)
    assert record["height"] == Decimal("170.0")
    assert record["bmi"] == 22.7
    assert record["pregnant"] is None


def test_an_act_writes_one_revision_one_audit_row_and_one_event_and_no_value_in_the_latter(
    desk: Desk,
) -> None:
    saved = desk.add("patient", record_id="P1", name="甲")

    with desk.reading() as uow:
        audits = uow.conn.execute(select(audit_entry).where(audit_entry.c.resource == "lung.patient")).all()
        events = uow.conn.execute(select(outbox_event).where(outbox_event.c.name == "record.saved")).all()
        steps = uow.conn.execute(select(revision.c.version, revision.c.action)).all()

    assert steps == [(1, "add")]
    assert [(row.action, row.detail, row.fields) for row in audits] == [
        ("add", {"ids": [saved.id]}, ["bmi", "name", "record_id"])
    ]
    assert [(row.resource, row.payload) for row in events] == [
        ("lung.patient", {"action": "add", "ids": [saved.id]})
    ]


def test_every_problem_is_told_at_once_and_nothing_is_stored(desk: Desk) -> None:
    with pytest.raises(RecordInvalid) as raised:
        desk.add("patient", record_id="P1", hight=170, height=5, sex="7", born="2999-01-01")

    problems = {problem.field: problem for problem in raised.value.problems}
    assert {(p.field, p.code) for p in problems.values()} == {
        ("hight", "unknown_field"), ("height", "minimum"), ("sex", "unknown_choice"), ("born", "maximum"),
    }  # fmt: skip
    assert "height" in problems["hight"].en and "height" in problems["hight"].zh
    assert desk.keys() == []
    with desk.reading() as uow:
        assert uow.conn.scalar(select(func.count()).select_from(patient)) == 0


def test_a_key_can_be_used_once(desk: Desk) -> None:
    desk.add("patient", record_id="P1")

    with pytest.raises(DuplicateKey) as raised:
        desk.add("patient", record_id="P1")

    assert raised.value.status == 409
    assert "P1" not in raised.value.message("zh") + raised.value.message("en")


def test_a_record_needs_its_key(desk: Desk) -> None:
    with pytest.raises(RecordInvalid) as raised:
        desk.add("patient", name="甲")
    assert codes(raised.value.problems) == [("record_id", "required")]


def test_what_a_rule_makes_needed_is_needed_only_then(desk: Desk) -> None:
    desk.add("patient", record_id="P1", sex="1")

    with pytest.raises(RecordInvalid) as raised:
        desk.add("patient", record_id="P2", sex="2")

    assert codes(raised.value.problems) == [("pregnant", "required")]


def test_a_value_that_the_skip_rule_hides_is_kept_with_a_warning(desk: Desk) -> None:
    saved = desk.add("patient", record_id="P1", sex="1", pregnant=True)

    assert codes(saved.warnings) == [("pregnant", "not_shown")]
    assert desk.get("patient", saved.id)["pregnant"] is True


def test_a_calculated_field_can_not_be_written(desk: Desk) -> None:
    other = desk.add("patient", record_id="P1", height=170, weight=65, bmi=99)
    same = desk.add("patient", record_id="P2", height=170, weight=65.5, bmi=22.7)

    assert codes(other.warnings) == [("bmi", "computed")]
    assert desk.get("patient", other.id)["bmi"] == 22.5
    assert same.warnings == ()


def test_a_reason_stands_in_for_a_missing_value(desk: Desk) -> None:
    saved = desk.add_record("patient", {"record_id": "P1"}, missing={"weight": "refused"})

    assert desk.get("patient", saved.id)["missing"] == {"weight": "refused"}
    for values, missing, code in (
        ({"record_id": "P2"}, {"weight": "lost"}, "missing_code"),
        ({"record_id": "P2", "weight": 60}, {"weight": "refused"}, "missing_with_value"),
        ({"record_id": "P2"}, {"size": "refused"}, "unknown_field"),
    ):
        with pytest.raises(RecordInvalid) as raised:
            desk.add_record("patient", values, missing=missing)
        assert [problem.code for problem in raised.value.problems] == [code]


def test_a_check_that_is_false_refuses_or_warns_by_its_severity(desk: Desk) -> None:
    patient_ = desk.add("patient", record_id="P1")
    visit = desk.add_record("visit", {"on": "2026-01-05"}, parent=patient_.id, event="baseline")

    large = desk.add("lesion", visit.id, size=400)
    with pytest.raises(RecordInvalid) as raised:
        desk.add("lesion", visit.id, start="2026-02-01", end="2026-01-01")

    assert [(w.field, w.en) for w in large.warnings] == [("size", "Too large")]
    assert [(p.field, p.zh) for p in raised.value.problems] == [("end", "结束早于开始")]


def test_a_child_calculates_with_its_ancestors_and_inherits_their_patient(desk: Desk) -> None:
    root = desk.add("patient", record_id="P1", born="1960-06-01")

    visit = desk.add_record("visit", {"on": "2026-05-31"}, parent=root.id, event="baseline")

    record = desk.get("visit", visit.id)
    assert record["age"] == 65
    assert record["patient"] == desk.get("patient", root.id)["patient"]


def test_a_calculation_may_range_over_related_records(desk: Desk) -> None:
    root = desk.add("patient", record_id="P1")
    first = desk.add_record("visit", {"on": "2026-01-01"}, parent=root.id, event="baseline")
    for size in (3, 12.5, 7):
        desk.add("lesion", first.id, size=size)

    second = desk.add_record("visit", {"on": "2026-02-01"}, parent=root.id, event="followup")

    assert desk.get("visit", second.id)["largest"] == 12.5


@pytest.mark.parametrize(
    ("place", "code"),
    [
        ({"parent": None, "event": "baseline"}, "parent_missing"),
        ({"parent": 10**12, "event": "baseline"}, "parent_missing"),
        ({"parent": "visit", "event": "baseline"}, "parent_wrong"),
        ({"parent": "patient", "event": "week9"}, "unknown_event"),
        ({"parent": "patient"}, "unknown_event"),
        ({"parent": "patient", "event": "baseline", "repeat_key": 0}, "repeat_key"),
    ],
)
def test_a_wrong_place_is_told(desk: Desk, place: dict[str, object], code: str) -> None:
    root = desk.add("patient", record_id="P1").id
    visit = desk.add_record("visit", {"on": "2026-01-01"}, parent=root, event="baseline").id
    named: dict[object, int] = {"patient": root, "visit": visit}

    with pytest.raises(RecordInvalid) as raised:
        desk.add_record(
            "visit", {"on": "2026-01-01"}, **place | {"parent": named.get(place["parent"], place["parent"])}
        )

    assert [problem.code for problem in raised.value.problems] == [code]


def test_repeats_are_numbered_on_and_a_number_can_be_used_once(desk: Desk) -> None:
    root = desk.add("patient", record_id="P1").id
    ids = [desk.add_record("visit", {"on": "2026-01-01"}, parent=root, event="baseline").id for _ in range(2)]
    ids.append(desk.add_record("visit", {"on": "2026-01-01"}, parent=root, event="baseline", repeat_key=9).id)
    ids.append(desk.add_record("visit", {"on": "2026-01-01"}, parent=root, event="baseline").id)
    ids.append(desk.add_record("visit", {"on": "2026-01-01"}, parent=root, event="followup").id)

    assert [desk.get("visit", one)["repeat_key"] for one in ids] == [1, 2, 9, 10, 1]
    with pytest.raises(DuplicateRecord):
        desk.add_record("visit", {"on": "2026-01-01"}, parent=root, event="baseline", repeat_key=9)


def test_an_old_key_leads_to_the_same_patient(desk: Desk) -> None:
    first = desk.add("patient", record_id="P1")
    before = desk.get("patient", first.id)["patient"]
    with desk.writing() as uow:
        RecordStore(uow).trash(desk.type("patient"), first.id, 1)

    again = desk.add("patient", record_id="P1")

    assert desk.get("patient", again.id)["patient"] == before

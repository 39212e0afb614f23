"""Changing a record: only what is given, under optimistic locking, with its history."""

import threading
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update

from metamodel.records import (
    DuplicateKey,
    RecordChanged,
    RecordInTrash,
    RecordInvalid,
    RecordStore,
    as_json,
)
from metamodel.tables import revision
from tests.metamodel.live import Desk, codes
from zhenshu.errors import NotFound
from zhenshu.patients import find_patients


def test_only_given_fields_change_and_none_empties(desk: Desk) -> None:
    saved = desk.add("patient", record_id="P1", name="甲", height=170, weight=65.5)

    changed = desk.change("patient", saved.id, 1, weight=80, name=None)

    record = desk.get("patient", saved.id)
    assert changed.version == record["row_version"] == 2
    assert (record["weight"], record["bmi"], record["name"]) == (Decimal("80.0"), 27.7, None)
    assert record["height"] == Decimal("170.0")


def test_saving_what_is_there_already_makes_no_revision(desk: Desk) -> None:
    saved = desk.add("patient", record_id="P1", height=170, weight=65.5)

    with desk.writing() as uow:
        record = as_json(desk.type("patient"), RecordStore(uow).get(desk.type("patient"), saved.id))
    values = {field.code: record[field.code] for field in desk.type("patient").fields}
    again = desk.change("patient", saved.id, 1, **values)

    assert (again.version, again.warnings) == (1, ())


def test_the_second_of_two_editors_learns_who_changed_which_fields_when(desk: Desk) -> None:
    saved = desk.add("patient", record_id="P1", name="甲", weight=60)
    desk.change("patient", saved.id, 1, name="乙", weight=61)

    with pytest.raises(RecordChanged) as raised:
        desk.change("patient", saved.id, 1, weight=62)

    details = raised.value.details()
    assert raised.value.status == 409 and details["version"] == 2
    assert [(one["by"], one["fields"]) for one in details["changes"]] == [("system", ["name", "weight"])]
    assert desk.get("patient", saved.id)["weight"] == Decimal("61.0")


def test_of_editors_at_the_same_moment_exactly_one_wins(desk: Desk) -> None:
    saved = desk.add("patient", record_id="P1", weight=60)
    outcomes: list[str] = []

    def edit(weight: int) -> None:
        try:
            desk.change("patient", saved.id, 1, weight=weight)
            outcomes.append("saved")
        except RecordChanged:
            outcomes.append("refused")

    threads = [threading.Thread(target=edit, args=(70 + n,)) for n in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcomes) == ["refused", "refused", "refused", "saved"]
    assert desk.get("patient", saved.id)["row_version"] == 2


def test_an_old_error_elsewhere_does_not_block_a_correction_but_a_new_one_does(desk: Desk) -> None:
    saved = desk.add("patient", record_id="P1", height=170)
    table, column = desk.type("patient").main, desk.type("patient").column("height")
    with desk.writing() as uow:  # as a stricter release would leave it
        uow.conn.execute(update(table).values({column.name: Decimal(900)}))

    changed = desk.change("patient", saved.id, 1, name="乙")

    assert codes(changed.warnings) == [("height", "maximum")]
    with pytest.raises(RecordInvalid):
        desk.change("patient", saved.id, 2, height=901)


def test_a_value_takes_the_reason_for_its_absence_away(desk: Desk) -> None:
    saved = desk.add_record("patient", {"record_id": "P1"}, missing={"weight": "refused"})

    desk.change("patient", saved.id, 1, weight=60)

    with desk.writing() as uow:
        last = RecordStore(uow).revisions(desk.type("patient"), saved.id)[-1]
    assert desk.get("patient", saved.id)["missing"] == {}
    assert last.missing == {"weight": ("refused", None)}
    assert last.changes["weight"] == (None, 60.0)


def test_a_new_key_must_be_free_and_finds_the_same_patient(desk: Desk) -> None:
    first = desk.add("patient", record_id="P1")
    second = desk.add("patient", record_id="P2")
    patient = desk.get("patient", second.id)["patient"]

    with pytest.raises(DuplicateKey):
        desk.change("patient", second.id, 1, record_id="P1")
    desk.change("patient", second.id, 1, record_id="P3")

    with desk.reading() as uow:
        assert find_patients(uow, "db:lung", ["P2", "P3"]) == {"P3": patient}
    assert desk.get("patient", first.id)["record_id"] == "P1"


def test_a_record_in_the_trash_can_not_be_changed(desk: Desk) -> None:
    saved = desk.add("patient", record_id="P1")
    with desk.writing() as uow:
        RecordStore(uow).trash(desk.type("patient"), saved.id, 1)

    with pytest.raises(RecordInTrash):
        desk.change("patient", saved.id, 2, weight=60)


def test_history_is_told_step_by_step_and_any_moment_can_be_rebuilt(desk: Desk) -> None:
    saved = desk.add("patient", record_id="P1", name="甲", weight=60, born="1960-01-01")
    moments = [_moment(desk, saved.id)]
    desk.change("patient", saved.id, 1, name="乙", weight=61)
    moments.append(_moment(desk, saved.id))
    desk.change("patient", saved.id, 2, name=None)

    patient = desk.type("patient")
    with desk.writing() as uow:
        store = RecordStore(uow)
        steps = store.revisions(patient, saved.id)
        then = [store.as_of(patient, saved.id, moment) for moment in moments]
        now = store.as_of(patient, saved.id, uow.at)
        with pytest.raises(NotFound):
            store.as_of(patient, saved.id, moments[0] - timedelta(hours=1))

    assert [step.changes.get("name") for step in steps] == [(None, "甲"), ("甲", "乙"), ("乙", None)]
    assert [(one["name"], one["weight"]) for one in then] == [
        ("甲", Decimal("60.0")),
        ("乙", Decimal("61.0")),
    ]
    assert now == {name: value for name, value in desk.get("patient", saved.id).items() if name in now}


def test_identifying_values_are_never_in_clear_in_the_history(desk: Desk) -> None:
    saved = desk.add("patient", record_id="P1", name="欧阳修远")
    desk.change("patient", saved.id, 1, name="司马相如")

    with desk.reading() as uow:
        rows = uow.conn.execute(select(revision)).all()

    assert len(rows) == 2
    for row in rows:
        assert row.sealed is not None
        assert "欧阳" not in str(row.diff) and "司马" not in str(row.diff)
        assert "欧阳".encode() not in bytes(row.sealed)


def _moment(desk: Desk, record_id: int) -> datetime:
    with desk.reading() as uow:
        query = select(revision.c.at).where(revision.c.record_id == record_id).order_by(revision.c.version)
        moment: datetime = uow.conn.scalars(query).all()[-1]
    return moment

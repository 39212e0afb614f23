"""The trash: a record goes with all below it, and exactly those come back."""

import pytest
from sqlalchemy import select

from metamodel.records import (
    DuplicateKey,
    DuplicateRecord,
    NotInTrash,
    RecordChanged,
    RecordInvalid,
    RecordRef,
    RecordStore,
    TrashedWithParent,
)
from tests.metamodel.live import Desk
from zhenshu.audit import audit_entry


def _visit(desk: Desk, root: int, **place: object) -> int:
    return desk.add_record("visit", {"on": "2026-01-01"}, parent=root, event="baseline", **place).id


def _trash(desk: Desk, code: str, id: int, version: int = 1) -> list[RecordRef]:
    with desk.writing() as uow:
        return RecordStore(uow).trash(desk.type(code), id, version)


def _restore(desk: Desk, code: str, id: int) -> list[RecordRef]:
    with desk.writing() as uow:
        return RecordStore(uow).restore(desk.type(code), id)


def test_all_below_goes_along_and_exactly_that_comes_back(desk: Desk) -> None:
    root = desk.add("patient", record_id="P1").id
    kept, gone_before = _visit(desk, root), _visit(desk, root)
    lesion = desk.add("lesion", kept, size=3).id
    _trash(desk, "visit", gone_before)

    gone = _trash(desk, "patient", root)
    assert {(ref.type, ref.id) for ref in gone} == {
        ("lung.patient", root), ("lung.visit", kept), ("lung.lesion", lesion),
    }  # fmt: skip
    assert desk.find("patient") == desk.find("visit") == desk.find("lesion") == []

    back = _restore(desk, "patient", root)
    assert {(ref.type, ref.id, ref.version) for ref in back} == {
        ("lung.patient", root, 3), ("lung.visit", kept, 4), ("lung.lesion", lesion, 3),
    }  # fmt: skip  # the visit's largest lesion was calculated when the lesion came
    assert [record["id"] for record in desk.find("visit")] == [kept]
    assert [record["id"] for record in desk.find("visit", trashed=True)] == [gone_before]


def test_one_act_is_one_audit_row(desk: Desk) -> None:
    root = desk.add("patient", record_id="P1").id
    _visit(desk, root)

    _trash(desk, "patient", root)

    with desk.reading() as uow:
        rows = uow.conn.execute(select(audit_entry.c.detail).where(audit_entry.c.action == "trash")).all()
    assert [row.detail for row in rows] == [{"ids": [root], "version": 2, "count": 2}]


def test_a_child_comes_back_with_the_parent_it_went_with_not_alone(desk: Desk) -> None:
    root = desk.add("patient", record_id="P1").id
    visit = _visit(desk, root)
    _trash(desk, "patient", root)

    with pytest.raises(TrashedWithParent) as raised:
        _restore(desk, "visit", visit)

    assert str(root) in raised.value.message("en")


def test_a_child_trashed_alone_can_not_come_back_below_a_trashed_parent(desk: Desk) -> None:
    root = desk.add("patient", record_id="P1").id
    visit = _visit(desk, root)
    _trash(desk, "visit", visit)
    _trash(desk, "patient", root)

    with pytest.raises(TrashedWithParent):
        _restore(desk, "visit", visit)
    _restore(desk, "patient", root)
    assert desk.find("visit") == []
    _restore(desk, "visit", visit)
    assert [record["id"] for record in desk.find("visit")] == [visit]


def test_nothing_can_be_added_below_a_trashed_parent(desk: Desk) -> None:
    root = desk.add("patient", record_id="P1").id
    _trash(desk, "patient", root)

    with pytest.raises(RecordInvalid) as raised:
        _visit(desk, root)

    assert [problem.code for problem in raised.value.problems] == ["parent_trashed"]


def test_a_key_or_place_taken_meanwhile_keeps_a_record_in_the_trash(desk: Desk) -> None:
    root = desk.add("patient", record_id="P1").id
    _trash(desk, "patient", root)
    other = desk.add("patient", record_id="P1").id
    with pytest.raises(DuplicateKey):
        _restore(desk, "patient", root)

    visit = _visit(desk, other)
    _trash(desk, "visit", visit)
    _visit(desk, other, repeat_key=1)
    with pytest.raises(DuplicateRecord):
        _restore(desk, "visit", visit)


def test_the_trash_asks_for_the_version_and_for_something_trashed(desk: Desk) -> None:
    root = desk.add("patient", record_id="P1").id
    desk.change("patient", root, 1, weight=60)

    with pytest.raises(RecordChanged):
        _trash(desk, "patient", root, version=1)
    with pytest.raises(NotInTrash):
        _restore(desk, "patient", root)

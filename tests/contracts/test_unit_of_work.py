"""UnitOfWork: all or nothing, one state of the catalogue, and what must wait for the commit."""

from __future__ import annotations

import pytest

from metamodel.catalogue import catalogue_of
from metamodel.definitions import edit_draft
from metamodel.plans import publish
from metamodel.queries import count
from metamodel.records import RecordStore
from tests.metamodel.live import Desk
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel


class Failure(Exception):
    """What goes wrong in the middle of a business act."""


def test_an_error_takes_everything_back_and_lets_nothing_out(desk: Desk) -> None:
    told: list[str] = []

    with pytest.raises(Failure), desk.writing() as uow:
        RecordStore(uow).add(desk.type("patient"), {"record_id": "1"})
        uow.after_commit(lambda: told.append("committed"))
        raise Failure

    with desk.reading() as uow:
        assert count(uow, desk.type("patient")) == 0
    assert told == []


def test_what_waits_for_the_commit_sees_it_and_can_not_undo_it(desk: Desk) -> None:
    seen: list[int] = []

    def fail() -> None:
        raise Failure

    def look() -> None:
        with desk.reading() as uow:
            seen.append(count(uow, desk.type("patient")))

    with desk.writing() as uow:
        RecordStore(uow).add(desk.type("patient"), {"record_id": "1"})
        uow.after_commit(fail)
        uow.after_commit(look)
        assert seen == []

    assert seen == [1]


def test_a_unit_keeps_the_catalogue_it_began_with_while_another_publishes(desk: Desk) -> None:
    note = {"code": "note", "label": {"zh": "备注", "en": "Note"}, "type": "string"}
    with desk.writing() as uow:
        edit_draft(uow, "lung", [{"edit": "add_field", "record_type": "patient", "field": note}])
    other = Instance(desk.instance.settings)
    try:
        with desk.reading() as uow:
            before = uow.revision
            publish(other, SYSTEM, "lung", Channel.API)

            assert "note" not in catalogue_of(uow).record_type("lung.patient").by_code
            assert catalogue_of(uow).revision == before
        with desk.reading() as uow:
            assert uow.revision > before
            assert "note" in catalogue_of(uow).record_type("lung.patient").by_code
    finally:
        other.close()


def test_a_unit_knows_who_acts_through_which_channel_and_since_when(instance: Instance) -> None:
    with instance.write(SYSTEM, Channel.EXPORT, purpose="monthly report", request_id="r1") as uow:
        told = (uow.subject, uow.channel, uow.purpose, uow.request_id, uow.writes)
        at = uow.at

    assert told == (SYSTEM, Channel.EXPORT, "monthly report", "r1", True)
    assert at.utcoffset() is not None

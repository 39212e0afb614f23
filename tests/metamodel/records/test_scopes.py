"""Who may do what: every act goes through a scope; nothing is allowed unless something allows it."""

from typing import Any

import pytest
from sqlalchemy import select

from metamodel.masking import MASK
from metamodel.records import ClearReadNeedsWrite, RecordInvalid, RecordStore
from tests.metamodel.live import HIDE, SHOW, Desk, ScopePolicy, codes
from tests.metamodel.live import MASK as MASKED
from zhenshu.audit import audit_entry
from zhenshu.errors import NotFound
from zhenshu.patients import PatientForgotten, forget_patient
from zhenshu.security.policy import Channel, Denied
from zhenshu.security.subject import SYSTEM, Subject

NOBODY, CLERK, STRANGER = (Subject(id=n, name=name) for n, name in enumerate(("nobody", "clerk", "stranger")))


@pytest.fixture
def policy(desk: Desk) -> ScopePolicy:
    every = {"view", "add", "edit", "delete"}
    policy = ScopePolicy(
        actions={"clerk": every, "stranger": every},
        classes={
            "clerk": {"plain": SHOW, "identifying": MASKED},
            "stranger": {"plain": SHOW, "identifying": HIDE},
        },
    )
    desk.instance.policy = policy
    return policy


def test_nothing_is_allowed_that_nothing_allows(desk: Desk, policy: ScopePolicy) -> None:
    saved = desk.add("patient", record_id="P1")
    patient, nobody = desk.type("patient"), desk.as_(NOBODY)

    def refused(act: Any) -> None:
        with pytest.raises(Denied), nobody.writing() as uow:
            act(RecordStore(uow))

    refused(lambda store: store.get(patient, saved.id))
    refused(lambda store: store.add(patient, {"record_id": "P2"}))
    refused(lambda store: store.change(patient, saved.id, {"weight": 1}, 1))
    refused(lambda store: store.trash(patient, saved.id, 1))
    refused(lambda store: store.restore(patient, saved.id))
    refused(lambda store: store.revisions(patient, saved.id))
    refused(lambda store: store.as_of(patient, saved.id, store._session.uow.at))


def test_masked_values_are_replaced_and_hidden_ones_absent_everywhere(
    desk: Desk, policy: ScopePolicy
) -> None:
    saved = desk.add("patient", record_id="P1", name="甲")
    desk.change("patient", saved.id, 1, name=None)

    for subject, expected in ((CLERK, [(None, MASK), (MASK, None)]), (STRANGER, [None, None])):
        with desk.as_(subject).reading() as uow:
            store = RecordStore(uow)
            record = store.get(desk.type("patient"), saved.id)
            steps = store.revisions(desk.type("patient"), saved.id)
        assert ("name" in record) is (subject is CLERK) and record.get("name") is None
        assert [step.changes.get("name") for step in steps] == expected


def test_a_masked_field_may_be_written_but_not_with_its_mask(desk: Desk, policy: ScopePolicy) -> None:
    clerk = desk.as_(CLERK)
    saved = clerk.add("patient", record_id="P1", name="甲")

    with pytest.raises(RecordInvalid) as raised:
        clerk.change("patient", saved.id, 1, name=MASK, weight=60)
    clerk.change("patient", saved.id, 1, name="乙")

    assert codes(raised.value.problems) == [("name", "masked_value")]
    assert desk.get("patient", saved.id)["name"] == "乙"


def test_a_hidden_field_is_unknown_to_its_writer(desk: Desk, policy: ScopePolicy) -> None:
    with pytest.raises(RecordInvalid) as raised:
        desk.as_(STRANGER).add("patient", record_id="P1", name="甲")
    assert codes(raised.value.problems) == [("name", "unknown_field")]


def test_a_row_rule_bounds_every_act(desk: Desk, policy: ScopePolicy) -> None:
    inside = desk.add("patient", record_id="P1", sex="1")
    outside = desk.add("patient", record_id="P2", sex="2", pregnant=False)
    column = desk.type("patient").column("sex").name
    policy.rows["clerk", "lung.patient"] = lambda main: main.c[column] == "1"
    clerk = desk.as_(CLERK)

    assert clerk.get("patient", inside.id)["record_id"] == "P1"
    for act in (
        lambda: clerk.get("patient", outside.id),
        lambda: clerk.change("patient", outside.id, 1, weight=60),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(RecordInvalid) as raised:
        clerk.add("patient", record_id="P3", sex="2", pregnant=False)
    assert codes(raised.value.problems) == [("", "row_not_permitted")]
    with pytest.raises(Denied):
        clerk.change("patient", inside.id, 1, sex="2", pregnant=True)
    with pytest.raises(RecordInvalid):  # a parent that can't be seen is no parent
        clerk.add_record("visit", {"on": "2026-01-01"}, parent=outside.id, event="baseline")


def test_a_trash_must_not_take_what_the_subject_may_not_delete(desk: Desk, policy: ScopePolicy) -> None:
    root = desk.add("patient", record_id="P1").id
    desk.add_record("visit", {"on": "2026-01-01", "note": "keep"}, parent=root, event="baseline")
    column = desk.type("visit").column("note").name
    policy.rows["clerk", "lung.visit"] = lambda main: main.c[column] != "keep"

    with pytest.raises(Denied), desk.as_(CLERK).writing() as uow:
        RecordStore(uow).trash(desk.type("patient"), root, 1)

    assert desk.keys() == ["P1"]


def test_identifying_fields_in_clear_are_read_in_a_write_unit_and_audited(desk: Desk) -> None:
    saved = desk.add("patient", record_id="P1", name="甲")

    with pytest.raises(ClearReadNeedsWrite), desk.reading() as uow:
        RecordStore(uow).get(desk.type("patient"), saved.id)
    desk.get("patient", saved.id)

    with desk.reading() as uow:
        rows = uow.conn.execute(select(audit_entry).where(audit_entry.c.action == "read")).all()
    assert [(row.fields, row.detail, len(row.patients)) for row in rows] == [
        (["name"], {"ids": [saved.id]}, 1)
    ]


def test_a_forgotten_patients_identifying_history_is_gone_and_takes_no_more(desk: Desk) -> None:
    saved = desk.add("patient", record_id="P1", name="甲", weight=60)
    with desk.instance.write(SYSTEM, Channel.API) as uow:
        forget_patient(uow, desk_patient(desk, saved.id))

    with desk.writing() as uow:
        (step,) = RecordStore(uow).revisions(desk.type("patient"), saved.id)
    with pytest.raises(PatientForgotten):
        desk.change("patient", saved.id, 1, name="乙")

    assert step.forgotten and "name" not in step.changes and step.changes["weight"] == (None, 60.0)


def desk_patient(desk: Desk, record_id: int) -> int:
    main = desk.type("patient").main
    with desk.reading() as uow:
        return int(uow.conn.execute(select(main.c.patient).where(main.c.id == record_id)).scalar_one())

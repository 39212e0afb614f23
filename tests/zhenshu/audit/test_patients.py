"""Each entry is found by the patients it is about, from the transaction that wrote it on."""

from importlib import import_module

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from zhenshu.audit import audit_entry, audit_patient, record, verify
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

PAIRS = select(audit_patient.c.patient_id, audit_entry.c.resource).join(
    audit_entry, audit_entry.c.id == audit_patient.c.entry_id
)


def test_an_entry_is_found_by_each_of_its_patients(instance: Instance) -> None:
    with instance.write(SYSTEM, Channel.SCREEN) as uow:
        record(uow, "view", "records", "a", patients=[8, 7, 8])
        record(uow, "view", "records", "b", patients=[7])
        record(uow, "view", "records", "c")

    with instance.read(SYSTEM, Channel.AUDIT) as uow:
        found = sorted(tuple(row) for row in uow.conn.execute(PAIRS))

    assert found == [(7, "a"), (7, "b"), (8, "a")]
    assert verify(instance) == []


@pytest.mark.parametrize("change", ["UPDATE audit_patient SET patient_id = 9", "DELETE FROM audit_patient"])
def test_the_database_itself_refuses_to_change_it(instance: Instance, change: str) -> None:
    with instance.write(SYSTEM, Channel.SCREEN) as uow:
        record(uow, "view", "records", "a", patients=[7])

    with pytest.raises(DBAPIError, match="append-only"), instance.engine.begin() as conn:
        conn.execute(text(change))


def test_an_act_that_cannot_be_audited_does_not_happen(instance: Instance) -> None:
    with instance.engine.begin() as conn:
        conn.execute(text("ALTER TABLE audit_patient RENAME TO audit_patient_away"))

    with pytest.raises(DBAPIError), instance.write(SYSTEM, Channel.SCREEN) as uow:
        record(uow, "view", "records", "a", patients=[7])

    with instance.read(SYSTEM, Channel.AUDIT) as uow:
        assert uow.conn.execute(select(audit_entry).where(audit_entry.c.resource == "a")).all() == []


def test_entries_of_before_are_found_too(instance: Instance, monkeypatch: pytest.MonkeyPatch) -> None:
    script = import_module("zhenshu.db.migrations.versions.0015_audit_search")
    monkeypatch.setattr(script, "BATCH", 2)
    with instance.write(SYSTEM, Channel.SCREEN) as uow:
        for number in range(1, 6):
            record(uow, "view", "records", str(number), patients=[number, 9])
    with instance.engine.begin() as conn:
        emptied = "CREATE TABLE audit_patient AS SELECT * FROM audit_patient_away WHERE 1 = 0"
        for statement in ("ALTER TABLE audit_patient RENAME TO audit_patient_away", emptied):
            conn.execute(text(statement))
        with Operations.context(MigrationContext.configure(conn)):
            script._fill()

    with instance.read(SYSTEM, Channel.AUDIT) as uow:
        found = sorted(tuple(row) for row in uow.conn.execute(PAIRS))

    assert found == sorted([(n, str(n)) for n in range(1, 6)] + [(9, str(n)) for n in range(1, 6)])

"""The seal tells of everything that a person with full power over the database can do to the trail."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select, text

from zhenshu.audit import AuditBroken, FaultKind, anchor_head, audit_entry, audit_seal, record, seal, verify
from zhenshu.audit.anchor import AnchorDamaged
from zhenshu.audit.chain import seal_of
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import Secrets
from zhenshu.security.subject import Subject

LI = Subject(id=7, name="li", address="10.0.0.9")
TRIGGERS = {
    "sqlite": "SELECT 'DROP TRIGGER ' || name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT 'ALTER TABLE ' || relname || ' DISABLE TRIGGER USER' FROM pg_class "
        "WHERE relname LIKE 'audit\\_%' AND relkind = 'r'"
    ),
}


@pytest.fixture
def trail(instance: Instance) -> Instance:
    """Five entries, sealed and anchored."""
    write(instance, 5)
    seal(instance)
    return instance


def write(instance: Instance, count: int) -> None:
    with instance.write(LI, Channel.SCREEN, purpose="门诊") as uow:
        for number in range(count):
            record(uow, "view", "records", str(number), patients=[number], detail={"rate": 1.50})


def tamper(instance: Instance, *statements: str) -> None:
    """Do what only an owner of the database can: take the guards away, then write."""
    with instance.engine.begin() as conn:
        guards = TRIGGERS[conn.dialect.name]
        for statement in [*conn.execute(text(guards)).scalars(), *statements]:
            conn.exec_driver_sql(statement)


def faults(instance: Instance) -> list[tuple[FaultKind, int]]:
    return [(fault.kind, fault.entry_id) for fault in verify(instance)]


def test_an_untouched_trail_is_whole(trail: Instance) -> None:
    assert verify(trail) == []
    assert seal(trail) == 0

    write(trail, 700)  # more than a batch

    assert seal(trail) == 700
    assert verify(trail) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE audit_entry SET subject_name = 'wang' WHERE id = 3",
        "UPDATE audit_entry SET patients = NULL WHERE id = 3",
        "UPDATE audit_entry SET at = '2020-01-01 00:00:00' WHERE id = 3",
        "UPDATE audit_seal SET sealed_at = '2020-01-01 00:00:00' WHERE seq = 3",
        "UPDATE audit_entry SET outcome = 'denied' WHERE id = 3",
    ],
)
def test_an_altered_row_is_found(trail: Instance, statement: str) -> None:
    tamper(trail, statement)
    assert faults(trail) == [(FaultKind.ALTERED, 3)]


@pytest.mark.parametrize(
    "statement",
    ["DELETE FROM audit_patient WHERE entry_id = 3", "INSERT INTO audit_patient VALUES (8, 3)"],
)
def test_an_entry_that_other_patients_find_is_found(trail: Instance, statement: str) -> None:
    tamper(trail, statement)
    assert faults(trail) == [(FaultKind.PATIENTS_DIFFER, 3)]


def test_patients_of_no_entry_are_found(trail: Instance) -> None:
    tamper(trail, "INSERT INTO audit_patient VALUES (8, 900)")
    assert faults(trail) == [(FaultKind.PATIENTS_DIFFER, 900)]


def test_a_deleted_row_is_found(trail: Instance) -> None:
    tamper(trail, "DELETE FROM audit_entry WHERE id = 2")
    assert faults(trail) == [(FaultKind.DELETED, 2)]


def test_a_row_deleted_with_its_seal_is_found(trail: Instance) -> None:
    tamper(trail, "DELETE FROM audit_entry WHERE id = 2", "DELETE FROM audit_seal WHERE entry_id = 2")
    assert (FaultKind.SEAL_MISSING, 3) in faults(trail)


def test_closing_the_gap_does_not_hide_it(trail: Instance) -> None:
    tamper(
        trail,
        "DELETE FROM audit_entry WHERE id = 2",
        "DELETE FROM audit_seal WHERE entry_id = 2",
        "UPDATE audit_seal SET seq = seq - 1 WHERE seq = 3",
        "UPDATE audit_seal SET seq = seq - 1 WHERE seq = 4",
        "UPDATE audit_seal SET seq = seq - 1 WHERE seq = 5",
    )
    assert {kind for kind, _ in faults(trail)} == {FaultKind.ALTERED, FaultKind.TRUNCATED}


def test_a_row_slipped_in_with_an_old_date_is_found(trail: Instance) -> None:
    columns = [column.name for column in audit_entry.c if column.name not in {"id", "at"}]
    listed = ", ".join(f'"{name}"' for name in columns)
    old = (datetime.now(UTC) - timedelta(days=3)).strftime("%Y-%m-%d %H:%M:%S")
    source = f"SELECT -1, '{old}', {listed} FROM audit_entry WHERE id = 1"
    if trail.engine.dialect.name == "postgresql":
        source = source.replace(f"'{old}'", f"timestamp '{old}'")
    tamper(trail, f"INSERT INTO audit_entry (id, at, {listed}) {source}")
    seal(trail)

    assert faults(trail) == [(FaultKind.SLIPPED_IN, -1)]


def test_a_truncated_tail_is_found_and_never_sealed_over(trail: Instance) -> None:
    tamper(trail, "DELETE FROM audit_entry WHERE id > 3", "DELETE FROM audit_seal WHERE seq > 3")
    assert faults(trail) == [(FaultKind.TRUNCATED, 0)]

    write(trail, 4)
    with pytest.raises(AuditBroken, match="5"):
        seal(trail)


def test_an_emptied_trail_is_found(trail: Instance) -> None:
    tamper(trail, "DELETE FROM audit_entry", "DELETE FROM audit_seal")
    assert faults(trail) == [(FaultKind.TRUNCATED, 0)]


def test_a_chain_rewritten_with_the_stolen_key_differs_from_the_anchor(trail: Instance) -> None:
    tamper(trail, "UPDATE audit_entry SET subject_name = 'wang' WHERE id = 5")
    key = Secrets.load(trail.settings.secrets_folder).audit
    with trail.read(LI, Channel.AUDIT) as uow:
        entry = uow.conn.execute(select(audit_entry).where(audit_entry.c.id == 5)).one()
        last, previous = uow.conn.execute(select(audit_seal).order_by(audit_seal.c.seq.desc()).limit(2)).all()
    forged = seal_of(key, previous.seal, last.seq, last.sealed_at, entry)
    tamper(trail, f"UPDATE audit_seal SET seal = '{forged}' WHERE seq = {last.seq}")

    assert faults(trail) == [(FaultKind.REWRITTEN, 5)]


def test_a_removed_anchor_is_found(trail: Instance) -> None:
    shutil.rmtree(trail.settings.anchor_folder)
    assert faults(trail) == [(FaultKind.NO_ANCHOR, 0)]


def test_a_database_put_back_on_purpose_is_anchored_anew(trail: Instance) -> None:
    tamper(
        trail,
        "DELETE FROM audit_entry WHERE id > 3",
        "DELETE FROM audit_seal WHERE seq > 3",
        "DELETE FROM audit_patient WHERE entry_id > 3",
    )

    anchor_head(trail, restored=True)
    write(trail, 2)
    seal(trail)

    assert verify(trail) == []


def test_a_crash_in_the_middle_of_an_anchor_line_does_no_harm(trail: Instance) -> None:
    [path] = trail.settings.anchor_folder.glob("*.jsonl")
    with path.open("ab") as file:
        file.write(b'{"seq": 6, "se')
    assert verify(trail) == []

    write(trail, 1)
    seal(trail)

    assert verify(trail) == []


def test_an_anchor_written_over_is_said_to_be_damaged(trail: Instance) -> None:
    [path] = trail.settings.anchor_folder.glob("*.jsonl")
    path.write_text("?\n")
    with pytest.raises(AnchorDamaged):
        verify(trail)


def test_a_row_that_became_visible_late_is_sealed_after_its_elders(
    postgresql_url: str, make: Callable[[str], Instance]
) -> None:
    instance = make(postgresql_url)
    with instance.write(LI, Channel.API) as slow:
        record(slow, "view", "records", "slow")  # takes the smaller id, commits later
        write(instance, 2)
        assert seal(instance) == 2

    assert seal(instance) == 1
    assert verify(instance) == []
    instance.close()

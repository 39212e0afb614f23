"""A field in use becomes identifying: neither its values nor its history are in clear any more."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, Table, inspect, select, update
from sqlalchemy.exc import DBAPIError

from metamodel.catalogue import catalogue_of
from metamodel.definitions import load_draft, save_draft
from metamodel.exchange.records.jobs import JOBS
from metamodel.plans import ChangeNotPossible, approve_plan, make_plan, publish, resume, undo
from metamodel.plans.conversions import batches, sealing
from metamodel.plans.conversions.purging import PURGE
from metamodel.plans.steps import Run, Step, take_step
from metamodel.records import RecordStore
from metamodel.records.errors import DuplicateKey
from metamodel.records.forgetting import forget, phrase_of
from metamodel.storage.check import check_storage
from metamodel.storage.check_protected import check_protected
from metamodel.tables import plan as plan_table
from metamodel.tables import revision, revision_sealing
from tests.instances import an_instance
from tests.metamodel.live import Desk, a_document, a_field, a_type, make_live
from zhenshu.jobs import bind_jobs, job, run_now
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

PHONES = ["13800138001", "13800138002", "13800138003"]


def ward(code: str = "ward", **phone: Any) -> dict[str, Any]:
    patient = a_type("patient", a_field("no"), a_field("phone", **phone), a_field("age", "integer"), key="no")
    return a_document(code, patient)


@pytest.fixture
def desk(tmp_path: Path, database_url: str) -> Desk:
    instance = an_instance(tmp_path / "home", database_url)
    bind_jobs(instance, JOBS, wake=lambda queue, job_id: None)
    return opened(Desk(instance, make_live(instance, ward())))


def opened(desk: Desk) -> Desk:
    """With three patients, of whom one has changed the number and one been without for a while."""
    first, second, _ = (desk.add("patient", no=f"P{n}", phone=phone, age=n) for n, phone in enumerate(PHONES))
    desk.change("patient", first.id, 1, phone="13900139000")
    desk.change("patient", second.id, 1, phone=None)
    desk.change("patient", second.id, 2, phone=PHONES[1])
    return desk


def protected(desk: Desk) -> Desk:
    """The database after a release in which phone numbers identify, and the job of that release."""
    with desk.writing() as uow:
        document = deepcopy(dict(load_draft(uow, "database", desk.database.code).document))
        document["record_types"][0]["fields"][1]["identifying"] = True
        save_draft(uow, "database", document)
    publish(desk.instance, SYSTEM, desk.database.code, Channel.API)
    return purged(desk)


def purged(desk: Desk) -> Desk:
    with desk.reading() as uow:
        waiting = select(job.c.id).where(job.c.kind == PURGE, job.c.state == "queued")
        ids = list(uow.conn.scalars(waiting))
    for job_id in ids:
        run_now(desk.instance, job_id)
    return now(desk)


def now(desk: Desk) -> Desk:
    with desk.reading() as uow:
        return Desk(desk.instance, catalogue_of(uow).database(desk.database.code))


def phones(desk: Desk) -> list[Any]:
    return [record["phone"] for record in sorted(desk.find("patient"), key=lambda record: record["id"])]


def history(desk: Desk, record_id: int) -> list[Any]:
    with desk.writing() as uow:
        steps = RecordStore(uow).revisions(desk.type("patient"), record_id)
        return [step.changes.get("phone") for step in steps]


def tables(desk: Desk) -> str:
    """All that the database's tables hold, as text."""
    found = []
    with desk.reading() as uow:
        for name in inspect(uow.conn).get_table_names():
            rows = uow.conn.execute(select(Table(name, MetaData(), autoload_with=uow.conn)))
            found += [str(row) for row in rows]
    return "\n".join(found)


def test_nothing_is_in_clear_any_more_and_everything_can_be_read(desk: Desk) -> None:
    record_id = desk.find("patient", "[no] = 'P0'")[0]["id"]
    before, steps = phones(desk), history(desk, record_id)
    assert "13900139000" in tables(desk)

    after = protected(desk)

    assert after.type("patient").field("phone").protected
    assert phones(after) == before == ["13900139000", *PHONES[1:]]
    assert history(after, record_id) == steps == [(None, PHONES[0]), (PHONES[0], "13900139000")]
    assert [hit["no"] for hit in after.find("patient", f"[phone] = '{PHONES[1]}'")] == ["P1"]
    assert not [phone for phone in (*PHONES, "13900139000") if phone in tables(after)]
    assert (check_storage(desk.instance), check_protected(desk.instance)) == ([], [])


def test_who_was_forgotten_leaves_no_number_behind(desk: Desk) -> None:
    [record] = desk.find("patient", "[no] = 'P2'")
    with desk.writing() as uow:
        patient = record["patient"]
        forget(uow, patient, "asked for it", phrase_of(patient))

    after = protected(desk)

    assert phones(after)[2] is None
    assert PHONES[2] not in tables(after)


def test_the_way_back_opens_the_values_again_with_what_was_entered_since(desk: Desk) -> None:
    after = protected(desk)
    after.add("patient", no="P3", phone="13700137000", age=9)

    with desk.writing() as uow:
        made = undo(uow, "ward")
    with desk.writing() as uow:
        approve_plan(uow, made.id)  # everybody will see them
    publish(desk.instance, SYSTEM, made.id, Channel.API)
    back = now(desk)

    assert not back.type("patient").field("phone").protected
    assert phones(back) == ["13900139000", *PHONES[1:], "13700137000"]
    assert check_storage(desk.instance) == []


def test_the_key_may_become_identifying_and_stays_unique(desk: Desk) -> None:
    with desk.writing() as uow:
        document = deepcopy(dict(load_draft(uow, "database", "ward").document))
        document["record_types"][0]["fields"][0]["identifying"] = True
        save_draft(uow, "database", document)
    publish(desk.instance, SYSTEM, "ward", Channel.API)
    after = purged(desk)

    assert [record["no"] for record in after.find("patient", "[no] = 'P1'")] == ["P1"]
    with pytest.raises(DuplicateKey):
        after.add("patient", no="P1")
    assert (check_storage(desk.instance), check_protected(desk.instance)) == ([], [])


def test_a_value_without_a_patient_stands_in_the_way(desk: Desk) -> None:
    kind = desk.type("patient")
    with desk.writing() as uow:
        uow.conn.execute(update(kind.main).where(kind.column("age") == 0).values(patient=None))
        document = deepcopy(dict(load_draft(uow, "database", "ward").document))
        document["record_types"][0]["fields"][1]["identifying"] = True
        save_draft(uow, "database", document)

    with (
        pytest.raises(ChangeNotPossible, match="1 records with a value belong to no patient"),
        desk.writing() as uow,
    ):
        make_plan(uow, "ward")


def test_history_lets_a_field_be_sealed_and_nothing_else(desk: Desk) -> None:
    number, field_id = desk.type("patient").number, desk.type("patient").field("phone").id
    forgeries: list[Callable[[], dict[str, Any]]] = [
        lambda: {"diff": {}},
        lambda: {"sealed": b"1"},
        lambda: {"subject_name": "somebody"},
    ]
    for forged in forgeries:
        with pytest.raises(DBAPIError, match="append-only"), desk.writing() as uow:
            uow.conn.execute(revision_sealing.insert().values(record_type_id=number, field_id=field_id))
            uow.conn.execute(update(revision).where(revision.c.version == 1).values(forged()))


class Killed(BaseException):
    """Nothing catches it, as nothing catches a power cut."""


def test_a_crash_between_any_two_steps_is_gone_on_from(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batches, "BATCH", 2)
    monkeypatch.setattr(sealing, "BATCH", 2)
    for at_step in count(1):
        code = f"ward{at_step}"
        here = opened(Desk(desk.instance, make_live(desk.instance, ward(code))))
        steps = count(1)

        def killed(run: Run, step: Step, steps: count[int] = steps, at_step: int = at_step) -> Step:
            if next(steps) == at_step:
                raise Killed
            return take_step(run, step)

        with monkeypatch.context() as patch:
            patch.setattr("metamodel.plans.run.take_step", killed)
            try:
                protected(here)
                break
            except Killed:
                pass
        here.add("patient", no="Q", phone="13600136000")  # in clear: the old release is live
        with here.writing() as uow:
            done = plan_table.c.lease_until.is_not(None)
            uow.conn.execute(update(plan_table).where(done).values(lease_until=uow.at.replace(year=2000)))
            [plan_id] = uow.conn.scalars(select(plan_table.c.id).where(done))
        resume(here.instance, plan_id)
        after = purged(here)
        assert phones(after) == ["13900139000", *PHONES[1:], "13600136000"]
        assert (check_storage(here.instance), check_protected(here.instance)) == ([], [])
    assert at_step > 8

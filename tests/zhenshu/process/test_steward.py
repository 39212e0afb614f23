"""One steward at a time serves an instance, and does all of its duties."""

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from tests.instances import an_instance
from zhenshu.audit import audit_seal, record
from zhenshu.events import Event, emit
from zhenshu.instance import Instance
from zhenshu.jobs import JobKind, bind_jobs, get_job, job, submit
from zhenshu.jobs.lease import claim
from zhenshu.process import Steward
from zhenshu.process.only_one import InstanceRunning, not_running
from zhenshu.rooms import Listener
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Iterator[Instance]:
    made = an_instance(tmp_path / "home", database_url)
    bind_jobs(made, [JobKind("job", {}, lambda run: None)], wake=lambda queue, job_id: None)
    yield made
    made.close()


@contextmanager
def serving(instance: Instance, listeners: list[Listener]) -> Iterator[None]:
    stopping = threading.Event()
    thread = threading.Thread(target=Steward(instance, listeners, pace=0.1).run, args=(stopping,))
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(timeout=20)
        assert not thread.is_alive()


def test_it_seals_delivers_and_sweeps_even_when_a_duty_fails(instance: Instance) -> None:
    heard: list[str] = []

    def hear(_: Instance, event: Event) -> None:
        heard.append(event.resource)

    with instance.write(SYSTEM, Channel.API) as uow:
        record(uow, "view", "records", "1")
        emit(uow, Event("record.saved", "a"))
        job_id = submit(uow, "job", {})
    claim(instance, job_id)
    with instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(job.update().values(lease_until=datetime.now(UTC) - timedelta(minutes=1)))
    (instance.settings.home / "broker").write_text("in the way of the broker's folder")

    def is_done() -> bool:
        with instance.read(SYSTEM, Channel.API) as uow:
            sealed = uow.conn.execute(select(func.count()).select_from(audit_seal)).scalar_one()
            return sealed >= 1 and heard == ["a"] and get_job(uow, job_id).state == "queued"

    with serving(instance, [Listener("ear", "record.saved", hear)]):
        deadline = time.monotonic() + 20
        while not is_done():
            assert time.monotonic() < deadline
            time.sleep(0.1)


def test_nobody_else_may_take_the_instance_while_it_is_served(instance: Instance) -> None:
    with serving(instance, []):
        time.sleep(1)
        with pytest.raises(InstanceRunning), not_running(instance):
            pass
    with not_running(instance):
        pass

"""Events reach each of their listeners at least once, in order, whatever fails or dies."""

import os
import signal
import subprocess
import sys
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from tests.architecture.tree import ROOT
from zhenshu.errors import Invalid
from zhenshu.events import Event, deliver, emit, event_delivery, given_up, outbox_event, sweep_events
from zhenshu.instance import Instance
from zhenshu.rooms import Listener
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

SAVED = "record.saved"


class Ear:
    """A listener that writes down what it hears, and fails as often as it is told to."""

    def __init__(self, name: str = "ear", event: str = SAVED) -> None:
        self.heard: list[str] = []
        self.failures: dict[str, int] = {}
        self.listener = Listener(name, event, self.hear)

    def hear(self, instance: Instance, event: Event) -> None:
        self.heard.append(event.resource)
        if self.failures.get(event.resource, 0) > 0:
            self.failures[event.resource] -= 1
            raise ValueError("record 张三")


def happen(instance: Instance, *resources: str, name: str = SAVED) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        for resource in resources:
            emit(uow, Event(name, resource, {"version": 2}))


def make_due(instance: Instance) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(update(event_delivery).values(next_at=None))


def pending(instance: Instance) -> int:
    with instance.read(SYSTEM, Channel.API) as uow:
        query = select(outbox_event.c.id).where(outbox_event.c.delivered_at.is_(None))
        return len(uow.conn.execute(query).all())


def test_each_listener_hears_the_events_of_its_name_once_and_in_order(instance: Instance) -> None:
    first, second, other = Ear("first"), Ear("second"), Ear("other", "study.stable")
    listeners = [first.listener, second.listener, other.listener]
    happen(instance, "a", "b", "c")

    assert deliver(instance, listeners) == 6
    assert deliver(instance, listeners) == 0

    assert first.heard == second.heard == ["a", "b", "c"]
    assert other.heard == []
    assert pending(instance) == 0


def test_an_event_arrives_as_it_was_emitted(instance: Instance) -> None:
    arrived: list[Event] = []
    happen(instance, "a")
    deliver(instance, [Listener("x", SAVED, lambda _, event: arrived.append(event))])

    assert arrived[0].payload == {"version": 2} and arrived[0].id > 0 and arrived[0].at is not None


def test_what_rolls_back_never_happened(instance: Instance) -> None:
    ear = Ear()
    with pytest.raises(Invalid), instance.write(SYSTEM, Channel.API) as uow:
        emit(uow, Event(SAVED, "a"))
        raise Invalid(reason="no", reason_zh="略")

    assert deliver(instance, [ear.listener]) == 0


def test_a_failing_listener_keeps_its_order_and_holds_up_nobody_else(instance: Instance) -> None:
    failing, healthy = Ear("failing"), Ear("healthy")
    failing.failures["a"] = 1
    listeners = [failing.listener, healthy.listener]
    happen(instance, "a", "b")

    deliver(instance, listeners)
    assert (failing.heard, healthy.heard) == (["a"], ["a", "b"])
    deliver(instance, listeners)  # not due yet
    assert failing.heard == ["a"]

    make_due(instance)
    deliver(instance, listeners)

    assert (failing.heard, healthy.heard) == (["a", "a", "b"], ["a", "b"])
    assert pending(instance) == 0


def test_a_hopeless_event_is_given_up_and_reported_without_values(instance: Instance) -> None:
    ear = Ear()
    ear.failures["a"] = 1000
    happen(instance, "a", "b")
    for _ in range(12):
        deliver(instance, [ear.listener])
        make_due(instance)

    assert ear.heard == ["a"] * 10 + ["b"]
    with instance.read(SYSTEM, Channel.API) as uow:
        assert [(listener, error) for _, listener, error in given_up(uow)] == [("ear", "ValueError")]


def test_a_death_between_hearing_and_marking_repeats_the_event(
    instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Dies(BaseException):
        """What a process can't survive."""

    def die(*_: object) -> None:
        raise Dies

    ear = Ear()
    happen(instance, "a")
    with monkeypatch.context() as patched, pytest.raises(Dies):
        patched.setattr("zhenshu.events.delivery._mark", die)
        deliver(instance, [ear.listener])

    deliver(instance, [ear.listener])

    assert ear.heard == ["a", "a"]


KILLED = """
import os, signal, sys
from pathlib import Path
from zhenshu.events import deliver
from zhenshu.instance import Instance
from zhenshu.rooms import Listener
from zhenshu.settings import Settings

home, url, heard = sys.argv[1:]

def hear(instance, event):
    with open(heard, "a") as file:
        file.write(event.resource)
    if event.resource == "b":
        os.kill(os.getpid(), signal.SIGKILL)

deliver(Instance(Settings(home=Path(home), database_url=url)), [Listener("killed", "record.saved", hear)])
"""


def test_a_killed_process_repeats_only_what_it_had_not_marked(instance: Instance) -> None:
    happen(instance, "a", "b", "c")
    heard = instance.settings.home / "heard"
    arguments = [str(instance.settings.home), instance.settings.database_url, str(heard)]
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'platform'}:{ROOT}"}
    ended = subprocess.run(
        [sys.executable, "-c", KILLED, *arguments], env=environment, timeout=60, check=False
    )
    assert ended.returncode == -signal.SIGKILL

    ear = Ear("killed")
    deliver(instance, [ear.listener])

    assert heard.read_text() == "ab"
    assert ear.heard == ["b", "c"]


def test_delivered_events_are_swept_after_their_time(instance: Instance) -> None:
    ear = Ear()
    happen(instance, "a")
    deliver(instance, [ear.listener])
    happen(instance, "b")

    sweep_events(instance)
    sweep_events(instance, kept=timedelta(0))

    with instance.read(SYSTEM, Channel.API) as uow:
        assert list(uow.conn.execute(select(outbox_event.c.resource)).scalars()) == ["b"]
        assert uow.conn.execute(select(event_delivery)).all() == []


def test_an_event_without_listeners_is_done(instance: Instance) -> None:
    happen(instance, "a", name="nobody.cares")
    deliver(instance, [])
    assert pending(instance) == 0

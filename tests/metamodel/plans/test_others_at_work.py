"""Publishing while other people publish, edit, read and write."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from sqlalchemy import func, select, update

from metamodel.plans import (
    AnotherPublish,
    LeaseLost,
    NothingToPublish,
    PlanOutdated,
    PlanState,
    publish,
)
from metamodel.plans.steps import Run, Step, take_step
from metamodel.storage import layout
from metamodel.storage.check import check_storage
from metamodel.tables import definition_release
from metamodel.tables import plan as plan_table
from tests.metamodel.plans.world import API, LI, WANG, World, add_rows, database, field, record_type
from zhenshu.errors import DatabaseBusy
from zhenshu.instance import Instance
from zhenshu.security.policy import Denied
from zhenshu.security.subject import NOBODY

OLD = database(record_type("patient", field("name")))
NEW = database(record_type("patient", field("name"), field("note")))


def between_steps(monkeypatch: pytest.MonkeyPatch, act: Callable[[Step], None]) -> None:
    """Let `act` happen before each step of a publish."""

    def after_that(run: Run, step: Step) -> Step:
        act(step)
        return take_step(run, step)

    monkeypatch.setattr("metamodel.plans.run.take_step", after_that)


def test_two_people_publish_and_the_second_hears_of_the_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[AnotherPublish] = []

    def second(step: Step) -> None:
        with pytest.raises(AnotherPublish) as refused:
            publish(world.instance, WANG, "lung", API)
        heard.append(refused.value)

    world.draft(NEW)
    between_steps(monkeypatch, second)
    publish(world.instance, LI, "lung", API)

    assert {error.values["who"] for error in heard} == {"li"}
    assert heard[0].status == 409
    assert heard[0].message("zh").startswith("li 自 ")


def test_publishing_one_plan_at_the_same_moment_makes_one_release(world: World) -> None:
    plan = world.plan(NEW)
    start = threading.Barrier(2)

    def try_it(_: int) -> int | str:
        own = Instance(world.instance.settings)
        start.wait()
        try:
            return publish(own, LI, plan.id, API).number
        except (AnotherPublish, PlanState) as error:
            return error.code()
        finally:
            own.close()

    with ThreadPoolExecutor(2) as pool:
        results = list(pool.map(try_it, range(2)))

    assert 1 in results
    with world.instance.read(LI, API) as uow:
        assert uow.conn.execute(select(func.count()).select_from(definition_release)).scalar_one() == 1


def test_a_draft_edited_meanwhile_stops_the_plan_and_takes_it_back(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish(OLD)
    between_steps(monkeypatch, lambda step: world.draft(NEW) if step is Step.SWAP else None)
    world.draft(NEW)

    with pytest.raises(PlanOutdated):
        publish(world.instance, LI, "lung", API)
    monkeypatch.undo()

    assert check_storage(world.instance) == []
    assert publish(world.instance, LI, "lung", API).number == 2


def test_one_who_lost_the_lease_stops_before_doing_harm(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    def steal(step: Step) -> None:
        with world.instance.write(WANG, API) as uow:
            uow.conn.execute(update(plan_table).values(lease_owner="another process"))

    world.draft(NEW)
    between_steps(monkeypatch, steal)

    with pytest.raises(LeaseLost):
        publish(world.instance, LI, "lung", API)


def test_a_published_draft_is_gone(world: World) -> None:
    world.publish(NEW)

    with pytest.raises(NothingToPublish):
        publish(world.instance, WANG, "lung", API)


def test_publishing_needs_the_right_to_design(world: World) -> None:
    plan = world.plan(NEW)

    for target in ("lung", plan.id):
        with pytest.raises(Denied):
            publish(world.instance, NOBODY, target, API)


def test_a_locked_database_says_so_and_the_plan_can_go_on(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    world.publish(OLD)
    world.draft(NEW)
    hasty = Instance(replace(world.instance.settings, busy_seconds=1))
    monkeypatch.setattr("metamodel.plans.exclusive.PATIENCE_SECONDS", 1)

    with world.instance.write(LI, API), pytest.raises(DatabaseBusy):
        publish(hasty, LI, "lung", API)
    hasty.close()

    assert publish(world.instance, WANG, "lung", API).number == 2


def test_readers_are_served_while_a_publish_waits_for_one_of_them(world: World) -> None:
    world.publish(OLD)
    world.add("patient", {"name": "甲"})
    world.draft(NEW)
    waits: list[float] = []

    with ThreadPoolExecutor(1) as pool:
        with world.instance.read(LI, API) as slow:
            table = world.type(slow, "patient").main
            slow.conn.execute(select(table)).all()
            publishing = pool.submit(publish, world.instance, LI, "lung", API)
            for _ in range(20):
                started = time.monotonic()
                world.values("patient", "name")
                waits.append(time.monotonic() - started)
                time.sleep(0.05)
        assert publishing.result(timeout=30).number == 2

    assert max(waits) < 1.5


def test_a_record_committed_late_still_gets_its_rows(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its id is lower than ids the backfill has passed already."""
    if world.instance.engine.dialect.name == "sqlite":
        pytest.skip("SQLite has one writer at a time: ids commit in their order")
    monkeypatch.setattr(layout, "FIELDS_PER_PART", 1)
    world.publish(OLD)
    late = world.instance.write(WANG, API)
    uow = late.__enter__()
    slow = add_rows(uow, world.type(uow, "patient"), [{"name": "slow"}], {})
    fast = world.add("patient", {"name": "fast"})
    assert slow[0] < fast[0]

    def commit(step: Step) -> None:
        if step is Step.BARRIER:
            late.__exit__(None, None, None)

    between_steps(monkeypatch, commit)
    world.publish(NEW)

    assert check_storage(world.instance) == []
    assert world.values("patient", "note") == [None, None]


def test_records_that_come_between_verification_and_swap_get_their_rows(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(layout, "FIELDS_PER_PART", 1)
    world.publish(OLD)
    world.add("patient", {"name": "甲"})

    def add(step: Step) -> None:
        if step is Step.SWAP:
            world.add("patient", {"name": "乙"})

    between_steps(monkeypatch, add)
    world.publish(NEW)

    assert check_storage(world.instance) == []
    assert world.values("patient", "note") == [None, None]

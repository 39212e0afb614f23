"""`kill -9` at every commit of a publish: whoever comes next finishes it, or takes it back whole."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import count
from typing import Any

import pytest
from sqlalchemy import Engine, event, inspect, select, update

from metamodel.plans import AnotherPublish, Plan, State, abandon, get_plan, publish, resume
from metamodel.storage import layout
from metamodel.storage.check import check_storage
from metamodel.tables import plan as plan_table
from metamodel.tables import storage_column, storage_record_type
from tests.metamodel.plans.world import API, LI, WANG, World, add_rows, database, field, record_type
from zhenshu.instance import Instance

KILLED = -signal.SIGKILL


@pytest.fixture(autouse=True)
def small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    """Parts of four columns, so that a few fields need several."""
    monkeypatch.setattr(layout, "FIELDS_PER_PART", 4)


def before(code: str) -> dict[str, Any]:
    return database(record_type("patient", field("no"), field("size", "decimal")), code=code)


def after(code: str) -> dict[str, Any]:
    """Fields in the old part and in new ones, a key, a record type, a rename, another type."""
    more = [field(f"w{n}", "decimal") for n in range(8)]
    renamed = field("no") | {"code": "number"}
    patient = record_type("patient", renamed, field("size", "integer"), *more, key="number")
    return database(patient, record_type("exam", field("day", "date"), parent="patient"), code=code)


def die_at_commit(world: World, at_commit: int, act: Callable[[Instance], object]) -> int:
    """Do `act` in a process that kills itself when it is about to commit for the `at_commit`-th time.

    Gives 0 when it was done before that, else the signal, negative.
    """
    pid = os.fork()
    if pid == 0:
        commits = count(1)

        @event.listens_for(Engine, "commit")
        def die(_connection: object) -> None:
            if next(commits) == at_commit:
                os.kill(os.getpid(), signal.SIGKILL)

        try:
            act(Instance(world.instance.settings))  # its own: connections must not be shared over a fork
        finally:
            os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def lease_runs_out(world: World) -> None:
    with world.instance.write(LI, API) as uow:
        past = datetime.now(UTC) - timedelta(seconds=1)
        uow.conn.execute(
            update(plan_table).where(plan_table.c.lease_until.is_not(None)).values(lease_until=past)
        )


def storage_of(world: World, plan: Plan) -> list[str]:
    """Every table of the plan's database with its columns and indexes, and the books about them."""
    with world.instance.read(LI, API) as uow:
        inspector = inspect(uow.conn)
        mine = [name for name in inspector.get_table_names() if name.startswith(f"d{plan.definition_id}_")]
        lines = [f"{name}.{column['name']}" for name in mine for column in inspector.get_columns(name)]
        lines += [str(index["name"]) for name in mine for index in inspector.get_indexes(name)]
        books = select(storage_record_type.c.id, storage_record_type.c.parts, storage_column.c.name).join(
            storage_column, storage_column.c.record_type_id == storage_record_type.c.id
        )
        own = books.where(storage_record_type.c.definition_id == plan.definition_id)
        return sorted(lines + [str(row) for row in uow.conn.execute(own)])


def crash_everywhere(world: World, recover: Callable[[Plan, list[str]], None]) -> None:
    """Kill a publish at its first commit, at its second, ... and look at what `recover` makes of each."""
    for at_commit in count(1):
        code = f"lung{at_commit}"
        world.publish(before(code))
        with world.instance.write(LI, API) as uow:
            rows = [{"no": f"P{n}", "size": Decimal(n)} for n in range(20)]
            add_rows(uow, world.type(uow, "patient", code), rows, {})
        plan = world.plan(after(code))
        as_it_was = storage_of(world, plan)
        if (
            die_at_commit(world, at_commit, partial(publish, subject=LI, target=plan.id, channel=API))
            != KILLED
        ):
            assert at_commit > 8, "a publish of these operations has more commits than that"
            return
        recover(plan, as_it_was)
        assert check_storage(world.instance) == []
        assert values(world, code, "fno") == [f"P{n}" for n in range(20)]
        assert values(world, code, "fsize") == list(range(20))
        with world.instance.write(LI, API) as uow:  # nothing that is left over stands in a writer's way
            add_rows(uow, world.type(uow, "patient", code), [{}], {})


def values(world: World, code: str, field_id: str) -> list[Any]:
    with world.instance.read(LI, API) as uow:
        item = world.type(uow, "patient", code)
        place = item.by_id[field_id].place
        assert place is not None
        main, part = item.main, item.tables[place.part]
        rows = main if part is main else main.join(part, part.c.id == main.c.id)
        query = select(part.c[place.name]).select_from(rows).order_by(main.c.id)
        return list(uow.conn.execute(query).scalars())


def now(world: World, plan: Plan) -> Plan:
    """The plan as it is stored by now."""
    with world.instance.read(LI, API) as uow:
        return get_plan(uow, plan.id)


def test_the_next_one_who_publishes_finishes_it(world: World) -> None:
    def publish_again(plan: Plan, _: list[str]) -> None:
        lease_runs_out(world)
        if now(world, plan).state is not State.SWAPPED:
            publish(world.instance, WANG, plan.code, API)
        assert now(world, plan).state is State.SWAPPED

    crash_everywhere(world, publish_again)


def test_resume_finishes_it_for_the_one_who_began(world: World) -> None:
    def resume_it(plan: Plan, _: list[str]) -> None:
        found = now(world, plan)
        if not found.begun:
            return
        if found.state is not State.SWAPPED:
            with pytest.raises(AnotherPublish):  # it may still be alive
                resume(world.instance, plan.id)
        lease_runs_out(world)
        assert resume(world.instance, plan.id).published_by == "li"

    crash_everywhere(world, resume_it)


def test_abandon_leaves_nothing_of_it(world: World) -> None:
    def abandon_it(plan: Plan, as_it_was: list[str]) -> None:
        if now(world, plan).state is State.SWAPPED:
            return
        lease_runs_out(world)
        abandon(world.instance, plan.id, LI)
        assert storage_of(world, plan) == as_it_was
        assert now(world, plan).state is State.SUPERSEDED

    crash_everywhere(world, abandon_it)


def test_a_crash_while_taking_back_leaves_the_rest_to_the_next_publish(world: World) -> None:
    world.publish(before("lung"))
    world.add("patient", {"no": "P0"})
    plan = world.plan(after("lung"))
    as_it_was = storage_of(world, plan)
    assert die_at_commit(world, 6, lambda own: publish(own, LI, plan.id, API)) == KILLED
    lease_runs_out(world)
    assert die_at_commit(world, 3, lambda own: abandon(own, plan.id, LI)) == KILLED
    assert now(world, plan).state is State.FAILED
    lease_runs_out(world)

    world.publish(before("lung") | {"label": {"zh": "肺部", "en": "Lungs"}})

    assert storage_of(world, plan) == as_it_was
    assert now(world, plan).state is State.SUPERSEDED

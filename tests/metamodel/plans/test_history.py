"""What releases, drafts and plans changed, and the note that goes with a release."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from metamodel.plans import (
    Plan,
    PlanOutdated,
    Safety,
    approve_plan,
    draft_changes,
    plan_changes,
    publish,
    release_changes,
    release_lines,
    resume,
)
from metamodel.plans.steps import Run, Step, take_step
from metamodel.tables import definition_release
from tests.metamodel.plans.world import API, CHIEF, LI, WANG, World, database, field, record_type
from tests.subjects import a_subject

READER = a_subject(4, "reader", {("view", "databases"), ("view", "records")})
AGE = field("age", "integer")


def lung(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return database(record_type("patient", *fields), **more)


def told(world: World, number: int, against: int | None = None) -> list[str]:
    with world.instance.read(READER, API) as uow:
        return [item.text().zh for item in release_changes(uow, "lung", number, against)]


def test_a_release_tells_what_it_changed_against_any_other(world: World) -> None:
    world.publish(lung(field("name")))
    world.publish(lung(field("name"), AGE))
    world.publish(lung(field("name"), AGE | {"unit": "岁"}))

    assert told(world, 3) == ["字段 patient · age：单位设为“岁”"]
    assert told(world, 3, 1) == ["新增字段 patient · age（整数、岁）"]
    assert told(world, 1, 3) == ["移除字段 patient · age（整数、岁）"]
    assert (
        told(world, 1)
        == told(world, 1, 0)
        == ["新增记录类型 patient（1 个字段）", "新增字段 patient · name（文本）"]
    )


def test_releases_are_listed_page_by_page_with_their_counts(world: World) -> None:
    world.publish(lung(field("name")))
    world.publish(lung(field("name"), AGE))
    world.publish(lung(AGE))

    with world.instance.read(READER, API) as uow:
        newest, oldest = release_lines(uow, "lung", 0, 2), release_lines(uow, "lung", 2, 2)

    assert [line.number for line in newest] == [3, 2]
    assert [line.number for line in oldest] == [1]
    assert newest[0].changes == {"added": 0, "removed": 1, "changed": 0}
    assert newest[1].changes == {"added": 1, "removed": 0, "changed": 0}
    assert oldest[0].changes == {"added": 2, "removed": 0, "changed": 0}


def test_a_draft_tells_what_it_changes_until_it_is_published(world: World) -> None:
    world.publish(lung(field("name")))
    world.draft(lung(field("name"), AGE))
    with world.instance.read(READER, API) as uow:
        before = [item.text().en for item in draft_changes(uow, "lung")]
    publish(world.instance, LI, "lung", API)

    with world.instance.read(READER, API) as uow:
        assert draft_changes(uow, "lung") == []
    assert before == ["Add field patient · age (Integer)"]


def costs(world: World, plan: Plan) -> list[tuple[str, Safety, list[str]]]:
    with world.instance.read(LI, API) as uow:
        return [
            (item.change.text().zh, item.safety, [plan.operations[n].kind for n in item.operations])
            for item in plan_changes(uow, plan.id)
        ]


def test_a_plan_tells_first_what_costs_something_and_which_operation_it_is(world: World) -> None:
    choices = {"sex": {"choices": [{"code": "1"}, {"code": "2"}]}}
    sex = field("sex", "choice", value_set="sex")
    world.publish(lung(field("name"), AGE, sex, value_sets=choices))
    world.add("patient", {"name": "甲", "age": 12, "sex": "2"})

    fewer = {"sex": {"choices": [{"code": "1"}]}}
    plan = world.plan(lung(AGE | {"minimum": 18, "unit": "岁"}, sex, value_sets=fewer))

    assert costs(world, plan) == [
        ("移除字段 patient · name（文本）", Safety.DESTRUCTIVE, ["drop_field"]),
        ("移除选项 sex · 2（2）", Safety.LOSSY, ["change_field"]),
        ("字段 patient · age：最小值设为“18”", Safety.LOSSY, ["change_field"]),
        ("字段 patient · age：单位设为“岁”", Safety.SAFE, []),
    ]


def test_every_costly_operation_is_explained_by_a_change(world: World) -> None:
    exam = record_type("exam", field("no"), parent="patient", repeats=True)
    world.publish(database(record_type("patient", AGE, field("name", identifying=True)), exam))
    world.add("patient", {"age": 12})
    world.add("exam", {"no": "2"}, parent=1, repeat_key=2)

    once = exam | {"repeats": False}
    plan = world.plan(database(record_type("patient", AGE | {"required": True, "maximum": 10}), once))
    lost = world.plan(database(record_type("patient", AGE, field("name", identifying=True))))

    for each in (plan, lost):
        costly = {n for n, item in enumerate(each.operations) if item.safety is not Safety.SAFE}
        with world.instance.read(LI, API) as uow:
            found = plan_changes(uow, each.id)
        assert costly and {n for item in found for n in item.operations} == costly
        assert all(item.change.property or item.change.act == "remove" for item in found)


def test_a_field_that_comes_back_is_said_to_have_its_values(world: World) -> None:
    world.publish(lung(field("name"), AGE))
    world.add("patient", {"name": "甲", "age": 12})
    world.publish(lung(field("name")))

    assert costs(world, world.undo()) == [("新增字段 patient · age（整数、恢复原有的值）", Safety.SAFE, [])]


def notes(world: World) -> list[str]:
    with world.instance.read(LI, API) as uow:
        return list(uow.conn.scalars(select(definition_release.c.note).order_by(definition_release.c.number)))


def test_the_note_of_a_publish_is_kept_with_the_release(world: World) -> None:
    world.draft(lung(field("name")))
    publish(world.instance, LI, "lung", API, "首批字段")
    world.draft(lung(field("name"), AGE))
    publish(world.instance, LI, "lung", API)

    assert notes(world) == ["首批字段", ""]


@pytest.mark.parametrize(("later", "kept"), [("", "第一次"), ("第二次", "第二次")])
def test_the_note_outlives_a_crash(
    world: World, monkeypatch: pytest.MonkeyPatch, later: str, kept: str
) -> None:
    plan = world.plan(lung(field("name")))

    def break_off(run: Run, step: Step) -> Step:
        if step is Step.SWAP:
            raise OSError("the machine is gone")
        return take_step(run, step)

    monkeypatch.setattr("metamodel.plans.run.take_step", break_off)
    with pytest.raises(OSError, match="gone"):
        publish(world.instance, LI, plan.id, API, "第一次")
    monkeypatch.undo()

    if later:
        publish(world.instance, WANG, plan.id, API, later)
    else:
        resume(world.instance, plan.id)

    assert notes(world) == [kept]


def test_a_plan_is_outdated_by_another_plan_the_draft_or_a_release_and_tells_by_whom(world: World) -> None:
    first = world.plan(lung(field("name")))
    second = world.plan(lung(field("name"), AGE))
    world.draft(lung(AGE))

    reasons = []
    for plan in (first, second):
        with pytest.raises(PlanOutdated) as refused:
            publish(world.instance, WANG, plan.id, API)
        with world.instance.write(CHIEF, API) as uow, pytest.raises(PlanOutdated):
            approve_plan(uow, plan.id)
        reasons.append(refused.value.details())
    assert [(item["reason"], item["who"], item["number"]) for item in reasons] == [
        ("plan", "li", second.id),
        ("draft", "li", None),
    ]

    world.publish(lung(field("name")))
    world.publish(lung(AGE))
    way_back = world.undo()
    world.draft(lung(field("name"), AGE))
    publish(world.instance, WANG, "lung", API)
    with pytest.raises(PlanOutdated) as refused:
        publish(world.instance, LI, way_back.id, API)
    assert refused.value.details()["reason"] == "plan"

"""What a plan finds out about the stored records before it changes anything."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import Column, Date, Integer, Table
from sqlalchemy.exc import IntegrityError

from metamodel.plans import (
    ApprovalNeeded,
    ChangeNotPossible,
    Plan,
    PlanOutdated,
    Safety,
    approve_plan,
    publish,
)
from metamodel.storage.check import check_storage
from tests.metamodel.plans.world import API, CHIEF, LI, World, database, field, record_type
from zhenshu.db.metadata import platform_metadata
from zhenshu.security.policy import Denied


def choice(*codes: str) -> dict[str, Any]:
    listed = [{"code": code, "label": {"zh": code, "en": code}} for code in codes]
    return {"side": {"label": {}, "choices": listed}}


def lung(*fields: dict[str, Any], **more: Any) -> dict[str, Any]:
    return database(record_type("patient", *fields), **more)


def finding(plan: Plan) -> dict[str, Any]:
    found: dict[str, Any] = plan.report["operations"][0]
    return found


@pytest.mark.parametrize(
    ("before", "after", "values", "rows"),
    [
        ({}, {"required": True}, ["a", None, "b", None], 2),
        ({"type": "integer"}, {"type": "integer", "minimum": 3}, [1, 3, 5, None], 1),
        ({"type": "decimal"}, {"type": "decimal", "maximum": 2.005}, ["2.00", "2.01", "3"], 2),
        ({"type": "date"}, {"type": "date", "maximum": "2020-01-01"}, ["2019-12-31", "2020-01-02"], 1),
        ({"options": {"max_length": 9}}, {"options": {"max_length": 2}}, ["ab", "abc", "中文字"], 2),
    ],
)
def test_a_narrower_field_counts_the_values_that_no_longer_fit(
    world: World, before: dict[str, Any], after: dict[str, Any], values: list[Any], rows: int
) -> None:
    world.publish(lung(field("x", **before)))
    with world.instance.read(LI, API) as uow:
        item = world.type(uow, "patient").field("x")
        read = item.type.reader(item)
    ids = world.add("patient", *({"x": read(value)} for value in values))

    plan = world.plan(lung(field("x", **after)))

    assert finding(plan)["rows"] == rows
    assert set(finding(plan)["samples"]) <= set(ids)
    assert plan.safety is Safety.LOSSY


def test_a_missing_code_answers_a_required_field(world: World) -> None:
    world.publish(lung(field("x")))
    world.add("patient", {"x": None}, missing={"fx": "refused"})

    plan = world.plan(lung(field("x", required=True)))

    assert finding(plan)["rows"] == 0
    assert plan.safety is Safety.SAFE


@pytest.mark.parametrize("kind", ["choice", "multi_choice"])
def test_a_removed_choice_counts_the_records_that_hold_it(world: World, kind: str) -> None:
    side = field("side", kind, value_set="side")
    world.publish(lung(side, value_sets=choice("left", "right", "both")))
    held = ["left", "right", None] if kind == "choice" else [["left"], ["right", "both"], None]
    world.add("patient", *({"side": value} for value in held))

    plan = world.plan(lung(side, value_sets=choice("left", "both")))

    [index] = [n for n, item in enumerate(plan.operations) if item.kind == "change_field"]
    assert plan.report["operations"][index]["rows"] == 1
    assert plan.safety is Safety.LOSSY


def test_a_new_check_counts_the_records_it_would_find_wrong(world: World) -> None:
    x = field("x", "decimal")
    world.publish(lung(x, field("y", "integer")))
    pairs = [("1.5", 1), ("1.5", 2), (None, 2), ("3", 3)]
    world.add("patient", *({"x": one and Decimal(one), "y": other} for one, other in pairs))
    check = {"expression": "[x] >= [y]", "message": {"zh": "x 应不小于 y", "en": "x must not be below y"}}

    plan = world.plan(lung(x | {"checks": [check]}, field("y", "integer")))

    assert finding(plan)["rows"] == 1
    assert plan.safety is Safety.LOSSY


def test_a_new_warning_counts_its_records_and_needs_no_approval_until_it_refuses_them(world: World) -> None:
    x = field("x", "decimal")
    world.publish(lung(x))
    world.add("patient", {"x": Decimal(1)}, {"x": Decimal(7)})
    warning = {"expression": "[x] < 5", "message": {"zh": "过大", "en": "large"}, "severity": "warning"}

    plan = world.plan(lung(x | {"checks": [warning]}))
    assert (finding(plan)["rows"], plan.safety) == (1, Safety.SAFE)

    world.publish(lung(x | {"checks": [warning]}))
    plan = world.plan(lung(x | {"checks": [warning | {"severity": "error"}]}))
    assert (finding(plan)["rows"], plan.safety) == (1, Safety.LOSSY)


def test_a_condition_for_being_required_counts_whom_it_leaves_without_a_value(world: World) -> None:
    world.publish(lung(field("x"), field("y", "integer")))
    pairs = [(None, 1), (None, 2), ("a", 2), (None, None)]
    world.add("patient", *({"x": one, "y": other} for one, other in pairs))

    plan = world.plan(lung(field("x", required_if="[y] > 1"), field("y", "integer")))

    assert finding(plan)["rows"] == 1


def test_a_check_on_other_records_is_not_counted_and_waits_for_approval(world: World) -> None:
    def both(*checks: dict[str, Any]) -> dict[str, Any]:
        exam = record_type("exam", field("size", "decimal"), parent="patient", repeats=True)
        return database(record_type("patient", field("x", "decimal", checks=list(checks))), exam)

    world.publish(both())
    message = {"zh": "有更大的病灶", "en": "there is a larger one"}
    plan = world.plan(both({"expression": "all([exam], [size] <= 3)", "message": message}))

    assert finding(plan)["rows"] is None
    assert plan.needs_approval


def test_a_wider_field_is_safe(world: World) -> None:
    world.publish(lung(field("x", "integer", minimum=3, required=True)))
    world.add("patient", {"x": 4})

    plan = world.plan(lung(field("x", "integer", minimum=1)))

    assert {operation.safety for operation in plan.operations} == {Safety.SAFE}


def test_dropping_a_field_without_values_needs_no_approval(world: World) -> None:
    world.publish(lung(field("x"), field("y")))
    world.add("patient", {"x": "a"})

    assert world.plan(lung(field("x"))).needs_approval is False


def test_what_loses_something_waits_for_one_who_may_approve(world: World) -> None:
    world.publish(lung(field("x"), field("y")))
    world.add("patient", {"x": "a", "y": "b"})
    world.draft(lung(field("x")))

    with pytest.raises(ApprovalNeeded) as needed:
        publish(world.instance, LI, "lung", API)
    plan_id = int(needed.value.values["plan"])
    with pytest.raises(Denied), world.instance.write(LI, API) as uow:
        approve_plan(uow, plan_id)
    with world.instance.write(CHIEF, API) as uow:
        assert approve_plan(uow, plan_id).approved_by == "chief"

    assert publish(world.instance, LI, "lung", API).plan_id == plan_id


def test_values_that_come_after_the_plan_stop_it(world: World) -> None:
    world.publish(lung(field("x"), field("y")))
    plan = world.plan(lung(field("x"), field("z")))
    world.add("patient", {"y": "typed meanwhile"})

    with pytest.raises(PlanOutdated):
        publish(world.instance, LI, plan.id, API)

    assert world.values("patient", "y") == ["typed meanwhile"]
    assert check_storage(world.instance) == []


def test_a_new_key_refuses_duplicates_and_names_records_not_values(world: World) -> None:
    world.publish(lung(field("no")))
    ids = world.add("patient", {"no": "secret-1"}, {"no": "secret-1"}, {"no": "secret-2"})

    with pytest.raises(ChangeNotPossible) as refused:
        world.plan(database(record_type("patient", field("no"), key="no")))

    [problem] = refused.value.details()["problems"]
    assert problem["code"] == "key_not_unique"
    assert str(ids[0]) in problem["en"] and str(ids[1]) in problem["en"]
    assert "secret" not in str(problem)


def test_a_new_key_is_kept_by_the_database_and_the_former_one_let_go(world: World) -> None:
    fields = (field("no"), field("code"))
    world.publish(database(record_type("patient", *fields, key="no")))
    world.add("patient", {"no": "1", "code": "a"}, {"no": "2", "code": "b"})
    world.publish(database(record_type("patient", *fields, key="code")))

    world.add("patient", {"no": "1", "code": "c"})
    world.add("patient", {"no": "9", "code": "a"}, status="trashed")
    with pytest.raises(IntegrityError):
        world.add("patient", {"no": "3", "code": "a"})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"type": "date"}, "type_changed"),
    ],
)
def test_what_a_column_can_not_follow_is_refused_with_the_way_out(
    world: World, change: dict[str, Any], code: str
) -> None:
    world.publish(lung(field("x", "integer")))

    with pytest.raises(ChangeNotPossible, match="add a new field") as refused:
        world.plan(lung(field("x", **change)))

    assert [problem["code"] for problem in refused.value.details()["problems"]] == [code]


def test_identifying_values_are_not_brought_back_in_clear(world: World) -> None:
    world.publish(lung(field("x"), field("name", identifying=True)))
    world.publish(lung(field("x")))

    with pytest.raises(ChangeNotPossible, match="was identifying"):
        world.plan(lung(field("x"), field("name")))


def test_showing_identifying_values_waits_for_approval(world: World) -> None:
    world.publish(lung(field("name", identifying=True)))
    world.add("patient", {"name": b"encrypted"})

    assert world.plan(lung(field("name"))).needs_approval


def test_another_scale_is_a_conversion(world: World) -> None:
    world.publish(lung(field("x", "decimal", options={"scale": 1})))

    [operation] = world.plan(lung(field("x", "decimal", options={"scale": 3}))).operations

    assert "小数（小数位 1） → 小数（小数位 3）" in operation.text("zh")
    assert "Decimal (decimal places 1) → Decimal (decimal places 3)" in operation.text("en")


def test_a_refused_type_is_called_by_its_name(world: World) -> None:
    world.publish(lung(field("x", "calculated", calculation="'a'", options={"result": "text"})))

    with pytest.raises(ChangeNotPossible) as refused:
        world.plan(lung(field("x", "integer")))

    [problem] = refused.value.details()["problems"]
    assert "由“计算（结果类型 文本）”改为“整数”" in problem["zh"]
    assert "from Calculated (result type Text) to Integer" in problem["en"]


def test_a_field_can_not_move_to_another_record_type(world: World) -> None:
    world.publish(database(record_type("patient", field("x")), record_type("exam", parent="patient")))

    with pytest.raises(ChangeNotPossible, match="can't move"):
        world.plan(database(record_type("patient"), record_type("exam", field("x"), parent="patient")))


def test_a_definition_can_not_read_tables_that_no_module_offers(world: World) -> None:
    storage = {"kind": "mapped", "table": "ab_user", "columns": {"x": "password"}}

    with pytest.raises(ChangeNotPossible, match="not offered"):
        spy = record_type("spy", field("x"), parent="patient", storage=storage)
        world.plan(database(record_type("patient"), spy))


def test_a_mapped_record_type_takes_its_owners_table_as_it_is(world: World) -> None:
    table = Table("offered", platform_metadata, Column("id", Integer), Column("day", Date))
    table.info["mappable"] = True
    try:
        with world.instance.write(LI, API) as uow:
            table.create(uow.conn)
        storage = {"kind": "mapped", "table": "offered", "columns": {"d": "day"}}
        exam = record_type("exam", field("d", "date"), parent="patient", storage=storage)
        world.publish(database(record_type("patient"), exam))
        assert world.column("exam", "d") == (0, "day")
        exam["storage"] = storage | {"columns": {"d": "password"}}
        with pytest.raises(ChangeNotPossible, match="no column in table offered"):
            world.plan(database(record_type("patient"), exam))
    finally:
        platform_metadata.remove(table)

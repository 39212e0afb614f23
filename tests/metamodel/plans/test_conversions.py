"""A published field gets another type: every value arrives, or is listed with its reason."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select, update

from metamodel.exchange.records.jobs import JOBS
from metamodel.plans import ChangeNotPossible, Plan, Safety, get_plan
from metamodel.plans.conversions import batches
from metamodel.plans.conversions.kept import PurgeNotConfirmed, kept_columns, purge_column
from metamodel.plans.conversions.report import reported_cells, write_cells
from metamodel.plans.steps import Run, Step, take_step
from metamodel.storage import layout
from metamodel.storage.check import check_storage
from metamodel.tables import conversion_failure
from tests.metamodel.plans.world import API, CHIEF, DESIGN, LI, World, database, field, record_type
from tests.subjects import a_subject
from zhenshu.jobs import bind_jobs, run_now
from zhenshu.security.policy import Denied
from zhenshu.security.subject import Subject

SEER = a_subject(5, "seer", DESIGN | {("view", "records")})

SIDES = {"side": {"label": {}, "choices": [
    {"code": "l", "label": {"zh": "左", "en": "left"}}, {"code": "r", "label": {"zh": "右", "en": "right"}},
]}}  # fmt: skip
YES_NO = {"yn": {"label": {}, "choices": [
    {"code": "y", "label": {"zh": "是", "en": "yes"}}, {"code": "n", "label": {"zh": "否", "en": "no"}},
]}}  # fmt: skip


def lung(x: dict[str, Any], **more: Any) -> dict[str, Any]:
    return database(record_type("patient", field("no"), x), value_sets=SIDES | YES_NO, **more)


def converted(
    world: World, before: dict[str, Any], after: dict[str, Any], values: list[Any]
) -> tuple[list[Any], Plan]:
    """What `values` of a field like `before` become when it is published like `after`."""
    world.publish(lung(field("x", **before)))
    world.add("patient", *({"x": value} for value in values))
    plan = world.plan(lung(field("x", **after)))
    world.run(plan)
    assert check_storage(world.instance) == []
    return world.values("patient", "x"), plan


def failures(world: World) -> list[str]:
    with world.instance.read(LI, API) as uow:
        c = conversion_failure.c
        return list(uow.conn.execute(select(c.code).order_by(c.record_id)).scalars())


Case = tuple[dict[str, Any], dict[str, Any], list[Any], list[Any], list[str]]
DAY, MOMENT = {"type": "date"}, {"type": "datetime"}
TEXT, INTEGER, DECIMAL = {"type": "string"}, {"type": "integer"}, {"type": "decimal"}
CASES: dict[str, Case] = {
    "text to integer": (
        TEXT, INTEGER, ["7", "１２", "bad7", None, "3.0", "3.5"], [7, 12, None, None, 3, None],
        ["not_a_number", "not_whole"],
    ),
    "text to decimal": (TEXT, DECIMAL, ["1.5", "1.555"], [Decimal("1.50"), None], ["too_precise"]),
    "text to date": (
        TEXT, {"type": "date"}, ["2024年3月5日", "２０２４-０３-０５", "2024/3/5", "45356", "5/3/2024"],
        [date(2024, 3, 5)] * 3 + [None, None], ["not_a_date", "not_a_date"],
    ),
    "text to boolean": (TEXT, {"type": "boolean"}, ["是", "no", "?"], [True, False, None], ["not_boolean"]),
    "text to choice": (
        TEXT, {"type": "choice", "value_set": "side"}, ["l", "右", "中"], ["l", "r", None],
        ["unknown_choice"],
    ),
    "integer to text": (INTEGER, TEXT, [7, None], ["7", None], []),
    "decimal to integer": (DECIMAL, INTEGER, [Decimal("3.00"), Decimal("3.50")], [3, None], ["not_whole"]),
    "integer to boolean": (INTEGER, {"type": "boolean"}, [1, 0, 2], [True, False, None], ["not_boolean"]),
    "fewer places": (
        DECIMAL, DECIMAL | {"options": {"scale": 1}}, [Decimal("1.50"), Decimal("1.25")],
        [Decimal("1.5"), None], ["too_precise"],
    ),
    "boolean to text": ({"type": "boolean"}, TEXT, [True, False], ["是", "否"], []),
    "boolean to choice": (
        {"type": "boolean"}, {"type": "choice", "value_set": "yn"}, [True, False], ["y", "n"], [],
    ),
    "choice to boolean": (
        {"type": "choice", "value_set": "yn"}, {"type": "boolean"}, ["y", "n"], [True, False], [],
    ),
    "choice to several": (
        {"type": "choice", "value_set": "side"}, {"type": "multi_choice", "value_set": "side"}, ["l", None],
        [["l"], None], [],
    ),
    "several to choice": (
        {"type": "multi_choice", "value_set": "side"}, {"type": "choice", "value_set": "side"},
        [["l"], ["l", "r"]], ["l", None], ["several"],
    ),
    "date to moment": (DAY, MOMENT, [date(2024, 3, 5)], [datetime(2024, 3, 5)], []),
    "moment to date": (MOMENT, DAY, [datetime(2024, 3, 5, 9)], [date(2024, 3, 5)], []),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_each_value_is_read_strictly_or_listed(world: World, name: str) -> None:
    before, after, values, expected, wrong = CASES[name]

    found, plan = converted(world, before, after, values)

    assert found == expected
    assert failures(world) == wrong
    finding = plan.report["operations"][0]
    assert finding["values"] == sum(value is not None for value in values)
    assert sum(reason["rows"] for reason in finding["reasons"] if reason["code"] in wrong) == len(wrong)


def test_what_can_not_be_read_needs_approval_and_is_counted_by_reason(world: World) -> None:
    world.publish(lung(field("x")))
    ids = world.add("patient", {"x": "7"}, {"x": "bad7"}, {"x": "900"})

    plan = world.plan(lung(field("x", "integer", maximum=120)))

    assert (plan.safety, len(plan.operations)) == (Safety.LOSSY, 1)
    finding = plan.report["operations"][0]
    assert (finding["rows"], finding["samples"], finding["values"]) == (2, list(ids[1:]), 3)
    assert {reason["code"]: reason["rows"] for reason in finding["reasons"]} == {
        "not_a_number": 1,
        "outside": 1,
    }


def test_an_undo_brings_back_what_nobody_changed_and_converts_the_rest(world: World) -> None:
    world.publish(lung(field("x")))
    first, bad, emptied, corrected = world.add("patient", *({"x": x} for x in ("７", "bad7", "5", "oops")))
    world.publish(lung(field("x", "integer")))
    put(world, {emptied: None, corrected: 41})
    (fresh,) = world.add("patient", {"x": 99})

    world.run(world.undo())

    assert world.values("patient", "x") == ["７", "bad7", None, "41", "99"]
    assert check_storage(world.instance) == []
    world.run(world.undo())  # and forward again: what was entered meanwhile is kept
    assert world.values("patient", "x") == [7, None, None, 41, 99]
    assert first < bad < emptied < corrected < fresh


def put(world: World, values: dict[int, Any]) -> None:
    with world.instance.write(LI, API) as uow:
        item = world.type(uow, "patient")
        place = item.field("x").place
        assert place is not None
        table = item.tables[place.part]
        for record_id, value in values.items():
            uow.conn.execute(update(table).where(table.c.id == record_id).values({place.name: value}))


def test_what_others_write_meanwhile_is_converted_too(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between any two steps somebody changes a record and adds one, in the type the field still has."""
    monkeypatch.setattr(batches, "BATCH", 2)
    monkeypatch.setattr(batches, "FEW", 0)
    world.publish(lung(field("x")))
    ids = world.add("patient", *({"x": str(n)} for n in range(5)))
    written: dict[int, int] = {}

    def others_write(run: Run, step: Step) -> Step:
        if len(written) < 8:
            number = 100 + len(written)
            put(world, {ids[len(written) % 5]: str(number)})
            written[ids[len(written) % 5]] = number
            (added,) = world.add("patient", {"x": str(number + 100)})
            written[added] = number + 100
        return take_step(run, step)

    plan = world.plan(lung(field("x", "integer")))
    monkeypatch.setattr("metamodel.plans.run.take_step", others_write)
    world.run(plan)

    expected = dict(zip(ids, range(5), strict=True)) | written
    assert world.values("patient", "x") == [expected[key] for key in sorted(expected)]
    assert check_storage(world.instance) == []


def test_a_new_column_may_open_a_new_part(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(layout, "FIELDS_PER_PART", 2)

    found, _ = converted(world, {"type": "string"}, {"type": "integer"}, ["1", None, "x", "4"])

    assert found == [1, None, None, 4]
    assert world.column("patient", "x")[0] == 1


@pytest.mark.parametrize(
    ("before", "after"),
    [({"type": "date"}, {"type": "integer"}), ({"type": "boolean"}, {"type": "date"})],
)
def test_types_without_common_meaning_are_refused(
    world: World, before: dict[str, Any], after: dict[str, Any]
) -> None:
    world.publish(lung(field("x", **before)))
    with pytest.raises(ChangeNotPossible, match="can't change from"):
        world.plan(lung(field("x", **after)))


def test_a_unit_is_converted_exactly_and_once(world: World) -> None:
    """88.4 µmol/L of creatinine are 1.00 mg/dL; a later publish does not convert again."""
    world.publish(lung(field("x", "decimal", unit="umol/L")))
    world.add("patient", {"x": Decimal("88.40")}, {"x": None}, {"x": Decimal("100.00")})
    note = {"step": 1, "factor": "0.01131"}

    plan = world.plan(lung(field("x", "decimal", unit="mg/dL", convert=note)))
    world.run(plan)

    [operation] = [one for one in plan.operations if one.kind == "convert_field"]
    assert operation.text("en").endswith("umol/L → Decimal (decimal places 2) mg/dL")
    assert world.values("patient", "x") == [Decimal("1.00"), None, Decimal("1.13")]
    [rounded] = plan.report["operations"][0 if plan.operations[0] is operation else 1]["reasons"]
    assert (rounded["code"], rounded["rows"]) == ("rounded", 2), "100.00 are 1.131, and 88.40 are 0.999804"
    world.publish(lung(field("x", "decimal", unit="mg/dL", convert=note, help={"zh": "血", "en": ""})))
    assert world.values("patient", "x") == [Decimal("1.00"), None, Decimal("1.13")]
    world.publish(lung(field("x", "decimal", unit="mg/dL")))  # a definition from a file without the note
    assert world.values("patient", "x") == [Decimal("1.00"), None, Decimal("1.13")]


def test_an_undo_of_a_unit_gives_the_very_values_back(world: World) -> None:
    world.publish(lung(field("x", "decimal", unit="umol/L")))
    world.add("patient", {"x": Decimal("88.43")})
    note = {"step": 1, "factor": "0.01131"}
    world.publish(lung(field("x", "decimal", unit="mg/dL", convert=note)))
    world.add("patient", {"x": Decimal("2.00")})

    world.run(world.undo())

    assert world.values("patient", "x") == [Decimal("88.43"), Decimal("176.83")]


def test_two_conversions_one_after_the_other_are_both_followed(world: World) -> None:
    """The column that the first one read is no way back for the second one, though it has its shape."""
    world.publish(lung(field("x", "integer")))
    world.add("patient", {"x": 1})
    world.publish(lung(field("x", "integer", convert={"step": 1, "factor": "2"})))
    world.publish(lung(field("x", "integer", convert={"step": 2, "factor": "3"})))

    assert world.values("patient", "x") == [6]


def sides(*codes: str) -> dict[str, Any]:
    listed = [{"code": code, "label": {"zh": code, "en": code}} for code in codes]
    return {"side": {"label": {}, "choices": listed}}


def test_choices_are_merged_and_those_that_are_split_listed(world: World) -> None:
    def lung_with(choices: dict[str, Any], **more: Any) -> dict[str, Any]:
        x = field("x", "choice", value_set="side", **more)
        return database(record_type("patient", x), value_sets=choices)

    world.publish(lung_with(sides("a", "b", "c", "d")))
    world.add("patient", *({"x": code} for code in ("a", "b", "c", "d", None)))
    note = {"step": 1, "codes": {"b": "a", "d": None}}

    plan = world.plan(lung_with(sides("a", "c"), convert=note))
    world.run(plan)

    assert world.values("patient", "x") == ["a", "a", "c", None, None]
    assert (plan.safety, failures(world)) == (Safety.LOSSY, ["recheck"])
    world.run(world.undo())
    assert world.values("patient", "x") == ["a", "b", "c", "d", None]


def test_the_report_has_every_cell_with_its_raw_value_for_those_who_may_see_it(world: World) -> None:
    world.publish(lung(field("x")))
    _, bad, worse = world.add("patient", {"x": "7"}, {"x": "bad7"}, {"x": "=1+1"})
    plan = world.plan(lung(field("x", "integer")))

    def cells(subject: Subject) -> list[tuple[int, Any, bool]]:
        with world.instance.read(subject, API) as uow:
            found = reported_cells(uow, get_plan(uow, plan.id), "fx", 0, 50)
            return [(cell.record_id, cell.value, cell.shown) for cell in found]

    everything = [(bad, "bad7", True), (worse, "=1+1", True)]
    assert cells(SEER) == everything
    assert cells(LI) == [(bad, None, False), (worse, None, False)]
    world.run(plan)
    assert cells(SEER) == everything, "the raw values outlive the swap"
    with world.instance.read(SEER, API) as uow:
        out = io.StringIO()
        write_cells(uow, get_plan(uow, plan.id), "fx", "en", out)
    assert f"{worse},'=1+1,this is not a number,not_a_number" in out.getvalue()


def test_purging_a_kept_column_is_an_act_of_its_own(world: World) -> None:
    bind_jobs(world.instance, JOBS, wake=lambda queue, job_id: None)
    world.publish(lung(field("x")))
    world.add("patient", {"x": "7"}, {"x": "bad7"})
    world.publish(lung(field("x", "integer")))
    with world.instance.read(CHIEF, API) as uow:
        [kept] = kept_columns(uow, "lung")
    assert (kept.record_type, kept.field, kept.type.en, kept.values) == ("patient", "x", "Text", 2)

    with pytest.raises(Denied), world.instance.write(LI, API) as uow:
        purge_column(uow, "lung", kept.id, "x")
    with pytest.raises(PurgeNotConfirmed), world.instance.write(CHIEF, API) as uow:
        purge_column(uow, "lung", kept.id, "y")
    with world.instance.write(CHIEF, API) as uow:
        job_id = purge_column(uow, "lung", kept.id, "x")
    assert run_now(world.instance, job_id).result == {"records": 2}

    with world.instance.read(CHIEF, API) as uow:
        assert kept_columns(uow, "lung") == []
    assert (check_storage(world.instance), failures(world)) == ([], ["not_a_number"])
    world.run(world.undo())  # what is gone can't come back; the rest is converted
    assert world.values("patient", "x") == ["7", None]

"""What publishing a draft does to the tables and to the data in them."""

from __future__ import annotations

import pytest
from sqlalchemy import select

from metamodel.plans import NothingToPublish, Safety, State, get_plan
from metamodel.tables import definition
from tests.metamodel.plans.world import API, LI, World, database, field, record_type
from zhenshu.db.metadata import catalogue_state
from zhenshu.events import outbox_event


def lung(*fields: dict[str, object], **more: object) -> dict[str, object]:
    return database(record_type("patient", *fields, **more))


def test_a_first_release_makes_tables_that_take_records(world: World) -> None:
    release = world.publish(lung(field("name"), field("size", "decimal", options={"scale": 1})))

    world.add("patient", {"name": "甲", "size": 3})

    assert release.number == 1
    assert world.values("patient", "name") == ["甲"]


def test_renaming_a_field_moves_no_data(world: World) -> None:
    world.publish(lung(field("smoker", "boolean")))
    world.add("patient", {"smoker": True})
    column = world.column("patient", "smoker")

    world.publish(lung(field("smoker", "boolean") | {"code": "ever_smoked"}))

    assert world.column("patient", "ever_smoked") == column
    assert world.values("patient", "ever_smoked") == [True]


def test_renaming_a_record_type_keeps_its_tables(world: World) -> None:
    world.publish(lung(field("name")))
    world.add("patient", {"name": "甲"})

    plan = world.plan(database(record_type("patient", field("name")) | {"code": "person"}))
    world.run(plan)

    assert [operation.kind for operation in plan.operations] == ["rename_record_type"]
    assert world.values("person", "name") == ["甲"]


def test_a_dropped_field_comes_back_with_its_values(world: World) -> None:
    world.publish(lung(field("name"), field("note", "long_text")))
    world.add("patient", {"name": "甲", "note": "吸烟"})
    plan = world.plan(lung(field("name")))
    world.run(plan)

    back = world.plan(lung(field("name"), field("note", "long_text")))
    world.run(back)

    assert plan.safety is Safety.DESTRUCTIVE
    assert [operation.kind for operation in back.operations] == ["restore_fields"]
    assert back.safety is Safety.SAFE
    assert world.values("patient", "note") == ["吸烟"]


def test_a_dropped_record_type_comes_back_with_its_records(world: World) -> None:
    both = database(
        record_type("patient", field("name")),
        record_type("exam", field("day", "date"), field("no"), parent="patient", key="no"),
    )
    world.publish(both)
    world.add("exam", {"no": "A1"}, parent=1)
    world.publish(database(record_type("patient", field("name"))))

    world.publish(both)

    assert world.values("exam", "no") == ["A1"]


def test_undo_goes_forward_to_the_release_before(world: World) -> None:
    world.publish(lung(field("name"), field("note")))
    world.add("patient", {"name": "甲", "note": "吸烟"})
    world.publish(lung(field("name") | {"code": "full_name"}))

    release = world.run(world.undo())

    assert release.number == 3
    assert world.values("patient", "name") == ["甲"]
    assert world.values("patient", "note") == ["吸烟"]


def test_undo_leaves_a_draft_in_progress(world: World) -> None:
    world.publish(lung(field("name")))
    world.publish(lung(field("name"), field("note")))
    world.draft(lung(field("name"), field("note"), field("city")))

    world.run(world.undo())

    with world.instance.read(LI, API) as uow:
        draft = uow.conn.execute(select(definition.c.draft)).scalar_one()
    assert [item["code"] for item in draft["record_types"][0]["fields"]] == ["name", "note", "city"]


@pytest.mark.parametrize("count", [301, 5_000])
def test_many_fields_spread_over_parts_that_nobody_sees(world: World, count: int) -> None:
    fields = [field(f"v{n}", "integer") for n in range(count)]
    world.publish(lung(*fields))
    world.add("patient", {f"v{n}": n for n in range(count)}, {"v0": 7})

    last = f"v{count - 1}"

    assert world.values("patient", last) == [count - 1, None]
    assert world.column("patient", last)[0] == (count - 1) // 250


def test_records_there_before_get_a_row_in_each_new_part(world: World) -> None:
    few = [field(f"v{n}", "integer") for n in range(249)]
    more = [field(f"w{n}", "integer") for n in range(300)]
    world.publish(lung(*few))
    world.add("patient", *({"v0": n} for n in range(1_000)))

    world.publish(lung(*few, *more))

    assert world.values("patient", "w299") == [None] * 1_000
    assert world.column("patient", "w0")[0] == 0
    assert world.column("patient", "w299")[0] == 2


def test_a_second_process_sees_the_publish_at_its_next_transaction(world: World) -> None:
    world.publish(lung(field("name")))
    with world.instance.read(LI, API) as reading:
        world.publish(lung(field("name"), field("note")))
        assert list(world.type(reading, "patient").by_code) == ["name"]

    with world.instance.read(LI, API) as uow:
        assert list(world.type(uow, "patient").by_code) == ["name", "note"]


def test_a_publish_moves_the_revision_on_and_is_told(world: World) -> None:
    world.publish(lung(field("name")))

    with world.instance.read(LI, API) as uow:
        assert uow.conn.execute(select(catalogue_state.c.revision)).scalar_one() == 1
        names = uow.conn.execute(select(outbox_event.c.name, outbox_event.c.resource)).all()
    assert names == [("catalogue.published", "database/lung")]


def test_the_same_document_again_is_nothing_to_publish(world: World) -> None:
    world.publish(lung(field("name")))

    with pytest.raises(NothingToPublish):
        world.plan(lung(field("name")))


def test_names_and_labels_never_become_sql(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Validation refuses such codes; storage does not lean on that."""
    monkeypatch.setattr("metamodel.plans.planning.validate_document", lambda document: [])
    nasty = "x'); DROP TABLE definition; --\" $$ %s :a"
    fields = [field("name", label={"zh": nasty, "en": nasty}), field("note") | {"code": nasty}]
    world.publish(database(record_type("patient", *fields) | {"code": nasty}))

    world.add(nasty, {nasty: nasty})

    assert world.values(nasty, nasty) == [nasty]


def test_a_plan_survives_as_json(world: World) -> None:
    plan = world.plan(lung(field("name"), field("note")))

    with world.instance.read(LI, API) as uow:
        again = get_plan(uow, plan.id)

    assert again == plan
    assert again.state is State.PLANNED
    assert plan.to_json()["operations"][0]["text"]["zh"] == "新增记录类型 patient（2 个字段）"


def test_keyed_record_types_get_one_table_of_arrays(world: World) -> None:
    features = {"code": "features", "id": "rf", "parent": "patient", "label": {}, "fields": []}
    keyed = features | {"storage": {"kind": "keyed", "names": "radiomics"}}
    world.publish(database(record_type("patient", field("name")), keyed))

    with world.instance.write(LI, API) as uow:
        table = world.type(uow, "features").main
        row = {"id": 5, "release_id": 1, "row_version": 1, "status": "active", "values": [0.5, -1.25]}
        uow.conn.execute(table.insert(), row)
        assert uow.conn.execute(select(table.c["values"])).scalar_one() == [0.5, -1.25]

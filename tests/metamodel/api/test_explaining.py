"""Explaining a rule on a stored record: what its parts give, as far as the reader may see the values."""

from __future__ import annotations

from typing import Any

from sqlalchemy import func, select

from tests.metamodel.api.office import LUNG, Office, Person
from zhenshu.audit.trail import audit_entry
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

VISITS = f"{LUNG}/records/visit"


def explained(person: Person, expression: str, record_type: str = "patient", **more: Any) -> dict[str, Any]:
    body = {"database": "lung", "record_type": record_type, "expression": expression}
    return person.post("/rules/explain", body | more)


def parts(
    person: Person, expression: str, record_type: str = "patient", **more: Any
) -> list[tuple[Any, ...]]:
    found = explained(person, expression, record_type, **more)
    assert found["ok"], found
    return [
        (expression[part["start"] : part["end"]], part["state"], part["value"]) for part in found["parts"]
    ]


def test_the_parts_of_a_rule_on_a_record(office: Office) -> None:
    admin = office.person()
    saved = admin.add(record_id="P1", height=180, weight=81)

    assert parts(admin, "[bmi] >= 24 and [born] < today()", record=saved["id"])[:3] == [
        ("[bmi] >= 24 and [born] < today()", "unknown", None),
        ("[bmi] >= 24", "true", True),
        ("[bmi]", "value", 25.0),
    ]
    assert explained(admin, "[bmi] >= 24 and [born] < today()", record=saved["id"])["parts"][0]["why"] == [
        "born"
    ]


def test_other_values_are_tried_without_being_stored(office: Office) -> None:
    """Calculated fields follow; they do so without a record, too."""
    admin = office.person()
    saved = admin.add(record_id="P1", height=180, weight=81)

    assert parts(admin, "[bmi] < 22", record=saved["id"], values={"weight": 60})[0][1] == "true"
    assert parts(admin, "[bmi] < 22", values={"weight": 60, "height": 180})[0][1] == "true"
    assert parts(admin, "[bmi] < 22", record=saved["id"])[0][1] == "false"


def test_values_of_other_records(office: Office) -> None:
    admin = office.person()
    saved = admin.add(record_id="P1", born="1950-03-01")
    visit = admin.post(VISITS, {"values": {"on": "2026-01-05"}, "parent": saved["id"], "event": "baseline"})

    found = parts(admin, "[born] < @1960-01-01 and count([visit]) > 3", "visit", record=visit["record"]["id"])
    assert found == [
        ("[born] < @1960-01-01 and count([visit]) > 3", "false", False),
        ("[born] < @1960-01-01", "true", True),
        ("[born]", "value", "1950-03-01"),
        ("count([visit]) > 3", "false", False),
        ("count([visit])", "value", 1.0),
        ("[visit]", "records", None),
    ]


def test_what_a_reader_does_not_see_in_clear_is_hidden_with_all_made_of_it(office: Office) -> None:
    saved = office.person().add(record_id="P1", name="张三", height=180)
    reader = office.person("reader")

    found = parts(reader, "[name] = '张三' or [height] > 170", record=saved["id"])

    assert [(text, state) for text, state, _ in found] == [
        ("[name] = '张三' or [height] > 170", "hidden"),
        ("[name] = '张三'", "hidden"),
        ("[name]", "hidden"),
        ("[height] > 170", "true"),
        ("[height]", "value"),
    ]
    assert all(value is None for _, state, value in found if state == "hidden")


def test_a_reader_tries_no_other_values_on_a_record(office: Office) -> None:
    """By and by, the results would tell what hidden values they are calculated from."""
    saved = office.person().add(record_id="P1", height=180)
    body = {"database": "lung", "record_type": "patient", "expression": "[bmi] > 1", "record": saved["id"]}

    refusal = office.person("reader").refused("POST", "/rules/explain", body | {"values": {"weight": 60}})

    assert refusal.told == (403, "Denied")


def test_telling_an_identifying_value_is_audited(office: Office) -> None:
    admin = office.person()
    saved = admin.add(record_id="P1", name="张三")

    def reads() -> int:
        with office.instance.read(SYSTEM, Channel.API) as uow:
            told = select(func.count()).where(audit_entry.c.action == "read")
            return uow.conn.execute(told).scalar_one()

    before = reads()
    assert parts(admin, "[name] = '张三'", record=saved["id"])[0][1] == "true"
    assert reads() == before + 1
    parts(admin, "[height] > 1", record=saved["id"])
    assert reads() == before + 1


def test_a_wrong_rule_has_its_place_and_an_unknown_record_is_not_found(office: Office) -> None:
    admin = office.person()
    wrong = explained(admin, "[heigt] > 1")

    assert (wrong["ok"], wrong["error"]["code"], wrong["error"]["start"]) == (False, "UnknownField", 0)
    body = {"database": "lung", "record_type": "patient", "expression": "[height] > 1", "record": 999}
    assert admin.refused("POST", "/rules/explain", body).told == (404, "NotFound")


def test_a_rule_over_the_draft_on_a_stored_record(office: Office) -> None:
    """Renamed fields have their values, new ones and those of another type have none."""
    admin = office.person()
    saved = admin.add(record_id="P1", height=180, weight=81)
    admin.post(VISITS, {"values": {"on": "2026-01-05"}, "parent": saved["id"], "event": "baseline"})
    admin.edit(
        "lung",
        {"edit": "rename_field", "record_type": "patient", "field": "height", "code": "tall"},
        {"edit": "set_field", "record_type": "patient", "field": "weight", "set": {"type": "integer"}},
        {"edit": "add_field", "record_type": "patient", "field": {"code": "waist", "type": "decimal"}},
        {"edit": "rename_field", "record_type": "visit", "field": "on", "code": "seen_on"},
        {"edit": "rename_record_type", "record_type": "visit", "code": "call"},
    )
    rule = "[tall] > 170 and [waist] > 80 and [weight] > 1 and any([call], [seen_on] = @2026-01-05)"

    found = explained(admin, rule, record=saved["id"], draft=True)

    told = {rule[part["start"] : part["end"]]: part["state"] for part in found["parts"]}
    assert told == {
        rule: "unknown",
        "[tall] > 170": "true",
        "[tall]": "value",
        "[waist] > 80": "unknown",
        "[waist]": "missing",
        "[weight] > 1": "unknown",
        "[weight]": "missing",
        "any([call], [seen_on] = @2026-01-05)": "true",
        "[call]": "records",
    }
    assert found["parts"][0]["why"] == ["waist", "weight"]
    assert explained(admin, rule, record=saved["id"])["error"]["code"] == "UnknownField"


def test_a_draft_hides_what_is_not_seen_in_clear(office: Office) -> None:
    admin = office.person()
    saved = admin.add(record_id="P1", name="张三", height=180)
    admin.edit(
        "lung",
        {"edit": "rename_field", "record_type": "patient", "field": "name", "code": "called"},
        {"edit": "set_field", "record_type": "patient", "field": "called", "set": {"identifying": None}},
    )

    found = parts(
        office.person("reader"), "[called] = '张三' or [height] > 1", record=saved["id"], draft=True
    )

    assert [state for _, state, _ in found] == ["hidden", "hidden", "hidden", "true", "value"]


def test_a_record_type_that_is_only_drafted_has_no_records(office: Office) -> None:
    admin = office.person()
    admin.edit("lung", {"edit": "add_record_type", "record_type": {"code": "scan", "fields": []}})
    body = {"database": "lung", "record_type": "scan", "expression": "true", "draft": True}

    assert admin.refused("POST", "/rules/explain", body).told == (404, "NotFound")

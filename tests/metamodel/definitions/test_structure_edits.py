"""Edits of the database itself, its record types, value sets and events."""

from __future__ import annotations

from typing import Any

import pytest

from metamodel.definitions import EditRefused, validate_document, with_ids
from tests.metamodel.definitions.editing import LUNG, codes, edit, edited, field


def types(document: dict[str, Any]) -> list[str]:
    return [item["code"] for item in document["record_types"]]


def test_a_database_is_named_described_and_classed() -> None:
    label = {"zh": "肺结节", "en": "Lung nodules"}
    document = edited({"edit": "set_database", "set": {"label": label, "category": "department"}})
    assert (document["label"], document["category"]) == (label, "department")

    document = edited({"edit": "set_database", "set": {"category": None}}, document=document)
    assert "category" not in document and document["label"] == label


def test_a_copy_of_a_field_follows_it_and_its_rules_are_about_the_copy() -> None:
    start = with_ids(LUNG.document)
    document = edited(
        edit("duplicate_field", "size", "lesion", code="short_axis", label={"zh": "短径"}), document=start
    )

    copy = field(document, "short_axis", "lesion")
    assert codes(document, "lesion") == ["size", "short_axis"]
    assert copy["checks"][0]["expression"] == "[short_axis]>0 and [patient.sex] is not missing"
    assert copy["label"] == {"zh": "短径"} and "id" not in copy
    assert field(document, "size", "lesion") == field(start, "size", "lesion")
    assert document["forms"][1]["items"] == [{"field": "size"}, {"field": "short_axis"}]
    assert validate_document(document) == []


def test_record_types_change_their_order() -> None:
    move = {"edit": "move_record_type", "record_type": "lesion", "before": "visit"}
    assert types(edited(move)) == ["patient", "lesion", "visit"]
    assert types(edited({"edit": "move_record_type", "record_type": "patient"})) == [
        "visit", "lesion", "patient",
    ]  # fmt: skip


def test_a_record_type_goes_with_its_forms_once_no_rule_names_it() -> None:
    remove = {"edit": "remove_record_type", "record_type": "lesion"}
    with pytest.raises(EditRefused, match=r"rule 'any\(\[lesion\].*of patient\.many uses record type lesion"):
        edited(remove)

    document = edited(edit("remove_field", "many"), remove)

    assert types(document) == ["patient", "visit"]
    assert [form["code"] for form in document["forms"]] == ["basics"]
    assert validate_document(document) == []


def test_a_record_type_with_children_stays() -> None:
    with pytest.raises(EditRefused, match="visit is the parent of lesion"):
        edited({"edit": "remove_record_type", "record_type": "visit"})


def test_the_only_record_type_stays() -> None:
    document = {**LUNG.document, "record_types": LUNG.document["record_types"][:1], "forms": []}
    with pytest.raises(EditRefused, match="the only record type"):
        edited({"edit": "remove_record_type", "record_type": "patient"}, document=document)


def test_a_renamed_value_set_is_followed_by_its_fields() -> None:
    document = edited({"edit": "rename_value_set", "code": "sex", "to": "gender"})

    assert field(document, "sex")["value_set"] == "gender"
    assert list(document["value_sets"]) == ["gender"]
    assert validate_document(document) == []


def test_a_value_set_goes_when_no_field_uses_it() -> None:
    remove = {"edit": "remove_value_set", "code": "sex"}
    with pytest.raises(EditRefused, match=r"field patient\.sex uses value set sex"):
        edited(remove)

    document = edited(
        edit("set_record_type") | {"set": {"key": None}},
        edit("set_field", "sex", set={"type": "string", "value_set": None}),
        remove,
    )
    assert document["value_sets"] == {}


def choice(name: str, code: str | None = None, **more: Any) -> dict[str, Any]:
    return {"edit": name, "value_set": "sex"} | ({"choice": code} if code else {}) | more


def test_choices_are_added_moved_renamed_retired_and_removed() -> None:
    unknown = {"code": "9", "label": {"zh": "未知"}}
    document = edited(
        {"edit": "add_choice", "value_set": "sex", "choice": unknown, "before": "1"},
        choice("move_choice", "1"),
        choice("set_choice", "2", set={"label": {"zh": "女"}, "active": False}),
    )
    listed = document["value_sets"]["sex"]["choices"]
    assert [item["code"] for item in listed] == ["9", "2", "1"]
    assert listed[1] == {"code": "2", "label": {"zh": "女"}, "active": False}

    document = edited(choice("remove_choice", "9"), document=document)
    assert [item["code"] for item in document["value_sets"]["sex"]["choices"]] == ["2", "1"]


def test_merged_choices_take_the_stored_values_along() -> None:
    merge = {"edit": "merge_choices", "value_set": "sex", "choices": ["2"], "into": "1"}

    document = edited(merge)

    assert [item["code"] for item in document["value_sets"]["sex"]["choices"]] == ["1"]
    notes = [
        field["convert"]
        for item in document["record_types"]
        for field in item["fields"]
        if field.get("value_set") == "sex"
    ]
    assert notes == [{"step": 1, "codes": {"2": "1"}}]


def event(name: str, code: str, **more: Any) -> dict[str, Any]:
    return {"edit": name, "event": code} | more


def test_events_are_added_named_and_moved() -> None:
    document = edited(
        {"edit": "add_event", "event": {"code": "baseline"}},
        {"edit": "add_event", "event": {"code": "month_3"}, "index": 0},
        event("set_event", "month_3", set={"label": {"zh": "三个月"}}),
        event("move_event", "month_3", after="baseline"),
    )
    assert document["events"] == [{"code": "baseline"}, {"code": "month_3", "label": {"zh": "三个月"}}]


def test_a_removed_event_leaves_record_types_that_have_another() -> None:
    database = LUNG.with_event("baseline").with_event("month_3")
    filled = {"events": ["baseline", "month_3"]}
    document = edited(edit("set_record_type", on="visit", set=filled), document=database.document)

    document = edited(event("remove_event", "month_3"), document=document)
    assert document["record_types"][1]["events"] == ["baseline"]
    assert validate_document(document) == []

    with pytest.raises(EditRefused, match="record type visit is filled in baseline alone"):
        edited(event("remove_event", "baseline"), document=document)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"edit": "set_database", "set": {"code": "x"}}, "code can't be changed"),
        ({"edit": "set_database", "set": {"record_types": []}}, "record_types can't be changed"),
        ({"edit": "set_database", "set": {"colour": "red"}}, "unknown key colour"),
        ({"edit": "set_database", "set": {"category": "big"}}, "big is not one of"),
        (edit("duplicate_field", "sex", code="weight"), "field weight is already there"),
        (
            {"edit": "add_record_type", "record_type": {"code": "x", "parent": "y", "fields": []}},
            "no record type y",
        ),
        (edit("set_record_type", on="visit", set={"parent": "lesion"}), "the parents form a circle"),
        ({"edit": "move_record_type", "record_type": "visit", "after": "x"}, "no record type x"),
        ({"edit": "rename_value_set", "code": "x", "to": "y"}, "no value set x"),
        (choice("move_choice", "3"), "no choice 3"),
        (choice("set_choice", "1", set={"code": "3"}), "code can't be changed"),
        ({"edit": "add_choice", "value_set": "sex", "choice": {"code": "1"}}, "choice 1 is already there"),
        (event("set_event", "x", set={"arm": ""}), "no event x"),
    ],
)
def test_an_edit_that_can_not_be_made_says_why(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(EditRefused, match=reason):
        edited(wrong)

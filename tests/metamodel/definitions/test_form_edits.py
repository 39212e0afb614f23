"""Edits of forms, and how new fields come onto them."""

from __future__ import annotations

from typing import Any

import pytest

from metamodel.definitions import EditRefused, Sources, validate_document, with_ids
from tests.builders import a_library
from tests.metamodel.definitions.editing import LUNG, edit, edited, field

AGE = {"code": "age", "type": "integer"}


def items(document: dict[str, Any], form: int = 0) -> list[Any]:
    return [item.get("field", item) for item in document["forms"][form]["items"]]


def form(name: str, which: str, **more: Any) -> dict[str, Any]:
    return {"edit": name, "form": which} | more


def add_age(on: str = "patient", **place: Any) -> dict[str, Any]:
    return {"edit": "add_field", "record_type": on, "field": AGE} | place


def test_a_new_field_stands_on_the_form_beside_its_neighbour() -> None:
    assert items(edited(add_age(after="sex"))) == ["sex", "age", "weight"]
    assert items(edited(add_age(before="sex"))) == ["age", "sex", "weight"]
    assert items(edited(add_age())) == ["sex", "weight", "age"]  # after weight, bmi and many are on no form


def test_a_new_field_stands_on_the_form_that_is_named_or_on_none() -> None:
    second = {"code": "second", "record_type": "patient", "items": [{"text": {"zh": "备注"}}]}
    document = edited({"edit": "add_form", "form": second})

    assert items(edited(add_age(after="sex", form="second"), document=document), 2)[-1] == "age"
    assert edited(add_age(form=None), document=document)["forms"] == document["forms"]


def test_a_new_field_of_a_record_type_without_forms_needs_none() -> None:
    assert edited(add_age("visit"))["forms"] == LUNG.document["forms"]


def test_a_field_brought_back_or_picked_stands_on_the_form_again() -> None:
    released = with_ids(LUNG.document)
    dropped = edited(edit("remove_field", "weight"), document=released)
    restore = edit("restore_field", id=field(released, "weight")["id"], index=1)
    document = edited(restore, document=dropped, sources=Sources(past=lambda: [released]))
    assert items(document) == ["sex", "weight"]

    library = a_library("habits").with_field("smoker").with_field("drinker").document
    pick = {"edit": "pick_from_library", "library": "habits", "fields": ["smoker", "drinker"]}
    sources = Sources(library=lambda code: (library, 1))
    document = edited(pick | {"record_type": "patient", "after": "sex"}, sources=sources)
    assert items(document) == ["sex", "smoker", "drinker", "weight"]


def test_forms_are_added_named_recoded_moved_and_removed() -> None:
    visit = {"code": "visit", "record_type": "visit", "items": [{"field": "sexual"}]}
    document = edited(
        {"edit": "add_form", "form": visit, "before": "basics"},
        form("set_form", "basics", set={"label": {"zh": "基本信息"}}),
        form("rename_form", "basics", code="basic"),
        form("move_form", "basic", index=0),
        form("remove_form", "lesions"),
    )
    assert [item["code"] for item in document["forms"]] == ["basic", "visit"]
    assert document["forms"][0]["label"] == {"zh": "基本信息"}
    assert validate_document(document) == []


def test_the_items_of_a_form_are_replaced_with_sections_and_texts() -> None:
    layout = [
        {"section": {"zh": "体格"}, "shown_if": "[sex] = '1'"},
        {"text": {"zh": "空腹测量"}, "shown_if": "[weight] > 90"},
        {"field": "weight", "widget": "number"},
    ]
    document = edited(form("set_form_items", "basics", items=layout))
    assert document["forms"][0]["items"] == layout
    assert validate_document(document) == []


def with_a_text_shown_if(rule: str) -> dict[str, Any]:
    layout = [{"text": {"zh": "提示"}, "shown_if": rule}, {"field": "size"}]
    return edited(form("set_form_items", "lesions", items=layout))  # type: ignore[no-any-return]


def test_a_rename_is_followed_by_the_skip_rules_of_texts() -> None:
    document = with_a_text_shown_if("[size] > 3 且 [patient.sex] = '1'")
    document = edited(
        edit("rename_field", "size", "lesion", code="long_axis"),
        edit("rename_field", "sex", code="gender"),
        edit("rename_record_type", code="person"),
        document=document,
    )
    assert document["forms"][1]["items"][0]["shown_if"] == "[long_axis] > 3 且 [person.gender] = '1'"
    assert validate_document(document) == []


@pytest.mark.parametrize(
    ("rule", "code"),
    [("[size] = = 3", "RuleSyntaxError"), ("[size] + 1", "rule_type"), ("[sise] > 3", "UnknownField")],
)
def test_a_skip_rule_of_a_text_is_checked(rule: str, code: str) -> None:
    (found,) = validate_document(with_a_text_shown_if(rule))
    assert (found.path, found.code) == ("/forms/1/items/0/shown_if", code)


def test_a_record_type_that_a_text_asks_about_stays() -> None:
    layout = [{"text": {"zh": "提示"}, "shown_if": "count([lesion]) > 3"}]
    document = edited(edit("remove_field", "many"), form("set_form_items", "basics", items=layout))
    with pytest.raises(EditRefused, match="of basics uses record type lesion"):
        edited({"edit": "remove_record_type", "record_type": "lesion"}, document=document)


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (form("set_form", "basic", set={"label": {}}), "no form basic"),
        (form("set_form", "basics", set={"record_type": "visit"}), "record_type can't be changed"),
        (form("rename_form", "basics", code="lesions"), "form lesions is already there"),
        (form("set_form_items", "basics", items=[{"field": "size"}]), "no field size"),
        (form("set_form_items", "basics", items=[{"field": "sex", "shown_if": "true"}]), "stands with the"),
        (form("set_form_items", "basics", items=[{"note": {}}]), "unknown key note"),
        (add_age(form="lesions"), "form lesions is of lesion"),
        ({"edit": "add_form", "form": {"code": "x", "record_type": "y", "items": []}}, "no record type y"),
        (
            {"edit": "add_form", "form": {"code": "basics", "record_type": "visit", "items": []}},
            "form basics is already there",
        ),
    ],
)
def test_an_edit_that_can_not_be_made_says_why(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(EditRefused, match=reason):
        edited(wrong)

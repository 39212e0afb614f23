"""Edits: small changes of a document. Renames follow through rules, forms, keys and columns."""

from __future__ import annotations

import runpy
from typing import Any

import pytest

from metamodel.definitions import (
    EDITS,
    EditRefused,
    Sources,
    edit_schema,
    validate_document,
    with_ids,
)
from metamodel.definitions.edits.words import ACTS
from tests.architecture.tree import ROOT
from tests.builders import a_library
from tests.metamodel.definitions.editing import LUNG, codes, edit, edited, field


def test_a_renamed_field_is_followed_by_every_rule_and_nothing_else_changes() -> None:
    document = edited(edit("rename_field", "sex", code="gender"))

    assert field(document, "sexual", "visit")["shown_if"] == "[gender] = 'sex'  且 [性别] = '2'"
    check = field(document, "size", "lesion")["checks"][0]
    assert check["expression"] == "[size]>0 and [patient.gender] is not missing"
    assert document["record_types"][0]["key"] == "gender"
    assert document["forms"][0]["items"] == [{"field": "gender"}, {"field": "weight"}]
    assert validate_document(document) == []


def test_a_renamed_field_is_followed_into_quantifiers() -> None:
    document = edited(edit("rename_field", "size", "lesion", code="long_axis"))

    rule = field(document, "many")["required_if"]
    assert rule == "any([lesion], [long_axis] > [weight]) or max([lesion.long_axis]) > 3"
    assert document["forms"][1]["items"] == [{"field": "long_axis"}]
    assert validate_document(document) == []


def test_a_renamed_record_type_is_followed_by_parents_forms_and_rules() -> None:
    document = edited(
        {"edit": "rename_record_type", "record_type": "lesion", "code": "nodule"},
        {"edit": "rename_record_type", "record_type": "patient", "code": "person"},
    )

    assert field(document, "many", "person")["required_if"] == (
        "any([nodule], [size] > [weight]) or max([nodule.size]) > 3"
    )
    assert [item["parent"] for item in document["record_types"]] == [None, "person", "visit"]
    assert [form["record_type"] for form in document["forms"]] == ["person", "nodule"]
    assert validate_document(document) == []


def test_a_rename_that_would_change_what_a_rule_means_is_refused() -> None:
    """[bmi] of the patient, as a visit's rule sees it, would be hidden by a visit's own `bmi`."""
    database = LUNG.with_field("index", "decimal", on="visit")
    database = database.with_field("heavy", "boolean", on="visit", shown_if="[bmi] > 30")
    with pytest.raises(EditRefused, match=r"visit\.heavy would come to mean another field"):
        edited(edit("rename_field", "index", "visit", code="bmi"), document=database.document)


def test_so_it_is_inside_a_quantifier() -> None:
    """[weight] of the patient, among a patient's lesions, would be hidden by that of a lesion's own visit."""
    database = LUNG.with_field("kilos", "decimal", on="visit")
    with pytest.raises(EditRefused, match=r"patient\.many would come to mean another field"):
        edited(edit("rename_field", "kilos", "visit", code="weight"), document=database.document)


def test_a_rule_that_can_not_be_read_stays_and_remains_a_problem() -> None:
    database = LUNG.with_field("broken", "boolean", shown_if="[sex] = = '1'")
    document = edited(edit("rename_field", "sex", code="gender"), document=database.document)

    assert field(document, "broken")["shown_if"] == "[sex] = = '1'"
    assert [item.code for item in validate_document(document)] == ["RuleSyntaxError"]


def test_fields_are_added_moved_and_removed() -> None:
    age = {"code": "age", "type": "integer"}
    document = edited(
        edit("add_field", on="patient", after="sex", form="basics") | {"field": age},
        edit("move_field", "weight", before="sex"),
        edit("move_field", "bmi", index=0),
    )

    assert codes(document) == ["bmi", "weight", "sex", "age", "many"]
    assert document["forms"][0]["items"] == [{"field": "sex"}, {"field": "age"}, {"field": "weight"}]
    assert codes(edited(edit("remove_field", "age"), document=document)) == ["bmi", "weight", "sex", "many"]


def test_a_removed_field_leaves_its_forms() -> None:
    assert edited(edit("remove_field", "weight"))["forms"][0]["items"] == [{"field": "sex"}]


def test_properties_are_set_and_taken_away() -> None:
    document = edited(edit("set_field", "weight", set={"unit": "kg", "minimum": 0}))
    assert field(document, "weight")["unit"] == "kg"

    document = edited(edit("set_field", "weight", set={"unit": None}), document=document)
    assert "unit" not in field(document, "weight")


def test_a_hidden_field_is_shown_again() -> None:
    document = edited(edit("hide_field", "weight"))
    assert field(document, "weight")["hidden"] is True

    assert edited(edit("restore_field", "weight"), document=document) == LUNG.document


def test_a_dropped_field_comes_back_from_an_earlier_release_with_its_id() -> None:
    released = with_ids(LUNG.document)
    dropped = edited(
        edit("set_record_type") | {"set": {"key": None}}, edit("remove_field", "sex"), document=released
    )
    del dropped["value_sets"]["sex"]
    restore = edit("restore_field", id=field(released, "sex")["id"], index=0)

    document = edited(restore, document=dropped, sources=Sources(past=lambda: [dropped, released]))

    assert field(document, "sex") == field(released, "sex")
    assert document["value_sets"] == released["value_sets"]


def test_data_elements_are_picked_from_a_library_with_their_value_sets() -> None:
    library = (
        a_library("visits").with_field("mood", "choice", choices=("good", "bad")).with_field("note").document
    )
    sources = Sources(library=lambda code: (library, 3))
    pick = {"edit": "pick_from_library", "library": "visits", "fields": ["mood"], "record_type": "visit"}

    document = edited(pick, sources=sources)

    assert field(document, "mood", "visit")["element"] == {"library": "visits", "code": "mood", "release": 3}
    assert document["value_sets"]["mood"] == library["value_sets"]["mood"]
    assert validate_document(document) == []
    clash = LUNG.with_value_set("mood", "other").document
    with pytest.raises(EditRefused, match="another value set mood"):
        edited(pick, document=clash, sources=sources)


def test_value_sets_are_added_and_replaced() -> None:
    grades = {"label": {"zh": "分级"}, "choices": [{"code": "1"}]}
    document = edited({"edit": "add_value_set", "code": "grade", "value_set": grades})
    more = grades | {"choices": [{"code": "1"}, {"code": "2"}]}

    assert (
        edited({"edit": "set_value_set", "code": "grade", "value_set": more}, document=document)[
            "value_sets"
        ]["grade"]
        == more
    )


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"edit": "renme_field"}, "did you mean rename_field"),
        (edit("rename_field", "sex"), "code is missing"),
        (edit("rename_field", "sex", code="weight"), "field weight is already there"),
        (edit("rename_field", "sex", code="Sex 2"), "code Sex 2 must start"),
        (edit("rename_field", "sexx", code="y"), r"no field patient\.sexx"),
        (edit("rename_field", "sex", "patients", code="y"), "no record type patients"),
        (edit("move_field", "sex", before="sexx"), "no field sexx"),
        (edit("set_field", "sex", set={"id": "f1"}), "id can't be changed"),
        (edit("set_field", "sex", set={"labell": {}}), "unknown key labell"),
        (edit("remove_field", "sex"), "is the key of patient"),
        (edit("restore_field", id="f2222222"), "no field of an earlier release"),
        (edit("restore_field"), "exactly one of field, id"),
        (
            {"edit": "add_record_type", "record_type": {"code": "visit", "fields": []}},
            "record type visit is already",
        ),
        (
            {"edit": "pick_from_library", "library": "x", "fields": ["a"], "record_type": "visit"},
            "no field library x",
        ),
    ],
)
def test_an_edit_that_can_not_be_made_says_why_and_changes_nothing(
    wrong: dict[str, Any], reason: str
) -> None:
    document = LUNG.document
    with pytest.raises(EditRefused, match=reason) as refused:
        edited(edit("hide_field", "weight"), wrong, document=document)

    assert refused.value.details()["edit"] == 2
    assert document == LUNG.document


def test_a_refusal_says_in_words_what_can_not_be_done() -> None:
    with pytest.raises(EditRefused) as refused:
        edited(edit("remove_field", "sex"))

    assert refused.value.message("zh").startswith("无法移除字段：sex 是记录类型 patient 的主键")
    assert refused.value.message("en").startswith("Can't remove a field: sex is the key of patient")


def test_every_edit_has_words() -> None:
    assert set(ACTS) == set(EDITS)


def test_every_edit_has_a_schema() -> None:
    for name in EDITS:
        assert edit_schema(name)["properties"]["edit"] == {"const": name}
        assert edit_schema(name)["description"]


def test_the_reference_of_edits_is_up_to_date() -> None:
    folder = ROOT / "docs" / "reference"
    page = runpy.run_path(str(folder / "edits.py"))["page"]()

    kept = (folder / "edits.md").read_text(encoding="utf-8")
    assert kept == page, "run: python docs/reference/edits.py > docs/reference/edits.md"

"""Three-way merge of definitions: both sides' changes, what is here where they meet, nothing taken away."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from metamodel.definitions import apply_edits, validate_document, with_ids
from metamodel.merging import merge
from tests.metamodel.live import a_document, a_field, a_type, choices

Document = dict[str, Any]
BASE = with_ids(
    a_document(
        "lung",
        a_type(
            "patient",
            a_field("number"),
            a_field("sex", "choice", value_set="sex"),
            a_field("smoker", "boolean"),
            a_field("years", "integer", shown_if="[smoker] = true"),
            key="number",
        ),
        a_type("exam", a_field("size", "decimal"), parent="patient", repeats=True),
        value_sets={"sex": choices("1", "2")},
        forms=[{
            "code": "patient", "label": {"zh": "患者", "en": "Patient"}, "record_type": "patient",
            "items": [{"field": "number"}, {"field": "sex"}, {"field": "smoker"}, {"field": "years"}],
        }],
    )
)  # fmt: skip


def without_ids(document: Document) -> Document:
    """As it ships."""
    types = [
        {key: value for key, value in item.items() if key != "id"}
        | {"fields": [{key: value for key, value in part.items() if key != "id"} for part in item["fields"]]}
        for item in document["record_types"]
    ]
    return {**document, "record_types": types}


def shipped(*edits: Document) -> Document:
    return without_ids(apply_edits(deepcopy(BASE), edits))


def here(*edits: Document) -> Document:
    return with_ids(apply_edits(deepcopy(BASE), edits), BASE)


def new_field(code: str, type: str = "string", **place: Any) -> Document:
    return {"edit": "add_field", "record_type": "patient", "field": a_field(code, type), **place}


def set_field(code: str, **properties: Any) -> Document:
    return {"edit": "set_field", "record_type": "patient", "field": code, "set": properties}


def codes(document: Document, record_type: int = 0) -> list[str]:
    return [item["code"] for item in document["record_types"][record_type]["fields"]]


def asked(document: Document) -> list[str]:
    return [item["field"] for item in document["forms"][0]["items"]]


def test_what_did_not_change_here_becomes_what_ships() -> None:
    merged = merge(
        BASE, BASE, shipped(new_field("height", "decimal", after="sex"), set_field("years", maximum=90))
    )

    assert merged.conflicts == []
    assert codes(merged.document) == ["number", "sex", "height", "smoker", "years"]
    assert merged.document["record_types"][0]["fields"][4]["maximum"] == 90


def test_what_changed_here_alone_stays() -> None:
    mine = here(new_field("ward"), set_field("sex", label={"zh": "性别（院内）", "en": "Sex"}))

    assert merge(BASE, mine, shipped()).document == mine


def test_both_sides_changes_of_one_field_come_together() -> None:
    merged = merge(BASE, here(set_field("years", minimum=1)), shipped(set_field("years", maximum=90)))

    years = merged.document["record_types"][0]["fields"][3]
    assert (years["minimum"], years["maximum"], merged.conflicts) == (1, 90, [])


def test_where_both_changed_the_same_it_stays_as_it_is_here_and_is_told() -> None:
    merged = merge(BASE, here(set_field("years", maximum=70)), shipped(set_field("years", maximum=90)))

    assert merged.document["record_types"][0]["fields"][3]["maximum"] == 70
    [conflict] = merged.conflicts
    assert (conflict.where, conflict.here, conflict.shipped) == ("patient.years.maximum", "70", "90")


def test_a_field_renamed_here_keeps_its_name_and_new_rules_follow_it() -> None:
    mine = here({"edit": "rename_field", "record_type": "patient", "field": "smoker", "code": "ever_smoked"})
    new = shipped(new_field("packs", "decimal"), set_field("packs", shown_if="[smoker] = true"))

    merged = merge(BASE, mine, new)

    packs = next(item for item in merged.document["record_types"][0]["fields"] if item["code"] == "packs")
    assert (packs["shown_if"], merged.conflicts) == ("[ever_smoked] = true", [])
    assert validate_document(with_ids(merged.document)) == []


def test_a_field_removed_here_does_not_come_back() -> None:
    mine = here({"edit": "remove_field", "record_type": "patient", "field": "years"})

    merged = merge(BASE, mine, shipped(new_field("height")))

    assert codes(merged.document) == ["number", "sex", "smoker", "height"]
    assert "years" not in asked(merged.document)


def test_an_upgrade_takes_no_field_away() -> None:
    merged = merge(BASE, BASE, shipped({"edit": "remove_field", "record_type": "patient", "field": "years"}))

    assert "years" in codes(merged.document)
    assert [(item.where, item.shipped) for item in merged.conflicts] == [("patient.years", "")]


def test_a_field_of_ones_own_under_a_code_that_ships_now_stays_ones_own() -> None:
    mine = here(new_field("height", "integer"))

    merged = merge(BASE, mine, shipped(new_field("height", "decimal")))

    [height] = [item for item in merged.document["record_types"][0]["fields"] if item["code"] == "height"]
    assert height["type"] == "integer"
    assert [item.where for item in merged.conflicts] == ["patient.height"]


def test_choices_of_both_sides_stand_together() -> None:
    def choice(code: str) -> Document:
        label = {"zh": f"选项{code}", "en": f"Choice {code}"}
        return {"edit": "add_choice", "value_set": "sex", "choice": {"code": code, "label": label}}

    merged = merge(BASE, here(choice("8")), shipped(choice("9")))

    assert [item["code"] for item in merged.document["value_sets"]["sex"]["choices"]] == ["1", "2", "9", "8"]


def test_a_form_laid_out_anew_here_gains_what_ships() -> None:
    items = [{"field": "sex"}, {"field": "number"}, {"field": "years"}, {"field": "smoker"}]
    mine = here({"edit": "set_form_items", "form": "patient", "items": items})

    merged = merge(BASE, mine, shipped(new_field("height", after="sex", form="patient")))

    assert set(asked(merged.document)) == {"number", "sex", "smoker", "years", "height"}
    assert [code for code in asked(merged.document) if code != "height"] == [
        "sex",
        "number",
        "years",
        "smoker",
    ]


@pytest.mark.parametrize("side", [BASE, here(new_field("ward"), set_field("years", maximum=70))])
def test_merging_again_changes_nothing(side: Document) -> None:
    new = shipped(new_field("height"), set_field("years", maximum=90), set_field("sex", required=True))
    once = with_ids(merge(BASE, side, new).document)

    assert merge(with_ids(new, once), once, new).document == once

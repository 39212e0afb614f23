"""The short form of shipped definitions: what is made of it, and what is refused."""

from __future__ import annotations

import runpy
from pathlib import Path
from typing import Any

import pytest

from metamodel.exchange.yaml_format import write_yaml
from metamodel.room import SEEDS
from metamodel.shipped import SeedWrong, Shipped
from tests.architecture.tree import ROOT

LABEL = {"zh": "名", "en": "Name"}
CHOICES = {"choices": [{"code": "1"}]}
LIBRARY = {
    "kind": "field_library", "code": "labs", "value_sets": {"found": CHOICES},
    "fields": [
        {"code": "crp", "label": LABEL, "type": "decimal", "unit": "mg/L"},
        {"code": "hbsag", "label": LABEL, "type": "choice", "value_set": "found"},
    ],
}  # fmt: skip
TEMPLATES = {
    "kind": "template",
    "record_types": [{
        "code": "visit", "label": LABEL, "parent": "patient",
        "fields": [{"section": LABEL}, {"code": "on", "type": "date"}, {"code": "ward", "type": "string"}],
    }],
}  # fmt: skip


def whole(folder: Path, *record_types: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A database of these record types, made whole."""
    database = {"kind": "database", "code": "flu", "record_types": list(record_types), **more}
    for path, document in {
        "libraries/labs": LIBRARY, "templates/clinical": TEMPLATES, "databases/flu": database,
    }.items():  # fmt: skip
        file = folder / f"{path}.yaml"
        file.parent.mkdir()
        file.write_text(write_yaml(document), encoding="utf-8")
    return Shipped(folder).whole(folder / "databases" / "flu.yaml")


def test_a_data_element_comes_with_its_value_set_and_says_where_it_is_from(tmp_path: Path) -> None:
    lines = [{"library": "labs", "fields": ["crp"]}, {"library": "labs", "field": "hbsag", "required": True}]

    made = whole(tmp_path, {"code": "patient", "fields": lines})

    crp, hbsag = made["record_types"][0]["fields"]
    assert (crp["unit"], crp["element"]) == ("mg/L", {"library": "labs", "code": "crp"})
    assert hbsag["required"] is True
    assert (made["value_sets"], made["forms"]) == ({"found": CHOICES}, [])


def test_a_template_gives_its_fields_but_those_left_out_and_a_form(tmp_path: Path) -> None:
    made = whole(
        tmp_path,
        {
            "template": "visit",
            "code": "stay",
            "without": ["ward"],
            "fields": [{"library": "labs", "field": "crp"}],
        },
    )

    [stay] = made["record_types"]
    assert (stay["code"], stay["parent"]) == ("stay", "patient")
    assert [item["code"] for item in stay["fields"]] == ["on", "crp"]
    [form] = made["forms"]
    assert (form["code"], form["record_type"]) == ("stay", "stay")
    assert form["items"] == [{"section": LABEL}, {"field": "on"}, {"field": "crp"}]


@pytest.mark.parametrize(
    ("record_type", "more", "said"),
    [
        ({"template": "stay", "fields": []}, {}, "no template stay"),
        ({"code": "a", "fields": [{"library": "labs", "field": "wbc"}]}, {}, "no data element labs.wbc"),
        ({"code": "a", "fields": [{"library": "no", "field": "wbc"}]}, {}, "no data element no.wbc"),
        (
            {"code": "a", "fields": [{"library": "labs", "field": "hbsag"}]},
            {"value_sets": {"found": {"choices": []}}},
            "two value sets found",
        ),
    ],
)
def test_what_is_not_there_or_differs_is_named(
    tmp_path: Path, record_type: dict[str, Any], more: dict[str, Any], said: str
) -> None:
    with pytest.raises(SeedWrong, match=said):
        whole(tmp_path, record_type, **more)


@pytest.mark.parametrize("path", sorted((SEEDS / "databases").glob("*.yaml")), ids=lambda path: path.stem)
def test_a_disease_database_has_what_its_kind_needs(path: Path) -> None:
    document = Shipped(SEEDS).whole(path)

    types = {item["code"]: item for item in document["record_types"]}
    assert {"patient", "visit", "report", "labs", "treatment", "follow_up"} <= types.keys()
    fields = [part for item in types.values() for part in item["fields"]]
    borrowed = [part for part in fields if "library" in part.get("element", {})]
    assert 60 <= len(fields) <= 200 and len(borrowed) / len(fields) > 0.6
    shown = {
        (form["record_type"], item["field"])
        for form in document["forms"]
        for item in form["items"]
        if "field" in item
    }
    assert shown == {(code, part["code"]) for code, item in types.items() for part in item["fields"]}
    identifying = {part["code"] for part in fields if part.get("identifying")}
    assert identifying == {
        "name", "birth_date", "id_number", "phone", "address", "outpatient_no", "inpatient_no",
    }  # fmt: skip
    assert all(part.get("masking") for part in fields if part.get("identifying"))


def test_the_reference_of_disease_databases_is_up_to_date() -> None:
    folder = ROOT / "docs" / "reference"
    page = runpy.run_path(str(folder / "disease_databases.py"))["page"]()

    kept = (folder / "disease-databases.md").read_text(encoding="utf-8")
    assert kept == page, (
        "run: python docs/reference/disease_databases.py > docs/reference/disease-databases.md"
    )

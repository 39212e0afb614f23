"""Names inside quantifiers: found, renamed and kept where a text came to mean something else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from metamodel.catalogue import Database
from metamodel.catalogue.model import RecordType
from metamodel.definitions import validate_document
from metamodel.definitions.edits.rewriting import meaning
from metamodel.definitions.following import NamedGone, followed, named_in
from metamodel.definitions.mentions import mentions
from rules_dsl import parse
from tests.builders import a_database
from tests.metamodel.definitions.editing import edit, edited, field

CLINIC = (
    a_database("clinic")
    .with_record_type("visit", parent="patient")
    .with_record_type("exam", parent="visit")
    .with_record_type("lesion", parent="exam")
    .with_field("note", "string", on="visit")
    .with_field("day", "date", on="exam")
    .with_field("size", "integer", on="lesion")
)


@pytest.fixture
def database() -> Database:
    return meaning(CLINIC.document)


@pytest.fixture
def patient(database: Database) -> RecordType:
    return database.root


@pytest.mark.parametrize(
    ("rule", "named"),
    [
        ("any([visit], any([lesion], [size] > 8))", ["visit", "lesion", "lesion.size"]),
        ("any([lesion], [day] > @2026-01-01)", ["lesion", "exam.day"]),
        ("any([lesion], [visit.note] = 'a')", ["lesion", "visit.note"]),
        ("max([lesion.day]) > @2026-01-01", ["exam.day"]),
        ("max([exam.lesion.size]) > 3", ["lesion.size"]),
        ("any([visit], max([exam.lesion.size]) > 3)", ["visit", "lesion.size"]),
    ],
)
def test_every_name_is_found(database: Database, patient: RecordType, rule: str, named: list[str]) -> None:
    found = []
    for item in mentions(parse(rule), patient, database):
        if item.reached is not None:
            found.append(f"{item.reached.type.code}.{item.reached.field.code}")
        elif item.records is not None:
            found.append(item.records.code)
    assert found == named


def test_renames_follow_names_inside() -> None:
    rule = "any([visit], any([lesion], [day] > @2026-01-01 and [size] > 3)) or max([exam.lesion.size]) > 9"
    document = CLINIC.with_field("large", "boolean", shown_if=rule).document
    document = edited(
        edit("rename_field", "day", "exam", code="done_on"),
        edit("rename_field", "size", "lesion", code="long_axis"),
        {"edit": "rename_record_type", "record_type": "lesion", "code": "nodule"},
        document=document,
    )

    assert field(document, "large")["shown_if"] == (
        "any([visit], any([nodule], [done_on] > @2026-01-01 and [long_axis] > 3))"
        " or max([exam.nodule.long_axis]) > 9"
    )


def test_a_text_that_meant_all_records_says_so_where_its_name_now_means_those_below(
    database: Database, patient: RecordType
) -> None:
    rule = "any([visit], any([lesion], [size] > 8))"
    # as noted when related records inside a quantifier were always all of them
    before = [
        replace(item, how="records") if item.how == "below" else item
        for item in named_in(rule, patient, database)
    ]

    assert followed(rule, before, patient, database) == "any([visit], any([patient.lesion], [size] > 8))"
    assert followed(rule, named_in(rule, patient, database), patient, database) == rule


def test_a_text_that_can_not_keep_what_it_meant_is_not_passed_off_as_the_same(
    database: Database, patient: RecordType
) -> None:
    rule = "any([exam], [exam.day] > @2026-01-01)"
    named = named_in(rule, patient, database)
    only = [replace(item, how="other") if item.field else item for item in named]

    with pytest.raises(NamedGone):
        followed(rule, only, patient, database)
    assert followed(rule, named, patient, database) == rule


def test_a_circle_through_records_below_records_is_found() -> None:
    database = CLINIC.with_field("worst", "calculated", calculation="max([visit], max([lesion.share]))")
    database = database.with_field("share", "calculated", on="lesion", calculation="[size] / [worst]")

    assert "circular" in [item.code for item in validate_document(database.document)]

"""From a document to objects: fields, tables in several parts, mapped and keyed record types, paths."""

from __future__ import annotations

from decimal import Decimal

import pytest

from metamodel.catalogue import Catalogue, FieldColumn, Join, Keyed
from metamodel.definitions.validation import draft_database
from metamodel.storage.layout import SYSTEM_COLUMNS
from tests.builders import a_database
from tests.metamodel.catalogue.published import compiled
from zhenshu.audit import audit_entry
from zhenshu.errors import NotFound

LUNG = (
    a_database("lung")
    .with_field("sex", "choice", choices=("1", "2"))
    .with_field("weight", "decimal", options={"scale": 1}, minimum=0.5, maximum="250", unit="kg")
    .with_field("name", identifying=True, masking="name")
    .with_field("seen", "date", minimum="2020-01-01", maximum="today")
    .with_record_type("visit")
    .with_record_type("lesion", parent="visit")
    .with_field("size", "decimal", on="lesion")
)


def test_a_field_knows_its_types_bounds_and_class() -> None:
    patient = compiled(LUNG.document).root

    weight, name, seen = patient.field("weight"), patient.field("name"), patient.field("seen")

    assert (weight.minimum, weight.maximum, weight.unit) == (Decimal("0.5"), Decimal(250), "kg")
    assert seen.maximum == "today" and str(seen.minimum) == "2020-01-01"
    assert name.identifying and name.masking == "name" and not weight.identifying
    sex = patient.field("sex").value_set
    assert sex is not None and list(sex.by_code) == ["1", "2"]


def test_tables_have_system_columns_and_a_column_per_field() -> None:
    patient = compiled(LUNG.document).root

    assert [column.name for column in patient.main.columns] == [*SYSTEM_COLUMNS, "c0", "c1", "c2", "c3"]
    assert patient.column("weight") is patient.main.c.c1


def test_wide_types_are_spread_over_parts() -> None:
    wide = compiled(a_database().with_fields(600).document).root

    assert [len(table.columns) for table in wide.tables] == [len(SYSTEM_COLUMNS) + 250, 251, 101]
    assert wide.column("f599") is wide.tables[2].c.c599


def test_a_document_without_storage_compiles_without_tables() -> None:
    patient = draft_database(LUNG.document).root

    assert patient.tables == ()
    with pytest.raises(NotFound):
        patient.column("weight")


def test_paths_resolve_to_joins_columns_and_positions() -> None:
    radiomics = {"kind": "keyed", "names": "radiomics"}
    document = LUNG.with_record_type("features", parent="lesion", storage=radiomics).document
    catalogue = Catalogue(1, {"lung": compiled(document)})

    join, column = catalogue.resolve("lung.lesion"), catalogue.resolve("lung.lesion.size")
    keyed = catalogue.resolve("lung.features.original_firstorder_Mean")

    assert isinstance(join, Join) and [item.code for item in join.chain] == ["patient", "visit", "lesion"]
    assert isinstance(column, FieldColumn) and column.column.name == "c0"
    assert isinstance(keyed, Keyed) and keyed.name == "original_firstorder_Mean"
    assert "values" in keyed.record_type.main.columns
    for wrong in ("lunge", "lung.lesions", "lung.lesion.sise"):
        with pytest.raises(NotFound):
            catalogue.resolve(wrong)


def test_a_mapped_type_uses_its_owners_table() -> None:
    columns = {"name": "subject_name", "at": "at"}
    storage = {"kind": "mapped", "table": audit_entry.name, "columns": columns}
    builder = a_database("core").with_record_type("entry", parent=None, storage=storage)
    document = builder.with_field("name", on="entry").with_field("at", "datetime", on="entry").document

    entry = compiled(document).record_type("entry")

    assert entry.writer == "owner"
    assert entry.main is audit_entry and entry.column("name") is audit_entry.c.subject_name


def test_a_mapped_table_that_nobody_declares_here_has_its_known_columns() -> None:
    storage = {"kind": "mapped", "table": "elsewhere", "columns": {"date": "study_date"}}
    builder = a_database("core").with_record_type("study", parent=None, storage=storage)

    study = compiled(builder.with_field("date", "date", on="study").document).record_type("study")

    assert [column.name for column in study.main.columns] == ["id", "study_date"]

"""Catalogue and Contribution: the shipped record types in each of the three ways to be stored."""

from __future__ import annotations

from dataclasses import FrozenInstanceError

import pytest

from metamodel.catalogue import Contribution, FieldColumn, Join, Keyed, catalogue_of, core_document
from metamodel.catalogue.keyed import positions
from metamodel.queries import RecordQuery, page
from metamodel.records import OwnerWrites, RecordStore, register_names
from modules.archive.tables import dicom_study
from zhenshu.errors import NotFound
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel


def test_a_managed_field_is_a_column_of_its_own_tables(seeded: Instance) -> None:
    with seeded.read(SYSTEM, Channel.API) as uow:
        found = catalogue_of(uow).resolve("lung_nodule.nodule.long_diameter")

    assert isinstance(found, FieldColumn)
    assert found.column.table in found.record_type.tables
    assert (found.record_type.storage, found.field.unit) == ("managed", "mm")


def test_a_mapped_field_is_a_column_of_its_owners_table_and_only_the_owner_writes(seeded: Instance) -> None:
    with seeded.write(SYSTEM, Channel.API) as uow:
        found = catalogue_of(uow).resolve("core.study.accession_number")
        with pytest.raises(OwnerWrites):
            RecordStore(uow).add(found.record_type, {"accession_number": "1"})
        assert page(uow, RecordQuery(found.record_type)).records == []

    assert isinstance(found, FieldColumn)
    assert (found.column.table.name, found.column.name) == (dicom_study.name, "accession_number")
    assert (found.record_type.storage, found.record_type.writer) == ("mapped", "owner")


def test_a_keyed_name_has_its_position_in_each_version(seeded: Instance) -> None:
    with seeded.write(SYSTEM, Channel.API) as uow:
        found = catalogue_of(uow).resolve("core.feature_vector.original_shape_Sphericity")
        assert isinstance(found, Keyed)
        first = register_names(uow, "feature_vector", "1", ["a", found.name])
        second = register_names(uow, "feature_vector", "2", [found.name])

        assert positions(uow, found) == {first: 1, second: 0}


def test_a_record_type_is_reached_from_its_root(seeded: Instance) -> None:
    with seeded.read(SYSTEM, Channel.API) as uow:
        found = catalogue_of(uow).resolve("core.series")

    assert isinstance(found, Join)
    assert [item.code for item in found.chain] == ["study", "series"]


@pytest.mark.parametrize("path", ["nothing", "core.nothing", "core.study.nothing", ""])
def test_a_path_that_leads_nowhere_says_so(seeded: Instance, path: str) -> None:
    with seeded.read(SYSTEM, Channel.API) as uow, pytest.raises(NotFound):
        catalogue_of(uow).resolve(path)


def test_nobody_changes_a_catalogue(seeded: Instance) -> None:
    with seeded.read(SYSTEM, Channel.API) as uow:
        catalogue = catalogue_of(uow)

    for name in ("revision", "databases"):
        with pytest.raises(FrozenInstanceError):
            setattr(catalogue, name, None)


def test_a_contribution_says_where_it_is_stored_who_writes_it_and_what_identifies() -> None:
    offered = Contribution(
        "tumour", {"zh": "肿瘤", "en": "Tumour"},
        ({"code": "mrn", "label": {"zh": "号", "en": "No"}, "type": "string"},),
        storage={"kind": "mapped", "table": "tumour", "columns": {"mrn": "mrn"}},
        writer="owner", patient_path="study.patient", field_classes={"mrn": "identifying"},
    )  # fmt: skip

    [made] = core_document({}, [offered])["record_types"]

    assert (made["storage"]["kind"], made["writer"], made["patient_path"]) == (
        "mapped", "owner", "study.patient",
    )  # fmt: skip
    assert made["fields"][0]["identifying"] is True

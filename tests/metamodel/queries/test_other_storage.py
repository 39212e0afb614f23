"""Record types that are not managed: a module's own table, and arrays of named numbers."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import insert

from metamodel.catalogue import catalogue_of
from metamodel.queries import RecordQuery, count, page
from metamodel.records import (
    NamesDiffer,
    NotKeyed,
    NotNumbers,
    OwnerWrites,
    RecordStore,
    Saved,
    WrongLength,
    register_names,
)
from modules.archive.tables import dicom_study
from tests.instances import an_instance
from tests.metamodel.live import Desk, a_document, a_field, a_type, make_live
from zhenshu.errors import NotFound
from zhenshu.patients import create_patients

DOCUMENT = a_document(
    "imaging",
    a_type("subject", a_field("number"), key="number"),
    a_type("roi", a_field("label"), parent="subject", repeats=True),
    a_type("feature", parent="roi", repeats=True, storage={"kind": "keyed", "names": "radiomics"}),
)
ARCHIVE = a_document(
    "archive",
    a_type(
        "study",
        a_field("uid"), a_field("date", "date"), a_field("region"),
        key="uid", patient_path="patient_id",
        storage={"kind": "mapped", "table": "dicom_study", "columns": {
            "uid": "study_instance_uid", "date": "study_date", "region": "body_part",
        }},
    ),
)  # fmt: skip


@pytest.fixture
def imaging(tmp_path: Path, database_url: str) -> Iterator[Desk]:
    instance = an_instance(tmp_path / "home", database_url)
    make_live(instance, ARCHIVE)
    yield Desk(instance, make_live(instance, DOCUMENT))
    instance.close()


def _feature(desk: Desk, roi: int, version: str, *values: float | None) -> Saved:
    with desk.writing() as uow:
        return RecordStore(uow).add_keyed(desk.type("feature"), roi, version, values)


def test_a_name_is_filtered_by_whatever_place_each_version_gives_it(imaging: Desk) -> None:
    subject = imaging.add("subject", number="S1").id
    rois = [imaging.add("roi", subject, label=label).id for label in ("a", "b", "c")]
    with imaging.writing() as uow:
        register_names(uow, "radiomics", "1", ["shape_Volume", "mean"])
        register_names(uow, "radiomics", "2", ["mean", "glcm-LLH_Contrast", "shape_Volume"])
    _feature(imaging, rois[0], "1", 120.5, 3)
    _feature(imaging, rois[1], "2", 500, None, 80)
    _feature(imaging, rois[2], "2", 1, 2, None)

    def found(where: str) -> list[int]:
        return [record["owner_record"] for record in imaging.find("feature", where)]

    assert found("[shape_Volume] > 100") == [rois[0]]
    assert found("[mean] >= 3") == rois[:2]
    assert found("[glcm-LLH_Contrast] = 2") == [rois[2]]
    assert found("[shape_Volume] is missing") == [rois[2]]
    assert [r["number"] for r in imaging.find("subject", "max([feature], [shape_Volume]) > 120")] == ["S1"]
    assert imaging.find("feature", "[mean] = 500")[0]["values"] == [500.0, None, 80.0]
    with pytest.raises(NotFound):
        found("[shape_Volum] > 1")


def test_wrong_arrays_are_refused(imaging: Desk) -> None:
    roi = imaging.add("roi", imaging.add("subject", number="S1").id, label="a").id
    with imaging.writing() as uow:
        first = register_names(uow, "radiomics", "1", ["a", "b"])
        assert register_names(uow, "radiomics", "1", ["a", "b"]) == first
        with pytest.raises(NamesDiffer):
            register_names(uow, "radiomics", "1", ["b", "a"])

    for error, version, values in (
        (WrongLength, "1", (1.0,)), (NotNumbers, "1", (1.0, float("nan"))), (NotFound, "9", (1.0, 2.0)),
    ):  # fmt: skip
        with pytest.raises(error):
            _feature(imaging, roi, version, *values)
    with pytest.raises(NotKeyed), imaging.writing() as uow:
        RecordStore(uow).add_keyed(imaging.type("roi"), None, "1", [1.0])
    assert imaging.find("feature") == []


def test_a_modules_own_table_is_read_like_any_record_type_but_never_written(imaging: Desk) -> None:
    with imaging.writing() as uow:
        (patient,) = create_patients(uow, 1)
        rows = [("1.2", date(2026, 1, 5), "CHEST"), ("1.3", date(2025, 1, 5), "ABDOMEN"), ("1.4", None, None)]
        names = ("study_instance_uid", "study_date", "body_part")
        uow.conn.execute(
            insert(dicom_study),
            [dict(zip(names, row, strict=True)) | {"patient_id": patient} for row in rows],
        )
    with imaging.reading() as uow:
        archive = Desk(imaging.instance, catalogue_of(uow).database("archive"))
    study = archive.type("study")

    with archive.reading() as uow:
        answer = page(uow, RecordQuery(study, "[date] > @2025-06-01", order=(("date", True),))).records
        assert count(uow, study) == 3

    assert [(record["uid"], record["patient"], record["region"]) for record in answer] == [
        ("1.2", patient, "CHEST")
    ]
    with pytest.raises(OwnerWrites):
        archive.add("study", uid="1.5")

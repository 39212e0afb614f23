"""Studies and series of the archive. Column names follow the DICOM attributes they hold."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Date, Double, ForeignKey, Integer, String, Table, Time

from zhenshu.db.metadata import platform_metadata

BigId = BigInteger().with_variant(Integer, "sqlite")

dicom_study = Table(
    "dicom_study",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("patient_id", BigInteger, ForeignKey("patient.id"), index=True),  # of the patient index
    Column("study_instance_uid", String(64), nullable=False, unique=True),
    Column("accession_number", String(64), index=True),
    Column("study_date", Date, index=True),  # local to the hospital, as in DICOM
    Column("study_time", Time),
    Column("modalities", String(64)),  # Modalities in Study, joined by a backslash
    Column("study_description", String(255)),
    Column("body_part", String(64)),
    Column("institution", String(255)),
    info={"mappable": True},  # offered to definitions as a mapped record type
)

dicom_series = Table(
    "dicom_series",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("study_id", BigInteger, ForeignKey("dicom_study.id"), nullable=False, index=True),
    Column("series_instance_uid", String(64), nullable=False, unique=True),
    Column("modality", String(16)),
    Column("series_number", Integer),
    Column("series_description", String(255)),
    Column("body_part_examined", String(64)),
    Column("manufacturer", String(128)),
    Column("slice_thickness", Double),  # mm
    Column("instance_count", Integer, nullable=False, server_default="0"),
    info={"mappable": True},
)

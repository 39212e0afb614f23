"""What the archive brings to the house: for now the tables of studies and series, which `core` maps."""

from __future__ import annotations

from modules.archive import tables
from zhenshu.rooms import Room

TABLES = (tables.dicom_study, tables.dicom_series)


def room() -> Room:
    return Room(name="archive")

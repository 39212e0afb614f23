"""The archive: DICOM studies and series."""

from modules.archive.room import room

__all__ = ["room"]

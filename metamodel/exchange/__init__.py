"""Definitions and records in and out of files."""

from __future__ import annotations

from metamodel.exchange.archive import source_files
from metamodel.exchange.importing import import_definition
from metamodel.exchange.reading import Imported, read_definition
from metamodel.exchange.records.jobs import JOBS
from metamodel.exchange.report import render_report
from metamodel.exchange.source import SourceFile
from metamodel.exchange.writing import FORMATS, Exported, write_definition

__all__ = [
    "FORMATS",
    "JOBS",
    "Exported",
    "Imported",
    "SourceFile",
    "import_definition",
    "read_definition",
    "render_report",
    "source_files",
    "write_definition",
]

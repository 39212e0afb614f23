"""An empty file to be filled in and imported: a column for all that tells a record, one for each field."""

from __future__ import annotations

from typing import IO

from metamodel.catalogue.model import Database, RecordType
from metamodel.exchange.records.columns import Style, export_columns
from metamodel.exchange.records.native import REQUIRED
from metamodel.exchange.records.tables_out import CsvTable, ExcelTable
from metamodel.records.access import Access
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.policy import Action


def write_template(
    uow: UnitOfWork, database: Database, record_type: RecordType, file: IO[bytes], format: str,
    language: str | None,
) -> None:  # fmt: skip
    """Headings are codes, or labels in `language`; fields that the platform computes are left out.

    Fields that must be filled in have a mark behind their heading, which an import knows.
    """
    view = Access(uow).view(Action.ADD, record_type)
    fields = tuple(item for item in view.visible if not item.calculation)
    columns = export_columns(database, record_type, fields, Style(format, language))
    table = (
        CsvTable(file, bom=True)
        if format == "csv"
        else ExcelTable(file, record_type.code, fields, len(columns))
    )
    needed = {item.code for item in fields if item.required or item.code == record_type.key}
    table.write(
        [f"{item.heading}{REQUIRED if item.field and item.field.code in needed else ''}" for item in columns]
    )
    table.close()

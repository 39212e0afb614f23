"""The columns of a record type's main table that are not fields, whichever way it is stored."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Column, ColumnElement, FromClause

from metamodel.catalogue.model import RecordType
from metamodel.storage import KEYED_COLUMNS, SYSTEM_COLUMNS


def system_columns(record_type: RecordType) -> dict[str, Column[Any]]:
    """Name in a record -> column. A mapped table has its id, and its patient where its path is a column."""
    main = record_type.main
    if record_type.storage == "mapped":
        patient = record_type.patient_path
        return {"id": main.c.id} | ({"patient": main.c[patient]} if patient in main.c else {})
    keyed = KEYED_COLUMNS if record_type.storage == "keyed" else ()
    return {name: main.c[name] for name in (*SYSTEM_COLUMNS, *keyed)}


def patient_column(record_type: RecordType, main: FromClause) -> ColumnElement[Any] | None:
    """The column of `main`, the main table or an alias of it, that holds the patient's id."""
    column = system_columns(record_type).get("patient")
    return None if column is None else main.c[column.name]

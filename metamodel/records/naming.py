"""What a patient is called: identifiers, and texts of identifying fields in live record types."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from sqlalchemy import select

from metamodel.catalogue import catalogue_of
from metamodel.catalogue.model import Field, RecordType
from metamodel.records.rowreader import row_reader
from metamodel.records.system import patient_column
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.patients import identifiers_of

SHORTEST: Final = 2  # characters: a shorter text would be found everywhere
SHORTEST_NUMBER: Final = 6  # digits: a shorter number stands for many things, unless a rule quotes it
CHUNK: Final = 500


def names_of(uow: UnitOfWork, patient: int) -> frozenset[str]:
    """Texts by which other texts could name the patient; whoever asks answers for it.

    Dates and numbers are no names: many people share one.
    """
    found = {text for several in identifiers_of(uow, patient).values() for text in several}
    for database in catalogue_of(uow).databases.values():
        for record_type in database.record_types:
            fields = [item for item in record_type.fields if item.identifying and item.place is not None]
            if fields and record_type.tables:
                found.update(_texts(uow, record_type, fields, patient))
    return frozenset(name for each in found for name in _names(each.strip()))


def _names(text: str) -> tuple[str, ...]:
    if text.isdigit() and len(text) < SHORTEST_NUMBER:
        return f"'{text}'", f'"{text}"'
    return (text,) if len(text) >= SHORTEST else ()


def _texts(uow: UnitOfWork, record_type: RecordType, fields: list[Field], patient: int) -> Iterator[str]:
    column = patient_column(record_type, record_type.main)
    if column is None:
        return
    ids = list(uow.conn.scalars(select(record_type.main.c.id).where(column == patient)))
    reader = row_reader(uow, record_type, fields)
    for start in range(0, len(ids), CHUNK):
        for row in reader.read(uow, ids[start : start + CHUNK]):
            values = dict(zip(reader.names, row, strict=True))
            for item in fields:
                if isinstance(values[item.code], str) and item.value_set is None:
                    yield values[item.code]

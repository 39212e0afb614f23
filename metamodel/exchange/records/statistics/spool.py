"""Typed records on the disk, column by column: a file is made knowing all values of a column."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from metamodel.exchange.records.columns import Record
from metamodel.exchange.records.statistics.variables import Kind, Variable
from metamodel.masking import Masked

ROWS: Final = 10_000  # held in memory before they go to the disk
DIGITS: Final = 19  # of a 64-bit integer, which is what a decimal is stored as

_TYPES: Final = {
    Kind.TEXT: pa.string(),
    Kind.INTEGER: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.BOOLEAN: pa.bool_(),
    Kind.DATE: pa.date32(),
    Kind.DATETIME: pa.timestamp("ms"),
    Kind.TIME: pa.time32("ms"),
    Kind.CHOICE: pa.string(),
    Kind.CHOICES: pa.list_(pa.string()),
}


def arrow_type(kind: Kind, scale: int = 0) -> pa.DataType:
    """How values of a kind are held; `scale` counts a decimal's places."""
    return pa.decimal128(DIGITS, scale) if kind is Kind.DECIMAL else _TYPES[kind]


class Spool:
    """A temporary file of the values of `variables`; of a variable also what masks made and reasons."""

    def __init__(self, path: Path, variables: Sequence[Variable]) -> None:
        self._path = path
        self._variables = variables
        self._places = {item.name: number for number, item in enumerate(variables)}
        self._schema = pa.schema([field for n, item in enumerate(variables) for field in _fields(n, item)])
        self._writer = pq.ParquetWriter(path, self._schema, compression="lz4")
        self._batches: list[pa.RecordBatch] = []
        self._held = 0
        self._reader: pq.ParquetFile | None = None

    def add(self, records: Sequence[Record]) -> None:
        arrays: list[pa.Array] = []
        for item in self._variables:
            arrays += _arrays(item, records)
        self._batches.append(pa.record_batch(arrays, schema=self._schema))
        self._held += len(records)
        if self._held >= ROWS:
            self._flush()

    def done(self) -> None:
        """No more records come; from now on they can be read."""
        self._flush()
        self._writer.close()
        self._reader = pq.ParquetFile(self._path)

    @property
    def groups(self) -> int:
        """Into how many groups of rows the records are cut."""
        return int(self._open.num_row_groups)

    @property
    def rows(self) -> int:
        return int(self._open.metadata.num_rows)

    def read(self, item: Variable, group: int | None = None) -> Values:
        """The values of one variable: of all records, or of one group of rows."""
        number = self._places[item.name]
        names = [field.name for field in _fields(number, item)]
        found = self._open.read(names) if group is None else self._open.read_row_group(group, names)
        columns = {name.partition(".")[2]: found.column(name).combine_chunks() for name in names}
        return Values(columns[""], columns.get("mask"), columns.get("why"))

    @property
    def _open(self) -> pq.ParquetFile:
        assert self._reader is not None, "records are still coming"
        return self._reader

    def _flush(self) -> None:
        if self._batches:
            self._writer.write_table(pa.Table.from_batches(self._batches), row_group_size=self._held)
        self._batches, self._held = [], 0


class Values:
    """Values of one variable, what masks put in their place, and the reasons for having none."""

    __slots__ = ("masks", "own", "why")

    def __init__(self, own: pa.Array, masks: pa.Array | None, why: pa.Array | None) -> None:
        self.own = own
        self.masks = masks
        self.why = why


def _fields(number: int, item: Variable) -> list[pa.Field]:
    fields = [pa.field(f"{number}", arrow_type(item.kind, item.scale))]
    fields += [pa.field(f"{number}.mask", pa.string())] if item.masked else []
    fields += [pa.field(f"{number}.why", pa.string())] if item.reasons else []
    return fields


def _arrays(item: Variable, records: Sequence[Record]) -> list[pa.Array]:
    kind = arrow_type(item.kind, item.scale)
    values: list[Any] = [item.cell(record) for record in records]
    arrays = []
    if item.masked:
        masks = [str(value) if isinstance(value, Masked) else None for value in values]
        values = [None if isinstance(value, Masked) else value for value in values]
        arrays = [pa.array(masks, pa.string())]
    arrays = [pa.array(values, kind), *arrays]
    if item.reasons:
        why = [(record.get("missing") or {}).get(item.name) for record in records]
        arrays.append(pa.array(why, pa.string()))
    return arrays

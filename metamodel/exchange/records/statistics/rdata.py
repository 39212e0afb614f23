"""R data files (`load` in R): one data frame, written column by column in R's own serialization, version 2.

Text, numbers, factors, logical values, `Date`, `POSIXct` (UTC, as our times have no zone) and `hms`; each
column has its label and unit as attributes, as `Hmisc` and `haven` keep them.
"""

from __future__ import annotations

import gzip
import struct
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from metamodel.exchange.records.statistics.columns import decimals, doubles
from metamodel.exchange.records.statistics.parquet import level_texts
from metamodel.exchange.records.statistics.shapes import Shape
from metamodel.exchange.records.statistics.spool import Spool
from metamodel.exchange.records.statistics.variables import Kind

_SYMBOL, _PAIRS, _CHARS, _LOGICAL, _INTEGER, _REAL, _STRING, _VECTOR = 1, 2, 9, 10, 13, 14, 16, 19
_NIL, _REFERENCE = 254, 255
_HAS_OBJECT, _HAS_ATTRIBUTES, _HAS_TAG = 0x100, 0x200, 0x400
_UTF8, _ASCII = 0x8000, 0x40000
_NA_INTEGER: Final = -(2**31)
_NA_REAL: Final = 0x7FF00000000007A2
_NA_STRING: Final = struct.pack(">ii", _CHARS, -1)

Attributes = Mapping[str, Any]


def write_rdata(
    path: Path, table: str, names: Sequence[str], shapes: Sequence[Shape], spool: Spool, language: str | None,
    words: str,
) -> None:  # fmt: skip
    """`language` has labels as levels of factors, None codes; column labels are in the language `words`."""
    with gzip.GzipFile(path, "wb", compresslevel=6, mtime=0) as file:
        out = _Writer(file)
        out.start(table)
        out.flags(_VECTOR, attributes=True, is_object=True)
        out.integer(len(shapes))
        for shape in shapes:
            _column(out, shape, spool, language, words)
        rows = np.array([_NA_INTEGER, -spool.rows], ">i4")
        out.attributes({"names": list(names), "row.names": rows, "class": ["data.frame"]})
        out.integer(_NIL)


def _column(out: _Writer, shape: Shape, spool: Spool, language: str | None, words: str) -> None:
    array = shape.convert(spool.read(shape.variable))
    said: dict[str, Any] = {"label": [shape.label.text(words)]} if shape.label.text(words) else {}
    if shape.unit and shape.kind is not Kind.TIME:  # whose attribute `units` is R's own
        said["units"] = [shape.unit]
    if shape.kind is Kind.CHOICE:
        codes = {code: place for place, code in enumerate(shape.choices, 1)}
        levels = level_texts(shape, language)
        places = np.array([codes.get(code, _NA_INTEGER) for code in array.to_pylist()], ">i4")
        out.vector(_INTEGER, places, {"levels": levels, "class": ["factor"], **said})
    elif shape.kind is Kind.BOOLEAN:
        values = pc.fill_null(pc.cast(array, pa.int32()), _NA_INTEGER)
        out.vector(_LOGICAL, values.to_numpy(zero_copy_only=False).astype(">i4"), said)
    elif shape.kind is Kind.TEXT:
        out.strings(array.to_pylist(), said)
    else:
        out.vector(_REAL, _reals(shape.kind, array), _CLASSES.get(shape.kind, {}) | said)


_CLASSES: Final[Mapping[Kind, dict[str, Any]]] = {
    Kind.DATE: {"class": ["Date"]},
    Kind.DATETIME: {"class": ["POSIXct", "POSIXt"], "tzone": ["UTC"]},
    Kind.TIME: {"class": ["hms", "difftime"], "units": ["secs"]},
}


def _reals(kind: Kind, array: Any) -> Any:
    if kind is Kind.DECIMAL:
        numbers = decimals(array)
    elif kind in (Kind.DATE, Kind.TIME):
        numbers = doubles(pc.cast(pc.cast(array, pa.int32()), pa.float64()))
    elif kind is Kind.DATETIME:
        numbers = doubles(pc.cast(pc.cast(array, pa.int64()), pa.float64()))
    else:
        numbers = doubles(pc.cast(array, pa.float64()))
    if kind in (Kind.DATETIME, Kind.TIME):
        numbers = numbers / 1_000
    missing = np.isnan(numbers)
    bits = numbers.astype(">f8").view(">u8")
    bits[missing] = _NA_REAL
    return bits


class _Writer:
    """R's serialization in its binary (XDR) form."""

    def __init__(self, file: gzip.GzipFile) -> None:
        self._file = file
        self._symbols: dict[str, int] = {}

    def start(self, table: str) -> None:
        self._file.write(b"RDX2\nX\n" + struct.pack(">iii", 2, 0x00030503, 0x00020300))
        self.integer(_PAIRS | _HAS_TAG)
        self._symbol(table)

    def integer(self, value: int) -> None:
        self._file.write(struct.pack(">i", value))

    def flags(self, kind: int, attributes: bool, is_object: bool) -> None:
        self.integer(kind | (_HAS_ATTRIBUTES if attributes else 0) | (_HAS_OBJECT if is_object else 0))

    def vector(self, kind: int, values: Any, said: Attributes) -> None:
        self.flags(kind, bool(said), "class" in said)
        self.integer(len(values))
        self._file.write(values.tobytes())
        self.attributes(said)

    def strings(self, values: Sequence[str | None], said: Attributes) -> None:
        self.flags(_STRING, bool(said), False)
        self.integer(len(values))
        self._file.write(b"".join(_NA_STRING if value is None else _chars(value) for value in values))
        self.attributes(said)

    def attributes(self, said: Attributes) -> None:
        """A list of pairs, ended by nil; nothing where there are none."""
        for name, value in said.items():
            self.integer(_PAIRS | _HAS_TAG)
            self._symbol(name)
            if isinstance(value, list):
                self.strings(value, {})
            else:
                self.vector(_INTEGER, value, {})
        if said:
            self.integer(_NIL)

    def _symbol(self, name: str) -> None:
        if name in self._symbols:
            self.integer(self._symbols[name] << 8 | _REFERENCE)
            return
        self._symbols[name] = len(self._symbols) + 1
        self.integer(_SYMBOL)
        self._file.write(_chars(name))


def _chars(text: str) -> bytes:
    raw = text.encode()
    return struct.pack(">ii", _CHARS | (_ASCII if text.isascii() else _UTF8), len(raw)) + raw

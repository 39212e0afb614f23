"""A column as a statistics package takes it: doubles or texts, labels, and codes for missing values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from metamodel.exchange.records.statistics.dialects import Dialect
from metamodel.exchange.records.statistics.shapes import EXACT, Shape, numeric_codes
from metamodel.exchange.records.statistics.spool import Values
from metamodel.exchange.records.statistics.variables import Kind

# Days from a package's first day to 1970-01-01, and what its days and seconds are counted in.
_EPOCH: Final = {"sav": 141_428, "dta": 3_653, "xpt": 3_653}
_DAY: Final = {"sav": 86_400.0, "dta": 1.0, "xpt": 1.0}
_SECOND: Final = {"sav": 1.0, "dta": 1_000.0, "xpt": 1.0}


@dataclass(slots=True)
class FileColumn:
    """The values (doubles, texts, or for Stata also letters), value -> label, and value -> reason."""

    values: Any
    labels: dict[Any, str] = field(default_factory=dict)
    reasons: dict[Any, str] = field(default_factory=dict)
    codes: dict[Any, str] = field(default_factory=dict)  # value -> the code it stands for


def file_column(shape: Shape, values: Values, dialect: Dialect, language: str) -> FileColumn:
    """The values of `shape` for a file of `dialect`, labels in `language`."""
    array = shape.convert(values)
    numbers = numeric_codes(shape.choices, dialect) if shape.kind is Kind.CHOICE else None
    if shape.kind is Kind.TEXT or (shape.kind is Kind.CHOICE and numbers is None):
        labels = {code: label.text(language) or code for code, label in shape.choices.items()}
        return FileColumn(_texts(array), labels)
    column = FileColumn(_numbers(shape.kind, array, dialect, numbers))
    for code, label in shape.choices.items():
        value = float(code) if numbers is None else numbers[code]
        column.labels[value] = label.text(language) or code
        column.codes[value] = code
    if shape.reasons:
        _put_reasons(column, shape, values, dialect, language)
    return column


def _texts(array: Any) -> Any:
    """Python texts, one object for equal ones; "" where there is none."""
    encoded = pc.fill_null(array, "").dictionary_encode()
    words = np.array([*encoded.dictionary.to_pylist(), ""], object)  # never empty
    return words[encoded.indices.to_numpy(zero_copy_only=False)]


def _numbers(kind: Kind, array: Any, dialect: Dialect, codes: Mapping[str, float] | None) -> Any:
    if kind is Kind.CHOICE:
        return _coded(array, codes or {})
    if kind is Kind.DECIMAL:
        return decimals(array)
    if kind in (Kind.DATE, Kind.DATETIME, Kind.TIME):
        return _moments(kind, array, dialect)
    if kind is Kind.BOOLEAN:
        array = pc.cast(array, pa.int8())
    return doubles(pc.cast(array, pa.float64()))


def doubles(array: Any) -> Any:
    return array.to_numpy(zero_copy_only=False).astype("float64")


def decimals(array: Any) -> Any:
    """Each decimal as the double nearest to it."""
    unscaled = np.frombuffer(array.buffers()[1], "<i8")[::2][array.offset : array.offset + len(array)]
    if len(unscaled) and np.abs(unscaled).max() >= EXACT:
        return np.array([np.nan if v is None else float(v) for v in array.to_pylist()], "float64")
    numbers = unscaled / 10.0**array.type.scale  # both exact, so the quotient is the nearest double
    numbers[array.is_null().to_numpy(zero_copy_only=False)] = np.nan
    return numbers


def _moments(kind: Kind, array: Any, dialect: Dialect) -> Any:
    epoch, day, second = _EPOCH[dialect.name], _DAY[dialect.name], _SECOND[dialect.name]
    if kind is Kind.DATE:
        return (doubles(pc.cast(pc.cast(array, pa.int32()), pa.float64())) + epoch) * day
    if kind is Kind.DATETIME:
        seconds = doubles(pc.cast(pc.cast(array, pa.int64()), pa.float64())) / 1_000
        return (seconds + epoch * 86_400.0) * second
    return doubles(pc.cast(pc.cast(array, pa.int32()), pa.float64())) / 1_000 * second


def _coded(array: Any, codes: Mapping[str, float]) -> Any:
    encoded = array.dictionary_encode()
    known = np.array([codes[code] for code in encoded.dictionary.to_pylist()] + [np.nan])
    places = pc.fill_null(encoded.indices, len(known) - 1).to_numpy(zero_copy_only=False)
    return known[places]


def _put_reasons(column: FileColumn, shape: Shape, values: Values, dialect: Dialect, language: str) -> None:
    """Stata: .a, .b, ...; SPSS: negative numbers that no value of the column is among."""
    codes = _letters(shape) if dialect.name == "dta" else _negatives(shape, column)
    if dialect.name == "dta":
        column.values = column.values.astype(object)
    why = pa.array(values.why).dictionary_encode()
    places = why.indices.to_numpy(zero_copy_only=False)
    for place, code in enumerate(why.dictionary.to_pylist()):
        column.values[places == place] = codes[code]
    for code, value in codes.items():
        column.reasons[value] = shape.reasons[code].text(language)
        column.codes[value] = code


def _letters(shape: Shape) -> dict[str, Any]:
    return {code: chr(ord("a") + place) for place, code in enumerate(shape.reasons)}


def _negatives(shape: Shape, column: FileColumn) -> dict[str, Any]:
    """-9, -8 and so on; -99, -98 and so on where those are values, and so forth."""
    count, digits = len(shape.reasons), 1
    while True:
        first = -(10.0**digits - 1)
        last = first + count - 1
        inside = (column.values >= first) & (column.values <= last)
        if last < 0 and not inside.any() and not any(first <= value <= last for value in column.labels):
            return {code: first + place for place, code in enumerate(shape.reasons)}
        digits += 1

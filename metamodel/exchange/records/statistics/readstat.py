"""SPSS, Stata and SAS transport files, written by ReadStat. The same data give the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import pandas as pd
import pyreadstat

from metamodel.exchange.records.statistics.columns import FileColumn, file_column
from metamodel.exchange.records.statistics.dialects import Dialect
from metamodel.exchange.records.statistics.names import shorten
from metamodel.exchange.records.statistics.shapes import Shape
from metamodel.exchange.records.statistics.spool import Spool
from metamodel.exchange.records.statistics.variables import Kind
from metamodel.field_types.base import statistics

STATA_VERSION: Final = 14  # file format 118: Unicode, long texts, read by Stata 14 and later
_PACKAGE: Final = {"sav": "spss", "dta": "stata", "xpt": "sas"}
_FORMATS: Final = {
    Kind.INTEGER: statistics("F20.0", "%20.0g", "20."),
    Kind.BOOLEAN: statistics("F1.0", "%8.0g", "1."),
    Kind.CHOICE: statistics("F8.0", "%12.0g", "12."),
}
_NOMINAL: Final = frozenset({Kind.BOOLEAN, Kind.CHOICE, Kind.TEXT})
_NO_TIME: Final = {"sav": b"01 Jan 7000:00:00", "dta": b"01 Jan 1970 00:00", "xpt": b"01JAN70:00:00:00"}


class ReadStatFile:
    """A file of `names`, one for each of `shapes`; what the values became is in `columns`, without them."""

    def __init__(
        self, path: Path, dialect: Dialect, names: Sequence[str], shapes: Sequence[Shape], language: str
    ) -> None:
        self._path = path
        self._dialect = dialect
        self._language = language
        self._shapes = dict(zip(names, shapes, strict=True))
        self.columns: dict[str, FileColumn] = {}

    def write(self, spool: Spool, table: str, title: str) -> None:
        frame: dict[str, Any] = {}
        for name, shape in self._shapes.items():
            column = file_column(shape, spool.read(shape.variable), self._dialect, self._language)
            frame[name] = column.values
            column.values = None
            self.columns[name] = column
        data = pd.DataFrame(frame, copy=False)
        frame.clear()
        getattr(self, f"_{self._dialect.name}")(data, table, title)
        _without_time(self._path, self._dialect.name)

    def _sav(self, data: Any, table: str, title: str) -> None:
        pyreadstat.write_sav(
            data, self._path, file_label=shorten(title, 64, True), column_labels=self._labels(),
            variable_value_labels=self._value_labels(), missing_ranges=self._missing_ranges(),
            variable_format=self._formats(), variable_measure=self._measures(), row_compress=True,
        )  # fmt: skip

    def _dta(self, data: Any, table: str, title: str) -> None:
        pyreadstat.write_dta(
            data, self._path, file_label=shorten(title, 80, False), column_labels=self._labels(),
            version=STATA_VERSION, variable_value_labels=self._value_labels(),
            missing_user_values={
                name: list(column.reasons) for name, column in self.columns.items() if column.reasons
            },
            variable_format=self._formats(),
        )  # fmt: skip

    def _xpt(self, data: Any, table: str, title: str) -> None:
        pyreadstat.write_xport(
            data, self._path, file_label=shorten(title, 40, True), column_labels=self._labels(),
            table_name=table[:32].upper(), file_format_version=8, variable_format=self._formats(),
        )  # fmt: skip

    def _labels(self) -> list[str | None]:
        dialect = self._dialect
        return [
            shorten(shape.label.text(self._language), dialect.longest_label, dialect.label_bytes)
            for shape in self._shapes.values()
        ]

    def _value_labels(self) -> dict[str, dict[Any, str]]:
        dialect = self._dialect
        return {
            name: {
                value: shorten(text, dialect.longest_value_label, dialect.label_bytes)
                for value, text in (column.labels | column.reasons).items()
            }
            for name, column in self.columns.items()
            if column.labels or column.reasons
        }

    def _missing_ranges(self) -> dict[str, list[Any]]:
        return {
            name: [{"lo": min(column.reasons), "hi": max(column.reasons)}]
            for name, column in self.columns.items()
            if column.reasons
        }

    def _measures(self) -> dict[str, str]:
        return {
            name: "nominal" if shape.kind in _NOMINAL else "scale" for name, shape in self._shapes.items()
        }

    def _formats(self) -> dict[str, str]:
        found = {name: self._format(name, shape) for name, shape in self._shapes.items()}
        return {name: text for name, text in found.items() if text}

    def _format(self, name: str, shape: Shape) -> str:
        """As the field's type declares it; texts have their own width."""
        if shape.kind is Kind.TEXT or (self.columns[name].labels and not self.columns[name].codes):
            return ""
        package, item = _PACKAGE[self._dialect.name], shape.variable.field
        if shape.kind in _FORMATS:
            return _FORMATS[shape.kind][package]
        return item.type.statistics_format(item, package) if item is not None else ""


def _without_time(path: Path, name: str) -> None:
    """Put a fixed time in the place of the one at which the file was written."""
    blank = _NO_TIME[name]
    with path.open("r+b") as file:
        head = file.read(640)
        if name == "dta":
            places = [head.index(b"<timestamp>") + len(b"<timestamp>") + 1]
        else:
            places = [92] if name == "sav" else [144, 160, 464, 480]
        for place in places:
            file.seek(place)
            file.write(blank)

"""One export into a typed file: records into the spool, then the file in its format."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.exchange.records.columns import Record
from metamodel.exchange.records.statistics.codebook import Line, line_of
from metamodel.exchange.records.statistics.dialects import PARQUET, RDATA, Dialect
from metamodel.exchange.records.statistics.names import names_for
from metamodel.exchange.records.statistics.parquet import write_parquet
from metamodel.exchange.records.statistics.rdata import write_rdata
from metamodel.exchange.records.statistics.readstat import ReadStatFile
from metamodel.exchange.records.statistics.shapes import Shape, shapes_of
from metamodel.exchange.records.statistics.spool import Spool
from metamodel.exchange.records.statistics.variables import variables_of


class TypedExport:
    """Takes records batch by batch; `write` makes the file, then `lines` tell what is in it."""

    def __init__(
        self, folder: Path, dialect: Dialect, database: Database, record_type: RecordType,
        fields: tuple[Field, ...], masked: frozenset[str],
    ) -> None:  # fmt: skip
        self._dialect = dialect
        self._database = database
        self._type = record_type
        self._variables = variables_of(database, record_type, fields, masked)
        self._spool = Spool(folder / "spool", self._variables)
        self.lines: Sequence[Line] = ()

    def add(self, records: Sequence[Record]) -> None:
        self._spool.add(records)

    def write(self, path: Path, language: str, labels: bool) -> None:
        """The file, labels in `language`; `labels`: choices in R and Parquet are labels, not codes."""
        spool, dialect = self._spool, self._dialect
        spool.done()
        shapes = [shape for item in self._variables for shape in shapes_of(item, spool, dialect)]
        names = names_for([shape.source for shape in shapes], dialect)
        shown = language if labels else None
        if dialect is PARQUET:
            write_parquet(path, names, shapes, spool, shown)
        elif dialect is RDATA:
            write_rdata(path, self._type.code, names, shapes, spool, shown, language)
        else:
            self.lines = self._by_readstat(path, names, shapes, language)
            return
        self.lines = [line_of(*pair, None, shown) for pair in zip(names, shapes, strict=True)]

    def _by_readstat(
        self, path: Path, names: Sequence[str], shapes: Sequence[Shape], language: str
    ) -> list[Line]:
        file = ReadStatFile(path, self._dialect, names, shapes, language)
        parts = (self._database.label.text(language), self._type.label.text(language))
        file.write(self._spool, self._type.code, " · ".join(filter(None, parts)))
        return [
            line_of(name, shape, file.columns[name], language)
            for name, shape in zip(names, shapes, strict=True)
        ]

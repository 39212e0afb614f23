"""The job `records.export`: records of one type into a file, as their reader may see them.

Arguments: `database`, `record_type`, `where` (sealed; a rule, or null), `select` (field codes, or null for
all), `format`: csv, xlsx or one of `statistics.dialects`, `labels`: labels instead of codes, `language` of
the labels, `bom` (true if absent), `package`: a zip archive with codebook and import scripts.
"""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from metamodel.catalogue import catalogue_of
from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.exchange.errors import UnknownFormat
from metamodel.exchange.records.columns import ExportColumn, Style, export_columns
from metamodel.exchange.records.files import export_attributes
from metamodel.exchange.records.lineage import Lineage
from metamodel.exchange.records.statistics.dialects import DIALECTS
from metamodel.exchange.records.tables_out import CsvTable, ExcelTable, TableWriter
from metamodel.masking import View
from metamodel.queries import RecordQuery, stream
from metamodel.records.access import Access
from zhenshu.audit import record as audit
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs import JobRun
from zhenshu.security.policy import Action, Channel
from zhenshu.storage import put_file

if TYPE_CHECKING:
    from metamodel.exchange.records.statistics.codebook import Line

BATCH = 1_000  # records
IN_ENTRY = 5_000  # patients
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    **{dialect.name: dialect.media_type for dialect in DIALECTS.values()},
}
FORMATS = tuple(MEDIA_TYPES)


def run_export(run: JobRun) -> Mapping[str, Any]:
    """Export; the result has the file's id and how many records are in it."""
    if run.args["format"] not in MEDIA_TYPES:
        known = {"known": ", ".join(MEDIA_TYPES), "known_zh": "、".join(MEDIA_TYPES)}
        raise UnknownFormat(files=run.args["format"], **known)
    with tempfile.TemporaryDirectory() as folder:
        # One state of the data for the whole file.
        with run.instance.read(run.subject, Channel.EXPORT, f"job {run.id}") as uow:
            export = _Export(run, uow, Path(folder))
            count = export.run()
        return _keep(run, export, count)


def _query(run: JobRun, database: Database) -> RecordQuery:
    select = run.args.get("select")
    return RecordQuery(
        database.record_type(run.args["record_type"]),
        where=run.args.get("where") or None,
        select=None if select is None else tuple(select),
    )


class _Export:
    """One export within one unit of work."""

    def __init__(self, run: JobRun, uow: UnitOfWork, folder: Path) -> None:
        self._run = run
        self._uow = uow
        self._folder = folder
        self._format: str = run.args["format"]
        self._database = catalogue_of(uow).database(run.args["database"])
        self._query = _query(run, self._database)
        self.type: RecordType = self._query.type
        self._lineage = Lineage(uow, self._database, self.type)
        self.fields = self._fields()
        self.patients: set[int] = set()

    def _fields(self) -> tuple[Field, ...]:
        """The fields that the subject may see, by the query's own selection."""
        access = Access(self._uow)
        view: View = access.view(Action.EXPORT, self.type)
        self.scope = access.scope(Action.EXPORT, self.type)
        self._masked = view.masked
        wanted = self._query.select
        return tuple(item for item in view.visible if wanted is None or item.code in wanted)

    @property
    def audited_fields(self) -> list[str]:
        return [item.code for item in self.fields] + self._lineage.identifying

    @property
    def name(self) -> str:
        """What the file of data is called."""
        dialect = DIALECTS.get(self._format)
        return f"{self.type.database}-{self.type.code}.{dialect.extension if dialect else self._format}"

    @property
    def data(self) -> Path:
        return self._folder / "data"

    def run(self) -> int:
        """Write the file, and the archive around it where one is asked for; how many records are in it."""
        count, lines = self._typed() if self._format in DIALECTS else self._table()
        with self.data.open("rb") as file:
            self.sha256 = hashlib.file_digest(file, "sha256").hexdigest()
        if self._run.args.get("package"):
            self._pack(count, lines)
        return count

    def _batches(self) -> Iterator[Sequence[Mapping[str, Any]]]:
        count = 0
        for records in stream(self._uow, self._query, BATCH):
            self._lineage.add(records)
            self.patients.update(patient for each in records if (patient := each.get("patient")) is not None)
            yield records
            count += len(records)
            self._run.checkpoint(count, None)

    def _table(self) -> tuple[int, list[Line]]:
        """CSV or Excel, row by row."""
        columns, count = self._columns(), 0
        with self.data.open("w+b") as file:
            table: TableWriter = (
                CsvTable(file, self._run.args.get("bom", True))
                if self._format == "csv"
                else ExcelTable(file, self.type.code, self.fields, len(columns))
            )
            table.write([column.heading for column in columns])
            widths = [0] * len(columns) if self._run.args.get("package") else []
            for records in self._batches():
                for record in records:
                    cells = [column.cell(record) for column in columns]
                    table.write(cells)
                    if widths:
                        widths = [max(pair) for pair in zip(widths, map(_width, cells), strict=True)]
                count += len(records)
            table.close()
        return count, self._lines(columns, widths)

    def _lines(self, columns: list[ExportColumn], widths: list[int]) -> list[Line]:
        if not widths:
            return []
        from metamodel.exchange.records.statistics.packing import lines_of_table

        language = self._language if self._run.args.get("labels") else None
        return lines_of_table(columns, widths, self._masked, language)

    def _typed(self) -> tuple[int, Sequence[Line]]:
        """A statistics package's file: all records first, since labels and widths come before them."""
        # pandas and Arrow take long to import, and most processes never need them.
        from metamodel.exchange.records.statistics.exporting import TypedExport

        dialect, count = DIALECTS[self._format], 0
        typed = TypedExport(self._folder, dialect, self._database, self.type, self.fields, self._masked)
        for records in self._batches():
            typed.add(records)
            count += len(records)
        typed.write(self.data, self._language, bool(self._run.args.get("labels")))
        return count, typed.lines

    def _pack(self, count: int, lines: Sequence[Line]) -> None:
        from metamodel.exchange.records.statistics.codebook import About
        from metamodel.exchange.records.statistics.packing import pack

        database, kind = self._database, self.type
        about = About(
            database.code,
            kind.code,
            kind.label,
            database.release_number,
            count,
            self.name,
            self.sha256,
            lines,
        )
        packed = self._folder / "package"
        pack(packed, self.data, self._format, about, self._language)
        packed.replace(self.data)

    @property
    def _language(self) -> str:
        return str(self._run.args.get("language", "zh"))

    def _columns(self) -> list[ExportColumn]:
        style = Style(self._format, self._language if self._run.args.get("labels") else None)
        return export_columns(self._database, self.type, self.fields, style)


def _width(cell: Any) -> int:
    """Bytes of a cell in UTF-8."""
    if isinstance(cell, str):
        return len(cell) if cell.isascii() else len(cell.encode())
    return 0 if cell is None else len(str(cell))


def _keep(run: JobRun, export: _Export, count: int) -> Mapping[str, Any]:
    format, packed = run.args["format"], bool(run.args.get("package"))
    name = f"{export.name}.zip" if packed else export.name
    media_type = "application/zip" if packed else MEDIA_TYPES[format]
    with (
        export.data.open("rb") as file,
        run.instance.write(run.subject, Channel.EXPORT, f"job {run.id}") as uow,
    ):
        attributes = export_attributes(run.id, export.type, export.scope)
        stored = put_file(uow, name, file, media_type, attributes)
        detail = {"job": run.id, "file": stored.id, "records": count, "format": format}
        _tell(uow, export, detail)
        run.checkpoint(count, count, None, uow)
    return {"file_id": stored.id, "name": name, "records": count, "sha256": export.sha256}


def _tell(uow: UnitOfWork, export: _Export, detail: dict[str, Any]) -> None:
    """The export stands in the trail of each patient in the file; so many in one entry at most."""
    patients = sorted(export.patients)
    lots = [patients[start : start + IN_ENTRY] for start in range(0, len(patients), IN_ENTRY)] or [[]]
    for number, lot in enumerate(lots, start=1):
        part = {"part": number, "parts": len(lots)} if len(lots) > 1 else {}
        audit(
            uow, "export", "records", export.type.path, patients=lot, fields=export.audited_fields,
            detail=detail | part,
        )  # fmt: skip

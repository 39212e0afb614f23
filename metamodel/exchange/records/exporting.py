"""The job `records.export`: records of one type into a file, as their reader may see them.

Arguments: `database`, `record_type`, `where` (sealed; a rule, or null), `select` (field codes, or null for
all), `format`: csv or xlsx, `labels`: labels instead of codes, `language` of the labels, `bom` (true if
absent).
"""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from typing import IO, Any

from metamodel.catalogue import catalogue_of
from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.exchange.errors import UnknownFormat
from metamodel.exchange.records.columns import ExportColumn, Style, export_columns
from metamodel.exchange.records.files import export_attributes
from metamodel.exchange.records.lineage import Lineage
from metamodel.exchange.records.tables_out import CsvTable, ExcelTable, TableWriter
from metamodel.masking import View
from metamodel.queries import RecordQuery, stream
from metamodel.records.access import Access
from zhenshu.audit import record as audit
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.jobs import JobRun
from zhenshu.security.policy import Action, Channel
from zhenshu.storage import put_file

BATCH = 1_000  # records
IN_ENTRY = 5_000  # patients
MEDIA_TYPES = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def run_export(run: JobRun) -> Mapping[str, Any]:
    """Export; the result has the file's id and how many records are in it."""
    if run.args["format"] not in MEDIA_TYPES:
        known = {"known": ", ".join(MEDIA_TYPES), "known_zh": "、".join(MEDIA_TYPES)}
        raise UnknownFormat(files=run.args["format"], **known)
    with tempfile.TemporaryFile() as file:
        # One state of the data for the whole file.
        with run.instance.read(run.subject, Channel.EXPORT, f"job {run.id}") as uow:
            export = _Export(run, uow, file)
            count = export.run()
        file.seek(0)
        return _keep(run, file, export, count)


def _query(run: JobRun, database: Database) -> RecordQuery:
    select = run.args.get("select")
    return RecordQuery(
        database.record_type(run.args["record_type"]),
        where=run.args.get("where") or None,
        select=None if select is None else tuple(select),
    )


class _Export:
    """One export within one unit of work."""

    def __init__(self, run: JobRun, uow: UnitOfWork, file: IO[bytes]) -> None:
        self._run = run
        self._uow = uow
        self._file = file
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
        wanted = self._query.select
        return tuple(item for item in view.visible if wanted is None or item.code in wanted)

    @property
    def audited_fields(self) -> list[str]:
        return [item.code for item in self.fields] + self._lineage.identifying

    def run(self) -> int:
        columns = self._columns()
        table = self._table(columns)
        table.write([column.heading for column in columns])
        count = 0
        for records in stream(self._uow, self._query, BATCH):
            self._lineage.add(records)
            self.patients.update(patient for each in records if (patient := each.get("patient")) is not None)
            for record in records:
                table.write([column.cell(record) for column in columns])
            count += len(records)
            self._run.checkpoint(count, None)
        table.close()
        return count

    def _columns(self) -> list[ExportColumn]:
        args = self._run.args
        style = Style(args["format"], args.get("language", "zh") if args.get("labels") else None)
        return export_columns(self._database, self.type, self.fields, style)

    def _table(self, columns: list[ExportColumn]) -> TableWriter:
        if self._run.args["format"] == "csv":
            return CsvTable(self._file, self._run.args.get("bom", True))
        return ExcelTable(self._file, self.type.code, self.fields, len(columns))


def _keep(run: JobRun, file: IO[bytes], export: _Export, count: int) -> Mapping[str, Any]:
    format = run.args["format"]
    name = f"{export.type.database}-{export.type.code}.{format}"
    with run.instance.write(run.subject, Channel.EXPORT, f"job {run.id}") as uow:
        attributes = export_attributes(run.id, export.type, export.scope)
        stored = put_file(uow, name, file, MEDIA_TYPES[format], attributes)
        detail = {"job": run.id, "file": stored.id, "records": count, "format": format}
        _tell(uow, export, detail)
        run.checkpoint(count, count, None, uow)
    return {"file_id": stored.id, "name": name, "records": count}


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

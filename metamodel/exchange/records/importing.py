"""The job `records.import`: records from a stored file, batch by batch, each exactly once.

Arguments: `database`; `record_type` (needed for all formats but REDCap's, unless there is only one);
`file_id`; `format`: csv, xlsx, jsonl or redcap, or null to tell by name and header; `options`: {"sheet",
"ignore_unknown": leave out columns without a field}; `dry_run`: tell what would become of the rows, store
none of them.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from itertools import islice
from typing import Any, BinaryIO, Protocol

from metamodel.catalogue import catalogue_of
from metamodel.catalogue.model import Database, RecordType
from metamodel.exchange.errors import ExchangeError, UnknownFormat
from metamodel.exchange.records.batches import batches
from metamodel.exchange.records.native import NativeRows, RowRefused
from metamodel.exchange.records.redcap_rows import RedcapRows, is_redcap_data
from metamodel.exchange.records.rows import RowSource, SourceRow, open_rows
from metamodel.exchange.records.storing import BatchStore, Outcome
from metamodel.exchange.records.tally import Tally, drop_lists, join_lists, rejected_lines
from metamodel.exchange.records.targets import Identity, Target
from metamodel.records import Problem
from zhenshu.audit import record as audit
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import Invalid, NotFound
from zhenshu.jobs import JobRun
from zhenshu.storage import open_file, stat_file

BATCH = 1_000  # rows a transaction, at most
# SQLite's writers do not queue: those that wait look every 100 ms whether the file is free. Without a pause
# between batches they hardly ever find it so; even the request to stop the import failed as "busy".
GIVE_WAY = 0.06  # seconds
FORMATS = ("csv", "xlsx", "jsonl", "redcap")
_EXTENSIONS = {"csv": "csv", "txt": "csv", "tsv": "csv", "xlsx": "xlsx", "jsonl": "jsonl", "ndjson": "jsonl"}


class RowReader(Protocol):
    """Turns rows of a file into targets."""

    ignored: list[dict[str, Any]]
    columns: list[dict[str, str]]  # [{"column", "goes_to"}]

    def targets(self, row: SourceRow) -> Iterator[Target]: ...


def run_import(run: JobRun) -> Mapping[str, Any]:
    """Import the file; the result has counts, ignored columns and the id of the list of rejected rows."""
    with run.read() as uow:
        file = stat_file(uow, run.args["file_id"])
        if file.created_by_id != run.subject.id:  # an upload belongs to who made it
            raise NotFound(kind="file", kind_zh="文件", name=file.id)
        stream = open_file(uow, file.id)
    with closing(stream):
        return _Import(run, stream, file.name).run()


class _Import:
    """One run of the job over an open file."""

    def __init__(self, run: JobRun, stream: BinaryIO, name: str) -> None:
        self._run = run
        self._name = name
        self._source = _open(run, stream, name)
        self._tally = Tally.of(run.cursor)
        self._dry_run = bool(run.args.get("dry_run"))
        self._would_add: set[Identity] = set()
        self._reader: RowReader | None = None
        self._database: Database | None = None

    def run(self) -> Mapping[str, Any]:
        with self._run.read() as uow:
            reader = self._reader_for(uow)[0]
        rows = islice(self._source.rows, self._tally.rows, None)
        try:
            for batch in batches(rows, BATCH):
                with self._run.write() as uow:
                    self._store(uow, batch)
                    self._run.checkpoint(self._tally.rows, self._expected(), self._tally.to_cursor(), uow)
                if uow.sqlite:
                    time.sleep(GIVE_WAY)
        except ExchangeError as error:
            self._note_failure(error)
            raise
        return self._finish(reader)

    def _expected(self) -> int | None:
        """Rows in all, as far as the file tells; never fewer than are done."""
        about = self._source.about
        return None if about is None else max(about, self._tally.rows)

    def _reader_for(self, uow: UnitOfWork) -> tuple[RowReader, Database]:
        """The reader for the release that `uow` sees; kept while that stays the same."""
        database = catalogue_of(uow).database(self._run.args["database"])
        if self._reader is None or database is not self._database:
            self._database = database
            self._reader = _reader(self._run, database, self._source, self._name)
        return self._reader, database

    def _store(self, uow: UnitOfWork, batch: Sequence[SourceRow]) -> None:
        reader, database = self._reader_for(uow)
        targets, refused = _targets(reader, batch)
        provenance = {"kind": "import", "job": self._run.id, "file": self._run.args["file_id"]}
        store = BatchStore(uow, database, provenance)
        outcomes = self._tried(uow, store, targets) if self._dry_run else store.store(targets)
        self._tally.rows += len(batch)
        self._tally.add(outcomes)
        self._tally.keep_rejected(uow, rejected_lines(outcomes, refused, database), self._run)

    def _tried(self, uow: UnitOfWork, store: BatchStore, targets: Sequence[Target]) -> list[Outcome]:
        """What would become of them: everything is done and taken back.

        A record that an earlier batch would have added is not there, so what asks for it again is told here.
        """
        trial = uow.conn.begin_nested()
        try:
            outcomes = store.store(targets)
        finally:
            trial.rollback()
        return [outcome for outcome in outcomes if self._is_news(outcome)]

    def _is_news(self, outcome: Outcome) -> bool:
        identity = outcome.target.identity()
        if outcome.state != "added" or identity is None:
            return True
        if identity not in self._would_add:
            self._would_add.add(identity)
            return True
        outcome.state = "changed"
        return outcome.target.row > 0

    def _note_failure(self, error: ExchangeError) -> None:
        """Rows before the broken one are stored; say so, and where those rejected among them are listed."""
        tally = self._tally
        with self._run.write() as uow:
            file_id = join_lists(uow, tally, self._run)
        zh = f"已处理 {tally.rows} 行，其中拒绝 {tally.rejected_rows} 行（清单文件 {file_id}）。"
        en = f"{tally.rows} rows done, {tally.rejected_rows} of them rejected (list: file {file_id}). "
        self._run.log("error", zh + error.outline("zh"), en + error.outline("en"))

    def _finish(self, reader: RowReader) -> Mapping[str, Any]:
        run, tally = self._run, self._tally
        with run.write() as uow:
            result = {
                "format": self._source.format,
                "rows": tally.rows,
                "rejected_rows": tally.rejected_rows,
                "rejected_file": join_lists(uow, tally, run),
                "warnings": tally.warnings,
                "records": tally.counts,
                "unidentified": tally.unidentified,
                "columns": reader.columns,
                "ignored_columns": reader.ignored,
                "dry_run": self._dry_run,
            }
            detail = {
                "job": run.id,
                "file": run.args["file_id"],
                "rows": tally.rows,
                "rejected": tally.rejected_rows,
                "dry_run": self._dry_run,
            }
            drop_lists(uow, tally)
            audit(uow, "import", "records", run.args["database"], detail=detail)
            run.checkpoint(tally.rows, tally.rows, None, uow)
        return result


def _open(run: JobRun, stream: BinaryIO, name: str) -> RowSource:
    format = run.args.get("format") or _EXTENSIONS.get(name.rpartition(".")[2].lower())
    if format not in FORMATS:
        raise UnknownFormat(files=name, known=", ".join(FORMATS), known_zh="、".join(FORMATS))
    options = run.args.get("options") or {}
    kind = "csv" if format == "redcap" else format
    return open_rows(stream, name, kind, options.get("sheet") or run.args.get("record_type") or "")


def _reader(run: JobRun, database: Database, source: RowSource, name: str) -> RowReader:
    wanted = run.args.get("record_type")
    format = run.args.get("format")
    if format == "redcap" or (not wanted and not format and is_redcap_data(source.columns)):
        return RedcapRows(database, source.columns, name)
    ignore = bool((run.args.get("options") or {}).get("ignore_unknown"))
    return NativeRows(database, _record_type(database, wanted), source, name, ignore)


def _record_type(database: Database, wanted: str | None) -> RecordType:
    if wanted:
        return database.record_type(wanted)
    if len(database.record_types) == 1:
        return database.record_types[0]
    listed = ", ".join(item.code for item in database.record_types)
    raise Invalid(reason=f"name one of its record types: {listed}", reason_zh=f"请指定一个记录类型：{listed}")


def _targets(
    reader: RowReader, batch: Sequence[SourceRow]
) -> tuple[list[Target], list[tuple[int, Sequence[Problem]]]]:
    targets: list[Target] = []
    refused: list[tuple[int, Sequence[Problem]]] = []
    for row in batch:
        if row.problem is not None:
            refused.append((row.number, [row.problem]))
            continue
        try:
            targets += list(reader.targets(row))
        except RowRefused as error:
            refused.append((row.number, error.problems))
    return targets, refused

"""The job `audit.export`: the entries of a search as a file, in words; itself an entry.

Arguments: `format` (csv or xlsx), `language` of the words (zh or en), `filters` (sealed: they were typed).
"""

from __future__ import annotations

import csv
import io
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from typing import IO, Any, Final, Protocol

import xlsxwriter
from sqlalchemy import Row

from zhenshu.audit.labels import Key, Named, resource_names
from zhenshu.audit.names import ACTS, KINDS
from zhenshu.audit.searching import find_entries
from zhenshu.audit.trail import record
from zhenshu.cells import harmless
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.jobs import JobKind, JobRun, submit
from zhenshu.security.audit_names import display_names
from zhenshu.storage import put_file

KIND: Final = "audit.export"
BATCH = 1_000  # entries
MOST_IDS = 1_000  # patients named in one cell; the rest is told as a number
EXCEL_ROWS, EXCEL_TEXT = 1_048_576, 32_767  # limits of the format
MEDIA_TYPES: Final = {
    "csv": "text/csv",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
HEADINGS: Final = (
    ("编号", "No."), ("时间 (UTC)", "Time (UTC)"), ("用户名", "User name"), ("姓名", "Display name"),
    ("操作", "Act"), ("操作代码", "Act code"), ("对象类别", "Kind"), ("对象", "Object"),
    ("对象代码", "Object code"), ("患者数", "Patients"), ("患者编号", "Patient ids"), ("字段", "Fields"),
    ("结果", "Outcome"), ("渠道", "Channel"), ("来源地址", "From"), ("用途", "Purpose"),
    ("请求编号", "Request"), ("详细", "Details"),
)  # fmt: skip


class TooManyForExcel(ZhenshuError):
    """Excel holds at most {rows} entries. No file was made; choose CSV, or a shorter period."""

    status = 422
    zh = "Excel 最多容纳 {rows} 条记录。未生成文件，请选择 CSV 或缩短时间范围。"


def submit_export(uow: UnitOfWork, filters: Mapping[str, Any], format: str, language: str) -> int:
    """Queue the export of what `filters` ask for; the id of the job."""
    return submit(uow, KIND, {"format": format, "language": language}, sealed={"filters": dict(filters)})


def run_export(run: JobRun) -> Mapping[str, Any]:
    """Export, oldest first; the result has the file's id and how many entries are in it."""
    format, filters = run.args["format"], run.args["filters"]
    with tempfile.TemporaryFile() as file:
        count = _written(run, filters, _table(format, file))
        file.seek(0)
        name = f"audit-{run.id}.{format}"
        with run.write() as uow:
            stored = put_file(uow, name, file, MEDIA_TYPES[format])
            detail = {"job": run.id, "file": stored.id, "count": count, "format": format}
            asked = [filters["patient"]] if "patient" in filters else []
            record(uow, "export", "audit", "", patients=asked, detail=detail)
            run.checkpoint(count, count, uow=uow)
    return {"file_id": stored.id, "name": name, "entries": count}


def _written(run: JobRun, filters: Mapping[str, Any], table: _Table) -> int:
    language = 0 if run.args["language"] == "zh" else 1
    table.write([heading[language] for heading in HEADINGS])
    count = 0
    for rows in _batches(run, filters):
        for cells in rows:
            table.write(cells)
        count += len(rows)
        run.checkpoint(count, None)
    table.close()
    return count


def _batches(run: JobRun, filters: Mapping[str, Any]) -> Iterator[list[list[Any]]]:
    after = 0
    while True:
        with run.read() as uow:
            entries = find_entries(uow, filters, after, BATCH, newest=False)
            cells = _cells(uow, entries, run.args["language"])
        if not entries:
            return
        yield cells
        after = entries[-1].id


def _cells(uow: UnitOfWork, entries: Sequence[Row[Any]], language: str) -> list[list[Any]]:
    people = display_names(uow, (entry.subject_id for entry in entries if entry.subject_id is not None))
    names = resource_names(uow, {(entry.resource_kind, entry.resource) for entry in entries})
    return [_line(entry, people, names, language) for entry in entries]


def _line(entry: Row[Any], people: Mapping[int, str], names: Mapping[Key, Named], language: str) -> list[Any]:
    chinese = language == "zh"
    act, kind = ACTS.get(entry.action), KINDS.get(entry.resource_kind)
    patients = entry.patients or []
    more = f" … ({len(patients)})" if len(patients) > MOST_IDS else ""
    return [
        entry.id,
        entry.at.strftime("%Y-%m-%d %H:%M:%S"),
        entry.subject_name,
        people.get(entry.subject_id, "") if entry.subject_id is not None else "",
        entry.action if act is None else act.zh if chinese else act.en,
        entry.action,
        entry.resource_kind if kind is None else kind[0] if chinese else kind[1],
        names.get((entry.resource_kind, entry.resource), {}).get(language, ""),
        entry.resource,
        len(patients),
        " ".join(map(str, patients[:MOST_IDS])) + more,
        " ".join(entry.fields or []),
        entry.outcome,
        entry.channel,
        entry.address,
        entry.purpose,
        entry.request_id,
        json.dumps(entry.detail, ensure_ascii=False) if entry.detail else "",
    ]


class _Table(Protocol):
    """A table that takes rows; `close` finishes the file."""

    def write(self, cells: Sequence[Any]) -> None: ...

    def close(self) -> None: ...


def _table(format: str, file: IO[bytes]) -> _Table:
    return _Csv(file) if format == "csv" else _Excel(file)


class _Csv:
    def __init__(self, file: IO[bytes]) -> None:
        self._text = io.TextIOWrapper(file, "utf-8-sig", newline="", write_through=True)
        self._writer = csv.writer(self._text, lineterminator="\r\n")

    def write(self, cells: Sequence[Any]) -> None:
        self._writer.writerow([_harmless(cell) for cell in cells])

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


def _harmless(cell: Any) -> Any:
    return harmless(cell) if isinstance(cell, str) else cell


class _Excel:
    def __init__(self, file: IO[bytes]) -> None:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(file, options)
        self._sheet = self._book.add_worksheet("audit")
        self._sheet.freeze_panes(1, 0)
        self._row = 0

    def write(self, cells: Sequence[Any]) -> None:
        if self._row >= EXCEL_ROWS:
            raise TooManyForExcel(rows=f"{EXCEL_ROWS - 1:,}")
        for column, cell in enumerate(cells):
            if isinstance(cell, int):
                self._sheet.write_number(self._row, column, cell)
            elif cell:
                self._sheet.write_string(self._row, column, cell[:EXCEL_TEXT])
        self._row += 1

    def close(self) -> None:
        self._book.close()


EXPORTING = JobKind(KIND, {"zh": "导出审计记录", "en": "Export of the audit trail"}, run_export)

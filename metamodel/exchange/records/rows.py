"""Rows of records in files, one after the other: CSV, Excel and JSON lines. Nothing is held in memory."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils.escape import unescape

from metamodel.exchange.csv_rows import ROW_LIMIT, csv_rows, detect_delimiter, unique_header
from metamodel.exchange.errors import (
    ExchangeError,
    HeaderWrong,
    MalformedSheet,
    UnknownEncoding,
    UnsafeWorkbook,
)
from metamodel.exchange.source import detect_encoding
from metamodel.records import Problem
from zhenshu.workbooks import NoWorkbook, WorkbookRefused, check_workbook

SAMPLE = 1024 * 1024  # bytes looked at to tell the encoding
JSON_LIMIT = 4_000_000  # characters of a line; read whole, it takes up to thirty times as many bytes
SHEET_ROWS = 1_048_576  # of any sheet that Excel can open


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row by its number (the header is row 1) with its cells by column name, or what is wrong with it."""

    number: int
    cells: Mapping[str, Any]
    problem: Problem | None = None


@dataclass(frozen=True)
class RowSource:
    """The columns of a file (empty for JSON lines, where each row names its own) and its rows."""

    format: str
    columns: tuple[str, ...]
    rows: Iterator[SourceRow] = field(repr=False)
    about: int | None = (
        None  # how many rows to expect: lines of text, where a quoted one may go on, or the sheet's end
    )


def open_rows(stream: BinaryIO, name: str, format: str, sheet: str = "") -> RowSource:
    """The rows of a seekable `stream`; `format` is csv, xlsx or jsonl.

    Raises:
        ExchangeError: when it can't be read as that; also later, while rows are taken.
    """
    if format == "xlsx":
        return _xlsx(stream, name, sheet)
    encoding = detect_encoding(_sample(stream), name, whole=False)
    lines = _lines(stream)
    text = io.TextIOWrapper(stream, encoding=encoding, newline="")
    if format == "jsonl":
        return RowSource("jsonl", (), _json_rows(_decoded(text, name, JSON_LIMIT)), lines)
    return _csv(text, name, lines)


def _sample(stream: BinaryIO) -> bytes:
    sample = stream.read(SAMPLE)
    stream.seek(0)
    return sample


def _lines(stream: BinaryIO) -> int:
    """Lines of the whole file; a last one without an end counts, too."""
    count, last = 0, b"\n"
    while chunk := stream.read(SAMPLE):
        count, last = count + chunk.count(b"\n"), chunk[-1:]
    stream.seek(0)
    return count + (last != b"\n")


def _decoded(text: io.TextIOWrapper, name: str, longest: int) -> Iterator[str]:
    """The lines; one of more than `longest` characters comes in parts, all but its last of one more."""
    number = 1
    try:
        while line := text.readline(longest + 1):
            yield line
            number += line[-1] in "\r\n"
    except UnicodeDecodeError as error:
        raise UnknownEncoding(file=name, line=number) from error


def _csv(text: io.TextIOWrapper, name: str, lines: int) -> RowSource:
    first = text.readline(SAMPLE)
    text.seek(0)
    rows = csv_rows(_decoded(text, name, ROW_LIMIT), name, detect_delimiter(first), with_nul=True)
    header = next(rows, None)
    if header is None:
        raise HeaderWrong(file=name, reason="the file is empty", reason_zh="文件为空")
    columns = tuple(unique_header(header.cells, name))
    return RowSource("csv", columns, _table_rows(columns, (row.cells for row in rows)), max(lines - 1, 0))


def _table_rows(columns: tuple[str, ...], rows: Iterator[Any]) -> Iterator[SourceRow]:
    width = len(columns)
    for number, cells in enumerate(rows, 2):
        if len(cells) != width:
            yield SourceRow(number, {}, _wrong_width(len(cells), width))
        else:
            yield SourceRow(number, dict(zip(columns, cells, strict=True)))


def _wrong_width(found: int, width: int) -> Problem:
    return Problem(
        "",
        "cells",
        f"该行有 {found} 个单元格，表头有 {width} 列。",
        f"The row has {found} cells, the header {width}.",
    )


def _xlsx(stream: BinaryIO, name: str, sheet: str) -> RowSource:
    try:
        check_workbook(stream)
        book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
    except NoWorkbook as error:
        raise ExchangeError(file=name, reason=error.reason, reason_zh=error.reason_zh) from error
    except WorkbookRefused as error:
        raise UnsafeWorkbook(file=name, reason=error.reason, reason_zh=error.reason_zh) from error
    except Exception as error:  # a broken workbook fails in many ways, all of them the sender's
        none = NoWorkbook()
        raise ExchangeError(file=name, reason=none.reason, reason_zh=none.reason_zh) from error
    pages = book.worksheets  # without sheets that are charts
    if not pages:
        raise ExchangeError(file=name, reason="it has no sheet", reason_zh="没有工作表")
    page = next((page for page in pages if page.title == sheet), pages[0])
    expected = page.max_row
    # What the file says of its size would be filled up with empty cells, in each row that it leaves out, too.
    page.reset_dimensions()
    rows = _page_rows(page, name)
    header = [_unescaped(cell) for cell in next(rows, ())]
    while header and header[-1] is None:
        header.pop()
    columns = tuple(unique_header(["" if cell is None else str(cell) for cell in header], name))
    if not columns:
        raise HeaderWrong(file=name, reason="its first row is empty", reason_zh="第一行为空")
    return RowSource(
        "xlsx", columns, _table_rows(columns, _trimmed(rows, len(columns))), expected and expected - 1
    )


def _unescaped(cell: Any) -> Any:
    """Workbooks write control characters as _x000D_; openpyxl leaves them so."""
    return unescape(cell) if isinstance(cell, str) and "_x" in cell else cell


def _page_rows(page: Any, name: str) -> Iterator[Sequence[Any]]:
    """The sheet's rows; its XML is read as they are taken, so damage shows only then."""
    number = 0
    try:
        for cells in page.iter_rows(values_only=True):
            number += 1
            if number > SHEET_ROWS:  # a row may say of itself that it is the billionth
                break
            yield cells
    except Exception as error:
        raise MalformedSheet(file=name, row=number) from error
    if number > SHEET_ROWS:
        raise MalformedSheet(file=name, row=SHEET_ROWS)


def _trimmed(rows: Iterator[Sequence[Any]], width: int) -> Iterator[list[Any]]:
    """Excel fills rows up, or leaves their empty end out; rows without any value are left out.

    Left-out rows would shift the numbers of those after them, so the end of the sheet alone is cut.
    """
    waiting = 0
    for found in rows:
        end = len(found)
        while end > width and found[end - 1] is None:
            end -= 1
        cells = found[:end]
        if all(cell is None for cell in cells):
            waiting += 1
            continue
        yield from ([None] * width for _ in range(waiting))
        waiting = 0
        yield [_unescaped(cell) for cell in cells] + [None] * (width - end)


def _json_rows(lines: Iterator[str]) -> Iterator[SourceRow]:
    for number, line in enumerate(lines, 1):
        if line.isspace():
            continue
        if len(line) > JSON_LIMIT:
            yield SourceRow(number, {}, _too_long())
            _skip(line, lines)
            continue
        try:
            found = json.loads(line)
        except (ValueError, RecursionError):  # a number of thousands of digits is a ValueError, too
            found = None
        if isinstance(found, dict):
            yield SourceRow(number, found)
        else:
            yield SourceRow(
                number, {}, Problem("", "json", "不是 JSON 对象。", "The line is no JSON object.")
            )


def _skip(part: str, lines: Iterator[str]) -> None:
    """Take the other parts of a line that is too long."""
    while part and part[-1] not in "\r\n":
        part = next(lines, "")


def _too_long() -> Problem:
    zh, en = f"该行超过 {JSON_LIMIT:,} 个字符。", f"The line has more than {JSON_LIMIT:,} characters."
    return Problem("", "too_long", zh, en)

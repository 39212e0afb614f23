"""Rows of records in files, one after the other: CSV, Excel and JSON lines. Nothing is held in memory."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO

import openpyxl
from openpyxl.utils.escape import unescape

from metamodel.exchange.csv_rows import csv_rows, detect_delimiter, unique_header
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
        return RowSource("jsonl", (), _json_rows(_decoded(text, name)), lines)
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


def _decoded(text: io.TextIOWrapper, name: str) -> Iterator[str]:
    number = 1
    try:
        for line in text:
            yield line
            number += 1
    except UnicodeDecodeError as error:
        raise UnknownEncoding(file=name, line=number) from error


def _csv(text: io.TextIOWrapper, name: str, lines: int) -> RowSource:
    first = text.readline(SAMPLE)
    text.seek(0)
    rows = csv_rows(_decoded(text, name), name, detect_delimiter(first), with_nul=True)
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
    rows = _page_rows(page, name)
    header = next(rows, [])
    while header and header[-1] is None:
        header.pop()
    columns = tuple(unique_header(["" if cell is None else str(cell) for cell in header], name))
    if not columns:
        raise HeaderWrong(file=name, reason="its first row is empty", reason_zh="第一行为空")
    return RowSource(
        "xlsx", columns, _table_rows(columns, _trimmed(rows, len(columns))), page.max_row and page.max_row - 1
    )


def _unescaped(cell: Any) -> Any:
    """Workbooks write control characters as _x000D_; openpyxl leaves them so."""
    return unescape(cell) if isinstance(cell, str) and "_x" in cell else cell


def _page_rows(page: Any, name: str) -> Iterator[list[Any]]:
    """The sheet's rows; its XML is read as they are taken, so damage shows only then."""
    number = 0
    try:
        for cells in page.iter_rows(values_only=True):
            number += 1
            yield [_unescaped(cell) for cell in cells]
    except Exception as error:
        raise MalformedSheet(file=name, row=number) from error


def _trimmed(rows: Iterator[list[Any]], width: int) -> Iterator[list[Any]]:
    """Excel fills rows up, or leaves their empty end out; rows without any value are left out.

    Left-out rows would shift the numbers of those after them, so the end of the sheet alone is cut.
    """
    waiting = 0
    for cells in rows:
        while len(cells) > width and cells[-1] is None:
            cells.pop()
        if all(cell is None for cell in cells):
            waiting += 1
            continue
        yield from ([None] * width for _ in range(waiting))
        waiting = 0
        yield cells + [None] * (width - len(cells))


def _json_rows(lines: Iterator[str]) -> Iterator[SourceRow]:
    for number, line in enumerate(lines, 1):
        if line.isspace():
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

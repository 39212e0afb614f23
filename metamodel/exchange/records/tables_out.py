"""Files that exports are written to, row by row: CSV and Excel."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import IO, Any, Protocol

import xlsxwriter

from metamodel.catalogue.model import Field
from zhenshu.errors import ZhenshuError

EXCEL_ROWS, EXCEL_COLUMNS, EXCEL_TEXT = 1_048_576, 16_384, 32_767  # limits of the format


class TooLargeForExcel(ZhenshuError):
    """Excel can't hold this export: {reason}. No file was made; choose CSV."""

    status = 422
    zh = "Excel 无法容纳此导出：{reason_zh}。未生成文件，请选择 CSV。"


class TableWriter(Protocol):
    """A table that takes rows; `close` finishes the file."""

    def write(self, cells: Sequence[Any]) -> None: ...

    def close(self) -> None: ...


class CsvTable:
    """CSV in UTF-8 with CRLF line ends (RFC 4180), with a byte order mark where Excel is to open it."""

    def __init__(self, stream: IO[bytes], bom: bool) -> None:
        self._text = io.TextIOWrapper(stream, "utf-8-sig" if bom else "utf-8", newline="", write_through=True)
        self._writer = csv.writer(self._text, lineterminator="\r\n")

    def write(self, cells: Sequence[Any]) -> None:
        self._writer.writerow(cells)

    def close(self) -> None:
        self._text.flush()
        self._text.detach()


class ExcelTable:
    """A workbook with the data on its first sheet and the codebook on its second."""

    def __init__(self, stream: IO[bytes], name: str, fields: Iterable[Field], columns: int) -> None:
        if columns > EXCEL_COLUMNS:
            raise _too_large(f"{columns} columns", f"共 {columns} 列")
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "strings_to_numbers": False,
        }
        self._book = xlsxwriter.Workbook(stream, options)
        self._book.set_properties({"created": datetime(1980, 1, 1)})  # equal data give equal files
        self._date = self._book.add_format({"num_format": "yyyy-mm-dd"})
        self._sheet = self._book.add_worksheet(_sheet_name(name))
        self._fields = list(fields)
        self._row = 0

    def write(self, cells: Sequence[Any]) -> None:
        if self._row >= EXCEL_ROWS:
            raise _too_large(f"more than {EXCEL_ROWS:,} rows", f"超过 {EXCEL_ROWS:,} 行")
        self._write(self._sheet, self._row, cells)
        self._row += 1

    def close(self) -> None:
        page = self._book.add_worksheet("codebook")
        for number, line in enumerate(codebook(self._fields)):
            self._write(page, number, [text[:EXCEL_TEXT] for text in line])
        self._book.close()

    def _write(self, sheet: Any, row: int, cells: Sequence[Any]) -> None:
        for column, cell in enumerate(cells):
            if cell is None or cell == "":
                continue
            if isinstance(cell, date):
                sheet.write_datetime(row, column, cell, self._date)
            elif isinstance(cell, int | float):
                sheet.write_number(row, column, cell)
            elif len(cell) > EXCEL_TEXT:
                raise _too_large(f"a text of {len(cell):,} characters", f"有文本长达 {len(cell):,} 个字符")
            else:
                sheet.write_string(row, column, cell)


def codebook(fields: Iterable[Field]) -> Iterable[list[str]]:
    """What each column means, one field a line after the header."""
    yield ["code", "label_zh", "label_en", "type", "unit", "choices"]
    for field in fields:
        choices = field.value_set.choices if field.value_set else ()
        listed = " | ".join(f"{item.code}, {item.label.zh or item.label.en}" for item in choices)
        yield [field.code, field.label.zh, field.label.en, field.type.name, field.unit, listed]


def _sheet_name(name: str) -> str:
    """Excel takes at most 31 characters; a codes's own are all allowed."""
    return name[:31]


def _too_large(reason: str, reason_zh: str) -> TooLargeForExcel:
    return TooLargeForExcel(reason=reason, reason_zh=reason_zh)

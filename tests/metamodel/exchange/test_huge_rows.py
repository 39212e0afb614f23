"""One row as large as its file, in each format: refused by its line, in bounded memory and time."""

from __future__ import annotations

import io
import re
import tracemalloc
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import xlsxwriter

from metamodel.exchange.csv_rows import ROW_LIMIT
from metamodel.exchange.errors import MalformedCsv, MalformedSheet, UnsafeWorkbook
from metamodel.exchange.records.rows import JSON_LIMIT, SHEET_ROWS, open_rows
from tests.metamodel.exchange.test_workbook_limits import SHEET, changed, rows_of

MEGABYTE = 1 << 20
HUGE = 200  # megabytes

pytestmark = pytest.mark.timeout(400)  # memory is traced, which takes its time


class Endless(io.RawIOBase):
    """A seekable file: a head, the same block again and again, and an end. Nothing of it is kept."""

    def __init__(self, head: bytes, block: bytes, times: int, tail: bytes) -> None:
        self._parts = (head, block, tail)
        self._middle = len(block) * times
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset if whence == 0 else self._at + offset
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        head, block, tail = self._parts
        if self._at < len(head):
            piece = head[self._at :]
        elif self._at < len(head) + self._middle:
            piece = block[(self._at - len(head)) % len(block) :]
        else:
            piece = tail[self._at - len(head) - self._middle :]
        count = min(len(buffer), len(piece))
        buffer[:count] = piece[:count]
        self._at += count
        return count


def huge(head: bytes, block: bytes, tail: bytes) -> Any:
    return io.BufferedReader(Endless(head, block * (MEGABYTE // len(block)), HUGE, tail), MEGABYTE)


@pytest.fixture
def bounded() -> Iterator[None]:
    """No more than 150 MB are in use at any time."""
    tracemalloc.start()
    yield
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 150_000_000


@pytest.mark.slow
@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize(
    ("block", "says"),
    [
        (b"xxxx", "16,000,000"),
        (b"xyz,", "16,000,000"),
        (b'"\nabcdefghijklmn",', "16,000,000"),
        (b'"x\n ', "after its closing"),
    ],
    ids=["one cell", "many cells", "cells over many lines", "quotes that open and close"],
)
def test_a_row_of_csv_that_does_not_end_is_refused_by_its_line(block: bytes, says: str) -> None:
    source = open_rows(huge(b"a,b\n1,2\n", block, b"\n3,4\n"), "data.csv", "csv")

    first = next(source.rows)
    with pytest.raises(MalformedCsv) as refused:
        next(source.rows)

    assert dict(first.cells) == {"a": "1", "b": "2"}
    assert says in refused.value.message("en")
    line = int(refused.value.values["line"])
    assert line >= 3 and str(line) in refused.value.message("zh")


@pytest.mark.slow
@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("block", [b"1,", b"[{", b'{"":'], ids=["a list", "a depth", "objects"])
def test_a_line_of_json_that_is_too_long_is_rejected_alone(block: bytes) -> None:
    content = huge(b'{"a": 1}\n{"a": [', block, b'1]}\n{"a": 2}\n')

    found = list(open_rows(content, "data.jsonl", "jsonl").rows)

    assert [(row.number, row.problem and row.problem.code) for row in found] == [
        (1, None), (2, "too_long"), (3, None),
    ]  # fmt: skip
    assert found[2].cells == {"a": 2}


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("block", [b"[", b"[{},", b'{"":'])
def test_a_line_of_json_just_within_the_limit_takes_no_more(block: bytes) -> None:
    line = b'{"a": ' + block * ((JSON_LIMIT - 10) // len(block)) + b"\n"

    [found] = open_rows(io.BytesIO(line), "data.jsonl", "jsonl").rows

    assert found.problem is not None and found.problem.code == "json"


def test_a_long_honest_row_is_read() -> None:
    cells = ["x" * 900_000] * 17
    assert sum(map(len, cells)) < ROW_LIMIT
    header = ",".join(f"c{number}" for number in range(17))

    rows = list(open_rows(io.BytesIO(f"{header}\n{','.join(cells)}\n".encode()), "data.csv", "csv").rows)

    assert list(rows[0].cells.values()) == cells


def altered(pattern: bytes, by: bytes) -> bytes:
    found = changed(SHEET, lambda data: re.sub(pattern, by, data))
    assert found != changed(SHEET, lambda data: data)
    return found


LIES: dict[str, Callable[[], bytes]] = {
    "its size": lambda: altered(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1:XFD1048576"/>'),
    "no size": lambda: altered(rb'<dimension ref="[^"]*"/>', b""),
    "a smaller size": lambda: altered(rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1"/>'),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_a_sheet_says_of_its_size_is_not_believed(lie: str) -> None:
    rows = rows_of(LIES[lie]())

    assert [row.cells["record_id"] for row in rows] == ["P1", "P2", "P3"]
    assert {len(row.cells) for row in rows} == {2}


@pytest.mark.slow
@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("number", [SHEET_ROWS + 1, 4_000_000_000])
def test_a_row_beyond_any_sheet_is_refused(number: int) -> None:
    content = altered(rb'<row r="4"', f'<row r="{number}"'.encode())

    with pytest.raises(MalformedSheet) as refused:
        rows_of(content)

    assert str(SHEET_ROWS) in refused.value.message("en")


def test_a_cell_in_the_last_column_rejects_its_row_alone() -> None:
    rows = rows_of(altered(rb'r="B3"', b'r="XFD3"'))

    assert [row.problem and row.problem.code for row in rows] == [None, "cells", None]


ROW = rb'(<row r="3"[^>]*>)'
HARMS = {
    "cells": b"<c/>" * 300_000,
    "a row in a row": b'<row r="3"><c/></row>',
    "an end in a comment": b"<!-- </row> -->" + b"<c/>" * 9,
    "an end in a text": b"<c><v><![CDATA[</row>]]></v></c>",
    "an end in an attribute": b'<row a="/>">',
    "an end in the text of a row": b"<row>/>",
    "an endless text": b'<c t="inlineStr"><is><t>' + b"x" * 2_500_000 + b"</t></is></c>",
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_row_that_can_not_be_held_is_refused_before_it_is_read(harm: str) -> None:
    content = changed(SHEET, lambda data: re.sub(ROW, lambda row: row[1] + HARMS[harm], data))

    with pytest.raises(UnsafeWorkbook, match="row that can't be read"):
        rows_of(content)


def test_a_sheet_by_any_name_is_looked_at() -> None:
    """Which part is read as a sheet, the workbook's links say."""
    harmful = changed(SHEET, lambda data: re.sub(ROW, lambda row: row[1] + HARMS["cells"], data))
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(harmful)) as before, zipfile.ZipFile(out, "w") as after:
        for name in before.namelist():
            data = before.read(name).replace(b"worksheets/sheet1.xml", b"theme/../other.bin")
            after.writestr("xl/other.bin" if name == SHEET else name, data)

    with pytest.raises(UnsafeWorkbook, match=r"other\.bin has a row"):
        rows_of(out.getvalue())


@pytest.mark.slow
def test_a_row_of_all_columns_and_rows_without_cells_are_read() -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as book:
        page = book.add_worksheet()
        page.write_row(0, 0, [f"c{number}" for number in range(16_384)])
        page.write_row(1, 0, ["x"] * 16_384)
        page.set_row(2, 30)
        page.write_row(3, 0, ["y"] * 16_384)

    assert [set(row.cells.values()) for row in rows_of(out.getvalue())] == [{"x"}, {None}, {"y"}]

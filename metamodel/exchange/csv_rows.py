"""CSV read strictly and as a stream: what is wrong is said with its line."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from metamodel.exchange.errors import HeaderWrong, MalformedCsv

CELL_LIMIT = 1_000_000  # characters; an unclosed quote must not swallow a whole file into memory
ROW_LIMIT = 16_000_000  # characters; a row of endless small cells must not either
_DELIMITERS = (",", ";", "\t")


@dataclass(frozen=True, slots=True)
class CsvRow:
    """The cells of one row and the line of the file it ends on."""

    line: int
    cells: list[str]


def csv_rows(
    lines: Iterable[str], name: str, delimiter: str = ",", with_nul: bool = False
) -> Iterator[CsvRow]:
    """Rows of CSV text; blank lines are left out.

    Raises:
        MalformedCsv: at a stray or unclosed quote, a cell beyond `CELL_LIMIT`, a row beyond `ROW_LIMIT`, and
            at a NUL character unless cells may come `with_nul`.
    """
    csv.field_size_limit(CELL_LIMIT)  # a setting of the process, the same for everybody
    fed = _Fed(lines if with_nul else _without_nul(lines, name), name)
    reader = csv.reader(iter(fed), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            fed.size = 0
            if cells:
                yield CsvRow(reader.line_num, cells)
    except csv.Error as error:
        reason, reason_zh = _explained(str(error))
        raise MalformedCsv(
            file=name, line=max(reader.line_num, 1), reason=reason, reason_zh=reason_zh
        ) from error


def detect_delimiter(header: str) -> str:
    """The delimiter that cuts the header line into most pieces; a comma when in doubt."""
    return max(_DELIMITERS, key=header.count)


def unique_header(cells: list[str], name: str) -> list[str]:
    """The header's names, trimmed.

    Raises:
        HeaderWrong: when a name is empty or there twice.
    """
    names = [cell.strip() for cell in cells]
    if "" in names:
        number = names.index("") + 1
        raise HeaderWrong(
            file=name, reason=f"column {number} has no name", reason_zh=f"第 {number} 列没有名称"
        )
    repeated = sorted({item for item in names if names.count(item) > 1})
    if repeated:
        listed = ", ".join(repeated)
        raise HeaderWrong(
            file=name,
            reason=f"these columns are there twice: {listed}",
            reason_zh=f"下列各列重复出现：{listed}",
        )
    return names


class _Fed:
    """Lines on their way into a row; `size` is set back when the row is out."""

    def __init__(self, lines: Iterable[str], name: str) -> None:
        self._lines = lines
        self._name = name
        self.size = 0

    def __iter__(self) -> Iterator[str]:
        for number, line in enumerate(self._lines, 1):
            self.size += len(line)
            if self.size > ROW_LIMIT:
                reason = f"a row has more than {ROW_LIMIT:,} characters; a quote may not be closed"
                reason_zh = f"一行超过 {ROW_LIMIT:,} 个字符，可能有引号未闭合"
                raise MalformedCsv(file=self._name, line=number, reason=reason, reason_zh=reason_zh)
            yield line


def _without_nul(lines: Iterable[str], name: str) -> Iterator[str]:
    for number, line in enumerate(lines, 1):
        if "\0" in line:
            raise MalformedCsv(
                file=name, line=number, reason="it holds a NUL character", reason_zh="含有空字符（NUL）"
            )
        yield line


def _explained(message: str) -> tuple[str, str]:
    if "field larger" in message:
        return (
            f"a cell has more than {CELL_LIMIT:,} characters; a quote may not be closed",
            f"单元格超过 {CELL_LIMIT:,} 个字符，可能有引号未闭合",
        )
    if "unexpected end" in message:
        return (
            "a quoted cell is not closed before the end of the file",
            "直到文件末尾，带引号的单元格都没有闭合",
        )
    if "expected after" in message:
        return "a quoted cell goes on after its closing quote", "带引号的单元格在闭合引号之后还有内容"
    return message, message

"""Batches of rows, bounded in number and in size: a thousand long reports would fill the memory."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from metamodel.exchange.records.rows import SourceRow

MOST_CHARACTERS: Final = 8 * 1024**2  # of a batch before its last row; storing takes several times that
CELL: Final = 32  # what a cell takes besides its text, counted as characters


def batches(
    rows: Iterable[SourceRow], most_rows: int, most_characters: int = MOST_CHARACTERS
) -> Iterator[list[SourceRow]]:
    """All rows in order, in batches of at least one row."""
    batch: list[SourceRow] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += size_of(row)
        if len(batch) >= most_rows or size >= most_characters:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def size_of(row: SourceRow) -> int:
    """How much a row holds, in characters. Lists and objects of JSON lines count as their text."""
    cells = row.cells.values()
    return sum(len(cell if isinstance(cell, str) else str(cell)) for cell in cells) + CELL * len(cells)

"""A file of data with its codebook and import scripts in one zip archive, the same for the same data."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from shutil import copyfileobj
from typing import Final

from metamodel.catalogue.model import Field, Label
from metamodel.exchange.records.columns import ExportColumn
from metamodel.exchange.records.statistics.codebook import (
    About,
    Coded,
    Line,
    codebook_csv,
    codebook_markdown,
    masking_of,
)
from metamodel.exchange.records.statistics.scripts import scripts_for
from metamodel.exchange.records.statistics.shapes import YES_NO, reason_label
from metamodel.exchange.records.statistics.variables import Kind, kind_of

_EPOCH: Final = (1980, 1, 1, 0, 0, 0)  # the first moment a zip archive can hold


def pack(to: Path, data: Path, format: str, about: About, language: str) -> None:
    """`data`, `codebook.csv`, `codebook.md` and the import scripts as the archive `to`."""
    texts = {
        "codebook.csv": codebook_csv(about, language),
        "codebook.md": codebook_markdown(about, language),
        **{name: text.encode() for name, text in scripts_for(format, about, language).items()},
    }
    with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
        with data.open("rb") as source, archive.open(_entry(about.file), "w", force_zip64=True) as entry:
            copyfileobj(source, entry, 1 << 20)
        for name, content in texts.items():
            archive.writestr(_entry(name), content)


def _entry(name: str) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o600 << 16
    return info


def lines_of_table(
    columns: Sequence[ExportColumn], widths: Sequence[int], masked: frozenset[str], language: str | None
) -> list[Line]:
    """The lines of a CSV file or workbook; `language` if it has labels in the place of codes.

    `widths` are the bytes of the longest cell of each column.
    """
    return [
        replace(_of_column(place, columns, masked, language), width=width)
        for place, width in enumerate(widths)
    ]


def _of_column(
    place: int, columns: Sequence[ExportColumn], masked: frozenset[str], language: str | None
) -> Line:
    heading, item = columns[place].heading, columns[place].field
    if item is not None:
        return _line(heading, item, masked, language)
    before = columns[place - 1].field if place else None
    if before is not None and heading == f"{before.code}.missing":
        return _reasons(heading, before)
    return Line(heading, heading, Label(), Kind.TEXT)


def _line(heading: str, item: Field, masked: frozenset[str], language: str | None) -> Line:
    kind = kind_of(item)
    choices = item.value_set.choices if item.value_set else ()
    labels = YES_NO if kind is Kind.BOOLEAN else {choice.code: choice.label for choice in choices}
    values = [
        Coded((label.text(language) or code) if language else code, code, label)
        for code, label in labels.items()
    ]
    if item.code in masked:
        return Line(heading, item.code, item.label, Kind.TEXT, item.unit, masking=masking_of(item))
    if kind is Kind.BOOLEAN and language:
        kind = Kind.CHOICE  # it has words in it
    return Line(heading, item.code, item.label, kind, item.unit, values)


def _reasons(heading: str, item: Field) -> Line:
    values: Sequence[Coded] = [Coded(reason, reason, reason_label(reason)) for reason in item.missing_codes]
    label = Label(f"{item.label.text('zh')}：缺失原因", f"{item.label.text('en')}: why missing")
    return Line(heading, heading, label, Kind.CHOICE, values=values)

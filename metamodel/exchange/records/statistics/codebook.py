"""The codebook of an export: what each variable of the file is, as a CSV table and to read."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from metamodel.catalogue.model import Field, Label
from metamodel.exchange.records.statistics.columns import FileColumn
from metamodel.exchange.records.statistics.parquet import level_texts
from metamodel.exchange.records.statistics.shapes import Shape, Text
from metamodel.exchange.records.statistics.variables import Kind
from metamodel.exchange.report import both
from zhenshu.cells import harmless

HEADINGS: Final = (
    "variable", "field", "label_zh", "label_en", "type", "unit", "values", "missing", "masking", "note",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Coded:
    """A value as the file has it, the code it stands for, and its words."""

    value: Any
    code: str
    label: Label


@dataclass(frozen=True, slots=True)
class Line:
    """One variable of a file."""

    name: str
    source: str
    label: Label
    kind: Kind
    unit: str = ""
    values: Sequence[Coded] = ()
    missing: Sequence[Coded] = ()
    masking: str = ""
    notes: Sequence[Text] = ()
    width: int = 0  # bytes of the longest value in a text file, 0 where that is not known


@dataclass(frozen=True, slots=True)
class About:
    """What the data are, for the head of the codebook."""

    database: str
    record_type: str
    label: Label
    release: int
    records: int
    file: str
    sha256: str = ""
    lines: Sequence[Line] = field(default=())


def line_of(name: str, shape: Shape, column: FileColumn | None, language: str | None) -> Line:
    """The line of a typed column; `column` tells the values where the file has numbers for codes."""
    item = shape.variable.field
    missing = [
        Coded(value, code := column.codes[value], shape.reasons[code])
        for value in (column.reasons if column else ())
        if column
    ]
    masked = shape.variable.masked and not shape.variable.place
    return Line(
        name, shape.source, shape.label, shape.kind, shape.unit,
        _values(shape, column, language), missing, masking_of(item) if item and masked else "", shape.notes,
    )  # fmt: skip


def _values(shape: Shape, column: FileColumn | None, language: str | None) -> list[Coded]:
    if shape.kind is Kind.BOOLEAN and column is None:
        return []
    if column is None:
        shown = level_texts(shape, language)
        return [
            Coded(text, code, label) for text, (code, label) in zip(shown, shape.choices.items(), strict=True)
        ]
    return [
        Coded(value, code := column.codes.get(value, str(value)), shape.choices.get(code, Label()))
        for value in column.labels
    ]


def masking_of(item: Field) -> str:
    """The name of what masked a field: its masking type, or that it is covered whole."""
    return item.masking or "covered"


def number_text(value: Any) -> str:
    """A value as a person writes it: 1, not 1.0."""
    return f"{value:.0f}" if isinstance(value, float) and value == int(value) else str(value)


def codebook_csv(about: About, language: str) -> bytes:
    """One line a variable, UTF-8 with byte order mark; no cell runs as a formula."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(HEADINGS)
    for line in about.lines:
        writer.writerow([harmless(cell) for cell in _cells(line, language)])
    return text.getvalue().encode("utf-8-sig")


def _cells(line: Line, language: str) -> list[str]:
    return [
        line.name, line.source, line.label.text("zh"), line.label.text("en"), line.kind.value, line.unit,
        _listed(line.values, language), _listed(line.missing, language), line.masking,
        " ".join(note[language] for note in line.notes),
    ]  # fmt: skip


def _listed(values: Sequence[Coded], language: str) -> str:
    return " | ".join(_one(item, language) for item in values)


def _one(item: Coded, language: str) -> str:
    value, words = number_text(item.value), item.label.text(language)
    shown = f"{value} = {words}" if words and words != value else value
    return shown if item.code == value else f"{shown} ({item.code})"


_WORDS: Final = {
    "title": both("数据字典", "Codebook"),
    "database": both("病种库", "Database"),
    "record_type": both("记录类型", "Record type"),
    "release": both("定义发布版本", "Release of the definition"),
    "records": both("记录数", "Records"),
    "file": both("数据文件", "Data file"),
    "sha256": both("内容哈希（SHA-256）", "Hash of its content (SHA-256)"),
    "variable": both("变量", "Variable"),
    "field": both("字段", "Field"),
    "label": both("名称", "Label"),
    "type": both("类型", "Type"),
    "unit": both("单位", "Unit"),
    "values": both("取值", "Values"),
    "missing": both("缺失代码", "Missing-data codes"),
    "masking": both("脱敏", "Masking"),
    "note": both("说明", "Note"),
}


def codebook_markdown(about: About, language: str) -> bytes:
    """The same to read, with what the data are and the hash of the file."""
    return ("\n".join(_markdown(about, language)) + "\n").encode()


def _markdown(about: About, language: str) -> Iterator[str]:
    words = {name: text[language] for name, text in _WORDS.items()}
    yield f"# {words['title']}: {_escaped(about.label.text(language))}"
    yield ""
    for name in ("database", "record_type", "release", "records", "file", "sha256"):
        yield f"- {words[name]}: `{getattr(about, name)}`"
    yield ""
    columns = ("variable", "field", "label", "type", "unit", "values", "missing", "masking", "note")
    yield "| " + " | ".join(words[name] for name in columns) + " |"
    yield "|" + " --- |" * len(columns)
    for line in about.lines:
        cells = _cells(line, language)
        cells[2:4] = [line.label.text(language)]
        yield "| " + " | ".join(_escaped(cell) for cell in cells) + " |"


def _escaped(text: str) -> str:
    for mark in ("\\", "|", "<", "`", "*", "["):
        text = text.replace(mark, "\\" + mark)
    return " ".join(text.split())

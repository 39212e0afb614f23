"""ISARIC's value lists: `Lists/<group>/<name>.csv`, named `<group>_<name>` in the library."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from metamodel.exchange.choices import ChoiceText, unique_choices
from metamodel.exchange.csv_rows import csv_rows
from metamodel.exchange.errors import HeaderWrong
from metamodel.exchange.report import Report, both
from metamodel.exchange.source import SourceFile

_PATH = re.compile(r"(?:^|/)Lists/([^/]+)/([^/]+)\.csv$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class ValueList:
    """A value list: its name, its title (the heading of its first column) and its choices."""

    name: str
    title: str
    choices: tuple[ChoiceText, ...]


def is_list(file: SourceFile) -> bool:
    return _PATH.search(file.name) is not None


def read_lists(files: Sequence[SourceFile], report: Report) -> Mapping[str, ValueList]:
    """All value lists, by lower-case name (`drugs_antibiotics`).

    The column `Value` has the code that is stored, the first column the label. A row without a value,
    or with one that was there before, is left out and reported.
    """
    lists = {}
    for file in files:
        match = _PATH.search(file.name)
        if match is not None:
            name = f"{match[1]}_{match[2]}"
            lists[name.lower()] = _read(file, name, report)
    report.counts["value lists"] = len(lists)
    return lists


def _read(file: SourceFile, name: str, report: Report) -> ValueList:
    rows = csv_rows(io.StringIO(file.text(), newline=""), file.name)
    first = next(rows, None)
    header = [] if first is None else [cell.strip() for cell in first.cells]
    if "Value" not in header:
        raise HeaderWrong(file=file.name, reason="it lacks the column Value", reason_zh="缺少 Value 列")
    place = header.index("Value")
    entries = []
    for row in rows:
        value = row.cells[place].strip() if place < len(row.cells) else ""
        text = row.cells[0].strip()
        if value:
            entries.append(ChoiceText(value, text or value))
        elif text:
            where = f"{file.name}:{row.line}"
            reason = both("没有取值（Value），无法存储", "it has no Value to store")
            report.drop(where, both("值表条目", "an entry of a value list"), reason, text)
    choices = unique_choices(entries)
    for entry in choices.repeated:
        reason = both(
            "取值（Value）已出现过，保留第一个", "its Value was there before; the first one is kept"
        )
        report.drop(file.name, both("重复的值表条目", "a repeated entry of a value list"), reason, entry)
    _report_columns(file.name, header, report)
    return ValueList(name, f"{name.replace('_', ' ')}", choices.choices)


def _report_columns(name: str, header: list[str], report: Report) -> None:
    left = [heading for heading in header[1:] if heading != "Value"]
    if left:
        reason = both("值域只保存编码与名称", "a value set holds codes and labels only")
        report.drop(name, both("值表的其他列", "other columns of a value list"), reason, ", ".join(left))

"""The report of an import: what was understood, what was not carried over and why, what is not known."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from zhenshu.cells import harmless

Text = Mapping[str, str]  # {"zh": ..., "en": ...}


def both(zh: str, en: str) -> dict[str, str]:
    """A text in both languages."""
    return {"zh": zh, "en": en}


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of the source: `where` it stands, `what` it is, the `reason`, and its own `text`.

    `field` ("patient.age") is the field that became of its variable, "" where there is none.
    """

    where: str
    what: Text
    reason: Text
    text: str = ""
    field: str = ""

    def to_json(self) -> dict[str, Any]:
        return {
            "where": self.where,
            "what": dict(self.what),
            "reason": dict(self.reason),
            "text": self.text,
            "field": self.field,
        }


@dataclass
class Report:
    """Collected while a file is read. `counts` are numbers by name, e.g. {"variables": 97}."""

    format: str
    counts: dict[str, int] = field(default_factory=dict)
    understood: list[Text] = field(default_factory=list)
    not_carried: list[Item] = field(default_factory=list)
    unknown: list[Item] = field(default_factory=list)

    def count(self, name: str, number: int = 1) -> None:
        self.counts[name] = self.counts.get(name, 0) + number

    def understand(self, zh: str, en: str) -> None:
        self.understood.append(both(zh, en))

    def drop(self, where: str, what: Text, reason: Text, text: str = "") -> None:
        """Note something that the document does not hold."""
        self.not_carried.append(Item(where, what, reason, text))

    def leave_open(self, where: str, what: Text, reason: Text, text: str = "") -> None:
        """Note something that the files do not tell."""
        self.unknown.append(Item(where, what, reason, text))

    def link(self, fields: Mapping[str, str]) -> None:
        """Name the field of each item that stands where a variable became one; `fields` by place."""
        for items in (self.not_carried, self.unknown):
            items[:] = [replace(item, field=fields.get(item.where, item.field)) for item in items]

    def to_json(self) -> dict[str, Any]:
        return {
            "format": self.format,
            "counts": dict(self.counts),
            "understood": [dict(item) for item in self.understood],
            "not_carried": [item.to_json() for item in self.not_carried],
            "unknown": [item.to_json() for item in self.unknown],
        }


_TITLES: Mapping[str, Text] = {
    "understood": both("已理解", "Understood"),
    "not_carried": both("未带入", "Not carried over"),
    "unknown": both("无法得知", "Not known from these files"),
    "none": both("无", "none"),
}


def render_report(report: Mapping[str, Any], language: str) -> list[str]:
    """The report as lines of text in `language` ("zh" or "en"), one item a line."""
    counts = ", ".join(f"{name} {number}" for name, number in report["counts"].items())
    lines = [f"{report['format']}: {counts}", f"{_TITLES['understood'][language]}:"]
    lines += [f"  - {item[language]}" for item in report["understood"]]
    for part in ("not_carried", "unknown"):
        items = report[part]
        lines.append(f"{_TITLES[part][language]} ({len(items)}):")
        lines += [f"  - {_line(item, language)}" for item in items]
        if not items:
            lines.append(f"  - {_TITLES['none'][language]}")
    return lines


_HEADINGS: Mapping[str, tuple[str, ...]] = {
    "zh": ("类别", "位置", "字段", "内容", "原因", "原文"),
    "en": ("part", "where", "field", "what", "reason", "text"),
}


def report_rows(report: Mapping[str, Any], language: str) -> Iterator[list[str]]:
    """What was not carried over and what is not known as rows of a table, after its headings.

    The texts come from a foreign file, so each is made harmless for spreadsheets.
    """
    yield list(_HEADINGS[language])
    for part in ("not_carried", "unknown"):
        for item in report[part]:
            cells = (item["where"], item.get("field", ""), item["what"][language], item["reason"][language])
            yield [_TITLES[part][language], *(harmless(cell) for cell in (*cells, item["text"]))]


def _line(item: Mapping[str, Any], language: str) -> str:
    text = f" «{item['text']}»" if item["text"] else ""
    colon = "：" if language == "zh" else ": "
    return f"{item['where']} {item['what'][language]}{text}{colon}{item['reason'][language]}"

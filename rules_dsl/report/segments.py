"""Sentences, clauses and sections of a folded report."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Final

_END: Final = re.compile(r"[。;!?\n]+|(?<!\d)\.(?=\s|$|[\u4e00-\u9fff])|(?<=[\u4e00-\u9fff])\.(?=\D|$)")
_COMMA: Final = re.compile(r"[,|]")
_TITLE: Final = re.compile(
    r"(?:^|(?<=[\n。;]))[ \t]*(?:\[([\u4e00-\u9fff]{2,8})\]|([\u4e00-\u9fff/]{2,10})[ \t]*:)"
)


@dataclass(frozen=True, slots=True)
class Sentence:
    start: int
    end: int
    commas: tuple[int, ...]
    question: bool


def sentences(text: str) -> list[Sentence]:
    """In order; the mark that ends one belongs to it, since ？ says that all is uncertain."""
    found: list[Sentence] = []
    start = 0
    for end in _END.finditer(text):
        if end.start() > start:
            found.append(_sentence(text, start, end.start(), "?" in end.group()))
        start = end.end()
    if start < len(text):
        found.append(_sentence(text, start, len(text), False))
    return found


def _sentence(text: str, start: int, end: int, question: bool) -> Sentence:
    commas = tuple(m.start() for m in _COMMA.finditer(text, start, end))
    return Sentence(start, end, commas, question)


class Sections:
    """Which section a place lies in, by the titles that the package names."""

    def __init__(self, text: str, titles: dict[str, str]) -> None:
        self._starts: list[int] = []
        self._names: list[str] = []
        for match in _TITLE.finditer(text):
            name = titles.get(match.group(1) or match.group(2))
            if name is not None:
                self._starts.append(match.end())
                self._names.append(name)
        self.spans = list(self._starts)

    def at(self, offset: int) -> str | None:
        found = bisect_right(self._starts, offset) - 1
        return self._names[found] if found >= 0 else None

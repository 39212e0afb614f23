"""Sentences, clauses and sections of a folded report."""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 800
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

    def __len__(self) -> int:
        return self.end - self.start


def sentences(text: str) -> list[Sentence]:
    """In order; the mark that ends one belongs to it, since ？ says that all is uncertain."""
    found: list[Sentence] = []
    start = 0
    for end in _END.finditer(text):
        if end.start() > start:
            sentence = _sentence(text, start, end.start(), "?" in end.group())
            found += [sentence] if len(sentence) <= LONGEST else _shortened(text, sentence)
        start = end.end()
    if start < len(text):
        found += _shortened(text, _sentence(text, start, len(text), False))
    return found


def _shortened(text: str, sentence: Sentence) -> Iterator[Sentence]:
    """A sentence without end, as tables and broken files have them, in pieces that end at commas."""
    start, last = sentence.start, sentence.end
    while last - start > LONGEST:
        comma = max(text.rfind(mark, start + 1, start + LONGEST) for mark in ",| ")
        end = comma if comma > start else start + LONGEST
        yield _sentence(text, start, end, False)
        start = end
    yield _sentence(text, start, last, sentence.question)


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


class SpansByPlace:
    """Spans in the order of the text, given out sentence by sentence."""

    def __init__(self, spans: list[tuple[int, int]]) -> None:
        self._spans = sorted(spans)
        self._starts = [start for start, _ in self._spans]

    def within(self, sentence: Sentence) -> list[tuple[int, int]]:
        first = bisect_left(self._starts, sentence.start)
        return self._spans[first : bisect_left(self._starts, sentence.end, first)]

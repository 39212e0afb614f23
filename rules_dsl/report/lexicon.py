"""All words of a package in one Aho-Corasick automaton: the longest word from the left wins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final

import ahocorasick

from rules_dsl.report.finder import Finder
from rules_dsl.report.model import Modifier, Package, Term

SIDE, SITE, TERM, HEAD, TAIL, CUE, STOP, DENSITY, CHANGE, ENUM, IGNORE, JOIN, HIST = range(13)
_PLACES: Final = frozenset({SIDE, SITE})
_CUTTING: Final = frozenset("瘤癌炎病")
_JOINS: Final = ("、", "及", "和", "与", "或", "以及", "及其", "/", "并")


@dataclass(frozen=True, slots=True)
class Entry:
    """What a word means: its kind and what of the package it belongs to."""

    kind: int
    value: Any


@dataclass(slots=True)
class Token:
    start: int
    end: int
    entries: tuple[Entry, ...]
    kinds: frozenset[int] = field(default_factory=frozenset)

    def get(self, kind: int) -> Any:
        for entry in self.entries:
            if entry.kind == kind:
                return entry.value
        return None


class Lexicon:
    """Finds the words of a package in a folded text."""

    def __init__(self, package: Package) -> None:
        self._entries: dict[str, list[Entry]] = {}
        self._fill(package)
        self._automaton = ahocorasick.Automaton()
        for word, entries in self._entries.items():
            kinds = frozenset(entry.kind for entry in entries)
            self._automaton.add_word(word, (len(word), tuple(entries), kinds))
        self._automaton.make_automaton()
        patterns = [(site, p) for site in package.sites for p in site.patterns]
        self._site_patterns = [(Finder(p, f"部位 {site.name}"), site) for site, p in patterns]

    def _fill(self, package: Package) -> None:
        synonyms = {word: term.words for term in package.terms.values() for word in term.words}
        for term in package.terms.values():
            for word in term.words:
                self._add(word, TERM, term)
            for first, last in term.splits:
                self._add(first, HEAD, first)
                for word in synonyms.get(last, (last,)):
                    self._add(word, TAIL, (first, term))
        for modifier in package.modifiers:
            for word in modifier.words:
                self._add(word, CUE, modifier)
        for word, side in package.sides.items():
            self._add(word, SIDE, side)
        for site in package.sites:
            for word in site.words:
                self._add(word, SITE, site)
        for kind, code in (("density", DENSITY), ("change", CHANGE)):
            for word, value in package.values[kind].items():
                self._add(word, code, value)
        for closed in package.enums:
            for word in closed.words:
                self._add(word, ENUM, closed)
        for cls in package.histology:
            for word in cls.words:
                self._add(word, HIST, cls)
        for words, code in ((package.stops, STOP), (package.ignored, IGNORE), (_JOINS, JOIN)):
            for word in words:
                self._add(word, code, word)

    def _add(self, word: str, kind: int, value: Any) -> None:
        self._entries.setdefault(word, []).append(Entry(kind, value))

    def tokens(self, text: str, stopped: list[str]) -> list[Token]:
        """Words that do not overlap, from the left, the longest first."""
        found = [
            Token(end - size + 1, end + 1, entries, kinds)
            for end, (size, entries, kinds) in self._automaton.iter_long(text)
        ]
        found = self._without_cut_terms(text, found)
        if self._site_patterns and any(
            (char.isascii() and char.isalnum()) or char in _ROMANS for char in text
        ):
            found = self._with_patterns(text, found, stopped)
        return found

    def _without_cut_terms(self, text: str, found: list[Token]) -> list[Token]:
        """A term that begins inside a place goes first: 前交通动脉瘤 is 前交通 and 动脉瘤."""
        kept: list[Token] = []
        for token in found:
            if kept and token.start < kept[-1].end:
                continue
            kept.append(token)
            if (
                len(token.kinds) == 1
                and token.kinds <= _PLACES
                and text[token.end : token.end + 1] in _CUTTING
            ) and (cut := self._cut(text, token)):
                kept[-1:] = cut
        return kept

    def _cut(self, text: str, token: Token) -> list[Token]:
        window = text[token.start + 1 : token.end + 6]
        for end, (size, entries, kinds) in self._automaton.iter(window):
            start, stop = token.start + 1 + end - size + 1, token.start + 2 + end
            if start < token.end < stop and TERM in kinds and size > 2:
                return [Token(start, stop, entries, kinds)]
        return []

    def _with_patterns(self, text: str, found: list[Token], stopped: list[str]) -> list[Token]:
        added = [
            Token(start, end, (Entry(SITE, site),), frozenset({SITE}))
            for pattern, site in self._site_patterns
            for start, end in pattern.spans(text, stopped)
            if not _within_a_word(text, start, end)
        ]
        if not added:
            return found
        added.sort(key=lambda it: (it.start, -it.end))
        merged: list[Token] = []
        for token in sorted((*found, *added), key=lambda it: (it.start, it.start - it.end)):
            if merged and token.start < merged[-1].end:
                if token.end - token.start > merged[-1].end - merged[-1].start:
                    merged[-1] = token
                continue
            merged.append(token)
        return merged


def _within_a_word(text: str, start: int, end: int) -> bool:
    """Whether ASCII letters or digits go on at either side: the t1 of pT1c is no vertebra."""
    before, after = text[max(0, start - 1) : start], text[end : end + 1]
    return (before.isascii() and before.isalnum()) or (after.isascii() and after.isalnum())


_ROMANS: Final = frozenset("ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ")

__all__ = ["Entry", "Lexicon", "Modifier", "Term", "Token"]

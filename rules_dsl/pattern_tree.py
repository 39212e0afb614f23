"""A pattern as a tree of sets and repetitions, for the browser, which matches without an engine of its own.

The printed notation of `Pattern` is read; it was checked when the rule was, so nothing here can be wrong.

    {"p": "set", "ranges": [[48, 57]]}          one character, by code points, both ends included
    {"p": "start"}, {"p": "end"}                of the text
    {"p": "sequence" | "either", "items": [...]}
    {"p": "repeat", "item": ..., "least": 0, "most": null}
"""

from __future__ import annotations

from typing import Any, Final

from rules_dsl.patterns import Pattern

Json = dict[str, Any]
Ranges = list[tuple[int, int]]

LAST: Final = 0x10FFFF
_CONTROLS: Final = {"n": "\n", "t": "\t", "r": "\r", "f": "\f", "v": "\v"}
_COUNTS: Final[dict[str, tuple[int, int | None]]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}


def pattern_tree(pattern: Pattern) -> Json:
    """The tree of `pattern`."""
    return _Reader(pattern.text).either()


class _Reader:
    """Recursive descent over the printed notation of one pattern."""

    def __init__(self, text: str) -> None:
        self._text, self._at = text, 0

    def _peek(self) -> str:
        return self._text[self._at : self._at + 1]

    def _take(self) -> str:
        self._at += 1
        return self._text[self._at - 1]

    def either(self) -> Json:
        branches = [self._sequence()]
        while self._peek() == "|":
            self._take()
            branches.append(self._sequence())
        return branches[0] if len(branches) == 1 else {"p": "either", "items": branches}

    def _sequence(self) -> Json:
        items = []
        while self._peek() not in ("", "|", ")"):
            items.append(self._repeated(self._atom()))
        return items[0] if len(items) == 1 else {"p": "sequence", "items": items}

    def _atom(self) -> Json:
        char = self._take()
        match char:
            case "^":
                return {"p": "start"}
            case "$":
                return {"p": "end"}
            case "(":
                self._at += len("?:")
                inside = self.either()
                self._take()
                return inside
            case "[":
                return self._set()
            case _:
                self._at -= 1
                code = self._member()
                return _one_of([(code, code)])

    def _repeated(self, item: Json) -> Json:
        char = self._peek()
        if char and char in _COUNTS:
            self._take()
            least, most = _COUNTS[char]
        elif char == "{":
            closing = self._text.index("}", self._at)
            low, comma, high = self._text[self._at + 1 : closing].partition(",")
            self._at = closing + 1
            least, most = int(low), int(high) if high else None if comma else int(low)
        else:
            return item
        return {"p": "repeat", "item": item, "least": least, "most": most}

    def _set(self) -> Json:
        negated = self._peek() == "^"
        self._at += negated
        ranges: Ranges = []
        while self._peek() != "]":
            low = self._member()
            high = low
            if self._peek() == "-":
                self._take()
                high = self._member()
            ranges.append((low, high))
        self._take()
        return _one_of(_all_but(ranges) if negated else ranges)

    def _member(self) -> int:
        """The code point that is written next, escaped or not."""
        char = self._take()
        if char != "\\":
            return ord(char)
        escaped = self._take()
        return ord(_CONTROLS.get(escaped, escaped))


def _one_of(ranges: Ranges) -> Json:
    return {"p": "set", "ranges": [list(each) for each in sorted(ranges)]}


def _all_but(ranges: Ranges) -> Ranges:
    rest, start = [], 0
    for low, high in sorted(ranges):
        if low > start:
            rest.append((start, low - 1))
        start = max(start, high + 1)
    return [*rest, (start, LAST)] if start <= LAST else rest

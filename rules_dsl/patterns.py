"""The regular expressions of `matches`: a subset read once and printed alike for every engine.

Allowed: characters, `.` (not a line end), `[...]` and `[^...]` with ranges, `\\d \\w \\s` and their
capitals (ASCII), escaped punctuation, `\\n \\t \\r`, `^` and `$` (start and end of the text), groups
`(...)` and `(?:...)`, `|`, and `* + ? {m} {m,} {m,n}` up to 255. All else is refused with its place.
"""

from __future__ import annotations

import string
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

import re2

from rules_dsl.errors import PatternRefused

MAX_PATTERN: Final = 1_000
MAX_REPEAT: Final = 255
MAX_SIZE: Final = 2_000  # beyond about 10,000 RE2 gives up, and finds nothing
MAX_GROUPS_DEEP: Final = 50

ALLOWED: Final = (
    r"Allowed are characters, ., [...], \d \w \s, ^ $, groups, | and * + ? {m,n} up to 255.",
    r"可用：字符、.、[...]、\d \w \s、^ $、分组、|，以及 * + ? {m,n}（至多 255 次）。",
)

_CLASSES: Final = {"d": "0-9", "w": "A-Za-z0-9_", "s": " \\t\\n\\r\\f\\v"}
_CONTROLS: Final = {"n": "\\n", "t": "\\t", "r": "\\r", "f": "\\f", "v": "\\v"}
_SPECIAL: Final = set("\\.^$|?*+()[]{}")


@dataclass(frozen=True)
class Pattern:
    """A pattern in the one notation that RE2, PostgreSQL and JavaScript read alike."""

    text: str

    def search(self, text: str) -> bool:
        """Whether the pattern is found anywhere in `text`."""
        return _compiled(self.text).search(text) is not None


def _set_member(char: str) -> str:
    return "\\" + char if char in "\\[]^-" else char


def _ascends(low: str, high: str) -> bool:
    """Whether two printed members of a set are single characters in order."""
    if low in _CONTROLS.values() or high in _CONTROLS.values():
        return False
    first, last = low.removeprefix("\\") or low, high.removeprefix("\\") or high
    return len(first) == len(last) == 1 and first <= last


def _copies(repeat: str) -> int:
    """How often an engine writes out what is repeated: `{1,3}` is three copies, `*` one."""
    if not repeat.startswith("{"):
        return 1
    low, _, high = repeat[1:-1].partition(",")
    return max(int(high or low), 1)


@cache
def _compiled(text: str) -> Any:
    options = re2.Options()
    options.log_errors = False
    return re2.compile(text, options)


def read_pattern(source: str, rule: str = "", offset: int = 0) -> Pattern:
    """The pattern that `source` writes; `offset` is its place in `rule`, for errors.

    Raises:
        PatternRefused: at the first thing outside the subset.
    """
    reader = _Reader(source, rule, offset)
    printed = reader.alternatives(0)
    if reader.at < len(source):
        raise reader.refuse("`)`")
    try:
        _compiled(printed)
    except re2.error:
        raise PatternRefused(
            rule,
            (offset, offset + len(source)),
            *ALLOWED,
            found="too many repetitions",
            found_zh="过多的重复",
        ) from None
    return Pattern(printed)


class _Reader:
    """Recursive descent over one pattern; each method returns the printed form of what it read."""

    def __init__(self, source: str, rule: str, offset: int) -> None:
        self._source, self._rule, self._offset = source, rule, offset
        self.at = 0
        self._size = 0  # characters and sets, with repetitions written out
        if len(source) > MAX_PATTERN:
            raise self.refuse(f"more than {MAX_PATTERN} characters", zh=f"超过 {MAX_PATTERN} 个字符")

    def refuse(self, found: str, width: int = 1, zh: str = "") -> PatternRefused:
        start = self._offset + self.at
        return PatternRefused(self._rule, (start, start + width), *ALLOWED, found=found, found_zh=zh or found)

    def _peek(self, width: int = 1) -> str:
        return self._source[self.at : self.at + width]

    def _take(self, width: int = 1) -> str:
        taken = self._peek(width)
        self.at += width
        return taken

    def alternatives(self, depth: int) -> str:
        if depth > MAX_GROUPS_DEEP:
            raise self.refuse("groups nested too deeply", zh="过深的分组")
        branches = [self._sequence(depth)]
        while self._peek() == "|":
            self._take()
            branches.append(self._sequence(depth))
        if len(branches) > 1 and "" in branches:
            raise self.refuse("an empty alternative", zh="空的分支")
        return "|".join(branches)

    def _sequence(self, depth: int) -> str:
        parts = []
        while self._peek() not in ("", "|", ")"):
            parts.append(self._piece(depth))
        return "".join(parts)

    def _piece(self, depth: int) -> str:
        char = self._peek()
        if char in "^$":
            return self._take() + self._no_repeat()
        before, atom = self._size, self._atom(depth)
        self._size += 0 if char == "(" else 1
        repeat = self._repeat()
        self._size = before + (self._size - before) * _copies(repeat)
        if self._size > MAX_SIZE:
            raise self.refuse("too many repetitions", zh="过多的重复")
        return atom + repeat

    def _no_repeat(self) -> str:
        if self._peek() and self._peek() in "*+?{":
            raise self.refuse("a repeated `^` or `$`", zh="重复的 `^` 或 `$`")
        return ""

    def _atom(self, depth: int) -> str:
        char = self._peek()
        if char == "(":
            return self._group(depth)
        if char == "[":
            return self._set()
        if char == "\\":
            return self._escape(inside=False)
        if char == ".":
            self._take()
            return "[^\\n]"
        if char in "*+?{}]":
            raise self.refuse(f"`{char}` with nothing before it", zh=f"前面没有内容的 `{char}`")
        return self._character(self._take())

    def _group(self, depth: int) -> str:
        if self._peek(3) == "(?:":
            self._take(3)
        elif self._peek(2) == "(?":
            raise self.refuse(f"`{self._peek(3)}`", 3)
        else:
            self._take()
        inside = self.alternatives(depth + 1)
        if self._peek() != ")":
            raise self.refuse("an unclosed group", zh="未结束的分组")
        if not inside:
            raise self.refuse("an empty group", zh="空的分组")
        self._take()
        return f"(?:{inside})"

    def _repeat(self) -> str:
        char = self._peek()
        if not char or char not in "*+?{":
            return ""
        repeat = self._counted() if char == "{" else self._take()
        if self._peek() and self._peek() in "*+?{":
            raise self.refuse(f"`{self._peek()}` after a repetition", zh=f"重复之后的 `{self._peek()}`")
        return repeat

    def _counted(self) -> str:
        closing = self._source.find("}", self.at)
        body = self._source[self.at + 1 : closing] if closing > 0 else ""
        low, comma, high = body.partition(",")
        numbers = [part for part in (low, high) if part]
        if not low or not all(part.isascii() and part.isdigit() for part in numbers):
            raise self.refuse("`{` without counts", zh="没有次数的 `{`")
        if any(int(part) > MAX_REPEAT for part in numbers) or (high and int(high) < int(low)):
            raise self.refuse(
                f"a count above {MAX_REPEAT} or out of order",
                len(body) + 2,
                f"超过 {MAX_REPEAT} 或次序颠倒的次数",
            )
        self._take(len(body) + 2)
        return "{" + str(int(low)) + comma + (str(int(high)) if high else "") + "}"

    def _escape(self, inside: bool) -> str:
        letter = self._peek(2)[1:]
        if letter in _CONTROLS:
            self._take(2)
            return _CONTROLS[letter]
        if letter.lower() in _CLASSES and letter:
            return self._class(letter, inside)
        if not letter or letter not in string.punctuation:
            raise self.refuse(f"`\\{letter}`", 2)
        self._take(2)
        return _set_member(letter) if inside else self._character(letter)

    def _class(self, letter: str, inside: bool) -> str:
        if inside and letter.isupper():
            raise self.refuse(f"`\\{letter}` inside `[...]`", 2, f"`[...]` 中的 `\\{letter}`")
        self._take(2)
        members = _CLASSES[letter.lower()]
        if inside:
            return members
        return f"[^{members}]" if letter.isupper() else f"[{members}]"

    def _set(self) -> str:
        self._take()
        negated = "^" if self._peek() == "^" else ""
        self._take(len(negated))
        members: list[str] = []
        while self._peek() != "]":
            if not self._peek():
                raise self.refuse("an unclosed `[`", zh="未结束的 `[`")
            members.append(self._range())
        if not members:
            raise self.refuse("an empty `[]`", zh="空的 `[]`")
        self._take()
        return f"[{negated}{''.join(members)}]"

    def _range(self) -> str:
        start, low = self.at, self._member()
        if self._peek() != "-" or self._peek(2) in ("-]", "-"):
            return low
        self._take()
        high = self._member()
        if not _ascends(low, high):
            width = self.at - start
            self.at = start
            raise self.refuse("a range that does not ascend", width, "未按升序的范围")
        return f"{low}-{high}"

    def _member(self) -> str:
        char = self._peek()
        if char == "\\":
            return self._escape(inside=True)
        if char == "[":
            raise self.refuse("`[` inside `[...]`: write `\\[`", zh="`[...]` 中的 `[`（请写 `\\[`）")
        self._take()
        return _set_member(char)

    def _character(self, char: str) -> str:
        if char == "\x00":
            raise self.refuse("a zero character", zh="零字符")
        return "\\" + char if char in _SPECIAL else char

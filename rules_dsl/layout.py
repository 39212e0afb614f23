"""Nodes to canonical text in lines: what is longer than a line is broken where its parts meet.

Items of `and` and `or` take a line each, the arguments of a long call stand one a line, indented; sums and
lists of options fill their lines. What can't be broken, as a long text, may be longer than a line.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import singledispatchmethod
from itertools import islice
from typing import Final
from unicodedata import east_asian_width

from rules_dsl.errors import Language
from rules_dsl.limits import make_room
from rules_dsl.nodes import Between, Binary, Call, In, IsMissing, Logic, Node, Unary, fold
from rules_dsl.printer import (
    ARITHMETIC,
    NEGATED,
    OPERAND,
    SIGNED,
    binding,
    function_name,
    least_of,
    operator,
    text_of,
    word,
    wrapped,
)

_STEP: Final = 2  # columns by which inner lines are indented


def print_lines(node: Node, language: Language, width: int) -> str:
    """The canonical text of `node` in lines of at most `width` columns; reading it gives an equal node."""
    make_room(node.depth)
    return _Layout(node, language, width).block(node, 0, 0, 0)


def columns(text: str) -> int:
    """How wide the last line of `text` is: a Chinese character takes two columns."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text.rpartition("\n")[2])


class _Layout:
    """`indent` is where further lines of a part begin, `column` where it begins itself."""

    def __init__(self, root: Node, language: Language, width: int) -> None:
        self._language = language
        self._width = width
        self._flat: dict[int, str] = {}
        fold(root, self._remember)

    def _remember(self, node: Node, texts: list[str]) -> str:
        text = text_of(node, texts, self._language)
        self._flat[id(node)] = text
        return text

    def block(self, node: Node, least: int, indent: int, column: int) -> str:
        """`node` in one line where there is room, in parentheses where it binds more loosely than `least`."""
        flat = wrapped(node, self._flat[id(node)], least)
        if column + columns(flat) <= self._width:
            return flat
        if binding(node) >= least:
            return self._broken(node, indent, column)
        inner = indent + _STEP
        return f"({_line(inner)}{self._broken(node, inner, inner)}{_line(indent)})"

    @singledispatchmethod
    def _broken(self, node: Node, indent: int, column: int) -> str:
        return self._flat[id(node)]

    @_broken.register
    def _(self, node: Logic, indent: int, column: int) -> str:
        op, least = word(node.op, self._language), binding(node) + 1
        start = columns(op) + 1
        first = self._item(node.items[0], least, indent, column, _STEP)
        more = (
            f"{op} {self._item(item, least, indent, indent + start, start)}"
            for item in islice(node.items, 1, None)
        )
        return _line(indent).join((first, *more))

    def _item(self, item: Node, least: int, indent: int, column: int, inner: int) -> str:
        """An item of `or`; the lines of an `and` in it stand further in, as it binds more tightly."""
        is_logic = isinstance(item, Logic) and binding(item) >= least
        return self.block(item, least, indent + inner if is_logic else indent, column)

    @_broken.register
    def _(self, node: Unary, indent: int, column: int) -> str:
        if node.op == "-":
            return "-" + self.block(node.item, SIGNED, indent, column + 1)
        if isinstance(node.item, IsMissing):
            return f"{self._operand(node.item.item, indent, column)} {word('is not missing', self._language)}"
        negation = word("not", self._language) + " "
        return negation + self.block(node.item, NEGATED, indent, column + columns(negation))

    @_broken.register
    def _(self, node: Binary, indent: int, column: int) -> str:
        if node.op in ARITHMETIC and node.op != "^":
            return self._filled(self._terms(node, indent, column), indent, column)
        least_left, least_right = least_of(node)
        head = f"{self.block(node.left, least_left, indent, column)} {operator(node, self._language)} "
        return head + self.block(node.right, least_right, indent, _after(head, column))

    @_broken.register
    def _(self, node: Between, indent: int, column: int) -> str:
        head = f"{self._operand(node.item, indent, column)} {word('between', self._language)} "
        head += f"{self._operand(node.low, indent, _after(head, column))} "
        head += f"{word('between and', self._language)} "
        return head + self._operand(node.high, indent, _after(head, column))

    @_broken.register
    def _(self, node: IsMissing, indent: int, column: int) -> str:
        return f"{self._operand(node.item, indent, column)} {word('is missing', self._language)}"

    @_broken.register
    def _(self, node: In, indent: int, column: int) -> str:
        inner = indent + _STEP
        head = f"{self._operand(node.item, indent, column)} {word('in', self._language)} ("
        options = [self.block(option, 0, inner, inner) for option in node.options]
        commas = [f"{option}," for option in options[:-1]] + options[-1:]
        return f"{head}{_line(inner)}{self._filled(commas, inner, inner)}{_line(indent)})"

    @_broken.register
    def _(self, node: Call, indent: int, column: int) -> str:
        if not node.args:
            return self._flat[id(node)]
        inner = indent + _STEP
        room = inner + 1  # for the comma behind
        lines = f",{_line(inner)}".join(self.block(item, 0, inner, room) for item in node.args)
        return f"{function_name(node, self._language)}({_line(inner)}{lines}{_line(indent)})"

    def _operand(self, node: Node, indent: int, column: int) -> str:
        return self.block(node, OPERAND, indent, column)

    def _terms(self, node: Binary, indent: int, column: int) -> list[str]:
        """`a`, `+ b` and `- c` of `a + b - c`, whose sums nest to the left."""
        own, signed = binding(node), []
        at: Node = node
        while isinstance(at, Binary) and at.op in ARITHMETIC and binding(at) == own:
            signed.append(f"{at.op} {self.block(at.right, own + 1, indent, indent + 2)}")
            at = at.left
        return [self.block(at, own, indent, column), *reversed(signed)]

    def _filled(self, parts: Sequence[str], indent: int, column: int) -> str:
        """`parts` in as few lines as they fit in."""
        text = parts[0]
        for part in parts[1:]:
            here = _after(text, column)
            first, _, more = part.partition("\n")
            fits = not more and here + 1 + columns(first) <= self._width
            text += f" {part}" if fits else f"{_line(indent)}{part}"
        return text


def _line(indent: int) -> str:
    """The beginning of a line."""
    return "\n" + " " * indent


def _after(text: str, column: int) -> int:
    """The column behind `text`, which begins at `column`."""
    return columns(text) + (0 if "\n" in text else column)

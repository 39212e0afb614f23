"""Pieces of REDCap text: how tightly each binds, and REDCap's constants and operators as text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Final

from rules_dsl.errors import NotInRedcap, RuleTooLarge
from rules_dsl.limits import MAX_CHARACTERS
from rules_dsl.nodes import Literal, Node

OR, AND, COMPARE, SUM, PRODUCT, SIGN, POWER, ATOM = range(1, 9)
ARITHMETIC: Final = {"+": SUM, "-": SUM, "*": PRODUCT, "/": PRODUCT}


@dataclass(frozen=True)
class Piece:
    """A part of REDCap's logic and how tightly it binds."""

    text: str
    binding: int = ATOM

    def __post_init__(self) -> None:
        if len(self.text) > MAX_CHARACTERS:
            raise RuleTooLarge(
                what="the REDCap logic", what_zh="REDCap 逻辑", size=len(self.text), limit=MAX_CHARACTERS
            )

    def within(self, least: int) -> str:
        """The text, in parentheses where it binds more loosely than `least`."""
        return self.text if self.binding >= least else f"({self.text})"


ALWAYS: Final = Piece("1 = 1", COMPARE)
NEVER: Final = Piece("1 = 0", COMPARE)
BLANK: Final = Piece("''")


def refuse(node: Node, reason: str, reason_zh: str, hint: str = "", hint_zh: str = "") -> NotInRedcap:
    """What REDCap has no words for, at its place; the text is put in by `print_redcap`."""
    return NotInRedcap("", node.span, hint, hint_zh, reason=reason, reason_zh=reason_zh)


def call(name: str, *arguments: Piece) -> Piece:
    return Piece(f"{name}({', '.join(argument.text for argument in arguments)})")


def compare(left: Piece, op: str, right: Piece) -> Piece:
    return Piece(f"{left.within(SUM)} {op} {right.within(SUM)}", COMPARE)


def is_blank(piece: Piece) -> Piece:
    return compare(piece, "=", BLANK)


def is_present(piece: Piece) -> Piece:
    return compare(piece, "<>", BLANK)


def both(*pieces: Piece) -> Piece:
    """All of them; one alone stays as it is."""
    return _joined("and", AND, pieces)


def either(*pieces: Piece) -> Piece:
    return _joined("or", OR, pieces)


def _joined(op: str, binding: int, pieces: tuple[Piece, ...]) -> Piece:
    if len(pieces) == 1:
        return pieces[0]
    return Piece(f" {op} ".join(piece.within(binding + 1) for piece in pieces), binding)


def arithmetic(op: str, left: Piece, right: Piece) -> Piece:
    if op == "^":
        return Piece(f"({left.text})^({right.text})", POWER)  # REDCap knows `^` between parentheses only
    binding = ARITHMETIC[op]
    return Piece(f"{left.within(binding)} {op} {right.within(binding + 1)}", binding)


def digits(value: Decimal) -> Piece:
    """All digits of a number: REDCap reads no exponents."""
    written = format(value, "f")
    shortest = written.rstrip("0").rstrip(".") if "." in written else written
    return Piece(shortest, SIGN if value < 0 else ATOM)


def quoted(node: Literal) -> Piece:
    """A text between the quotes that it does not hold itself."""
    written = str(node.value)
    if "'" not in written:
        return Piece(f"'{written}'")
    if '"' not in written:
        return Piece(f'"{written}"')
    raise refuse(node, "a text holds both kinds of quotes", "文本同时含有单引号和双引号")


def moment(value: date | time) -> Piece:
    """A date, datetime or time as REDCap stores it: `'2026-03-05 14:20:00'`."""
    return Piece(f"'{value.isoformat(' ') if isinstance(value, datetime) else value.isoformat()}'")

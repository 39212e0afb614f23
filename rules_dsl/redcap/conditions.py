"""Conditions of ours as REDCap writes them: once as what is true where ours is, once where ours is false."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from rules_dsl.functions.texts import text_number
from rules_dsl.nodes import Between, Binary, Call, Field, In, IsMissing, Literal, Logic, Node, Unary
from rules_dsl.redcap.blanks import different, different_fields, is_constant, same_fields
from rules_dsl.redcap.values import Values, untouched
from rules_dsl.redcap.written import (
    ALWAYS,
    BLANK,
    NEVER,
    Piece,
    both,
    call,
    compare,
    either,
    is_blank,
    is_present,
    refuse,
)
from rules_dsl.types import DATED, NUMERIC, TEXTUAL, RuleType

_OPPOSITE: Final = {"=": "<>", "<>": "=", "<": ">=", "<=": ">", ">": "<=", ">=": "<"}
_FLIPPED: Final = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_MOMENTS: Final = DATED | {RuleType.TIME}
_TESTS: Final = {"contains": ("contains", "not_contain"), "starts with": ("starts_with", "not_start_with")}


class Conditions(Values):
    """`true` is what REDCap finds true where ours is true, `false` where ours is false."""

    def true(self, node: Node) -> Piece:
        return self._condition(node, True)

    def false(self, node: Node) -> Piece:
        return self._condition(node, False)

    def _condition(self, node: Node, truth: bool) -> Piece:
        match node:
            case Unary(op="not", item=item):
                return self._condition(item, not truth)
            case Logic():
                return self._logic(node, truth)
            case IsMissing(item=item):
                return self._missing(item, truth)
            case Literal(value=value):
                return ALWAYS if value is truth else NEVER
            case Field():
                return self._boolean_field(node, truth)
            case In(item=item, options=options):
                equal = [self._compared("=", item, option, truth) for option in options]
                return either(*equal) if truth else both(*equal)
            case Between(item=item, low=low, high=high):
                bounds = self._compared(">=", item, low, truth), self._compared("<=", item, high, truth)
                return both(*bounds) if truth else either(*bounds)
            case Call():
                return self._called_condition(node, truth)
            case Binary(op="has"):
                return self._has(node, truth)
            case Binary(op=op) if op in _TESTS:
                return self._text_test(node, truth)
            case Binary(op=op, left=left, right=right) if op in _OPPOSITE:
                return self._compared(op, left, right, truth)
            case _:
                raise refuse(node, f"there is no {_shown(node)}", f"没有 {_shown(node)}")

    def _boolean_field(self, field: Field, truth: bool) -> Piece:
        piece = Piece(self.name(field).written())
        return piece if truth else compare(piece, "=", Piece("'0'"))

    def _called_condition(self, node: Call, truth: bool) -> Piece:
        if node.name == "checked":
            return self._has(Binary("has", *node.args, span=node.span), truth)
        if node.name != "if":
            raise refuse(node, f"there is no function {node.name}", f"没有函数 {node.name}")
        if truth and [getattr(branch, "value", None) for branch in node.args[1:]] == [False, True]:
            return call("not", self.true(node.args[0]))
        branches = [BLANK if _is_missing(it) else self._condition(it, truth) for it in node.args[1:]]
        return call("if", self.true(node.args[0]), *branches)

    def _logic(self, node: Logic, truth: bool) -> Piece:
        pieces = self._with_blanks(node.items) if node.op == "or" and truth else []
        if not pieces:
            pieces = [self._condition(item, truth) for item in node.items]
        return both(*pieces) if (node.op == "and") is truth else either(*pieces)

    def _with_blanks(self, items: Sequence[Node]) -> list[Piece]:
        """The parts of an `or`, where neighbours together say what one `<>` or `= '0'` says in REDCap."""
        pieces, at = [], 0
        while at < len(items):
            width, piece = self._neighbours(items[at : at + 3])
            pieces.append(piece or self.true(items[at]))
            at += width
        return pieces

    def _neighbours(self, items: Sequence[Node]) -> tuple[int, Piece | None]:
        if (sides := different_fields(items)) is not None:
            return 3, self._sides("<>", *sides)
        if (sides := same_fields(items)) is not None:
            return 2, self._sides("=", *sides)
        differs = different(items)
        match differs:
            case Binary(op="has"):
                return 2, compare(self.ticked(differs), "=", Piece("'0'"))
            case Binary(op="<>", left=left, right=right):
                return 2, self._sides("<>", left, right)
            case Binary(op=op, left=left, right=right):
                return 2, call(_TESTS[op][1], self.text(left), self.text(right))
            case _:
                return 1, None

    def _missing(self, item: Node, truth: bool) -> Piece:
        if isinstance(item, Literal):
            return ALWAYS if (item.value is None) is truth else NEVER
        if isinstance(item, Call) and item.name == "number" and self.type(item.args[0]) in TEXTUAL:
            test = call("isnumber", self.text(item.args[0]))
            return compare(test, "=", Piece("'0'")) if truth else test
        return is_blank(self.of(item)) if truth else is_present(self.of(item))

    def _has(self, node: Binary, truth: bool) -> Piece:
        if not truth:
            raise untouched(node)
        return compare(self.ticked(node), "=", Piece("'1'"))

    def _text_test(self, node: Binary, truth: bool) -> Piece:
        text, part = self.text(node.left), self.text(node.right)
        name, opposite = _TESTS[node.op]
        if truth:
            return call(name, text, part)
        return both(*[is_present(side) for side in self._optional(node)], call(opposite, text, part))

    def _optional(self, node: Binary) -> list[Piece]:
        """The sides that may be blank."""
        return [self.of(side) for side in (node.left, node.right) if not is_constant(side)]

    def _compared(self, op: str, left: Node, right: Node, truth: bool) -> Piece:
        if is_constant(left) and not is_constant(right):
            left, right, op = right, left, _FLIPPED[op]
        if self.type(left) is RuleType.BOOLEAN:
            return self._compared_truths(op, left, right, truth)
        wanted = op if truth else _OPPOSITE[op]
        if wanted == "<>" and _is_zero(right) and self.type(left) in NUMERIC and truth:
            return self.kept_number(left)
        written = self._sides(wanted, left, right)
        node = Binary(op, left, right)
        if wanted == "<>":
            return both(*[is_present(side) for side in self._optional(node)], written)
        if wanted == "=" and not is_constant(right):
            return both(is_present(self.of(left)), written)
        return written

    def _compared_truths(self, op: str, left: Node, right: Node, truth: bool) -> Piece:
        """A condition compared with true or false, or with another one."""
        equal = (op == "=") is truth
        if not isinstance(right, Literal):
            first, second = self.of(left), self.of(right)
            present = [is_present(first), is_present(second)]
            return both(*present, compare(first, "=" if equal else "<>", second))
        if right.value is None:
            return NEVER
        if isinstance(left, Field):
            code = "1" if equal is right.value else "0"
            return compare(self.of(left), "=", Piece(f"'{code}'"))
        return self._condition(left, equal is right.value)

    def _sides(self, op: str, left: Node, right: Node) -> Piece:
        """`left op right` so that REDCap's reader takes both for what they are."""
        kinds = {self.type(left), self.type(right)}
        if kinds & _MOMENTS:
            if is_constant(left) and is_constant(right):
                raise refuse(right, "written dates can't be compared", "直接写出的日期之间无法比较")
            return compare(self.moment(left), op, self.moment(right))
        if kinds <= NUMERIC:
            return self._numbers(op, left, right)
        if kinds == {RuleType.BOOLEAN}:
            return compare(self.of(left), op, self._boolean(right))
        if op not in ("=", "<>") and not self._ordered_as_text(left, right):
            raise refuse(
                right, "texts that read as numbers are ordered as numbers", "可读作数值的文本按数值比较"
            )
        if isinstance(right, Literal) and right.value == "":
            raise refuse(right, "an empty text is a blank there", "空文本在 REDCap 中即为空值")
        return compare(self.text(left), op, self.text(right))

    def _boolean(self, node: Node) -> Piece:
        return Piece(f"'{int(bool(node.value))}'") if isinstance(node, Literal) else self.of(node)

    def _ordered_as_text(self, left: Node, right: Node) -> bool:
        """A text against a written one that is no number; all else REDCap orders as numbers."""
        written = str(right.value) if isinstance(right, Literal) else ""
        return bool(written) and text_number(written) is None and self.type(left) is RuleType.TEXT

    def _numbers(self, op: str, left: Node, right: Node) -> Piece:
        if op in ("=", "<>"):
            told = not is_constant(right) and (_is_number(left) or _is_number(right))
            write = self.number if told else self.kept_number
            return compare(write(left), op, write(right))
        return compare(self.number(left), op, self.number(right))


def _is_number(node: Node) -> bool:
    return not (isinstance(node, Call) and node.name == "number")


def _is_missing(node: Node) -> bool:
    return isinstance(node, Literal) and node.value is None


def _is_zero(node: Node) -> bool:
    return isinstance(node, Literal) and node.kind == "number" and node.value == Decimal(0)


def _shown(node: Node) -> str:
    return f"`{node.op}`" if isinstance(node, Binary | Unary) else type(node).__name__

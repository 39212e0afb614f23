"""REDCap's comparisons: blanks, loosely typed literals and checkboxes, each said in our own words."""

from __future__ import annotations

from typing import Final

from rules_dsl.errors import NotTranslatable
from rules_dsl.functions.texts import text_number
from rules_dsl.nodes import Binary, IsMissing, Literal, Logic, Node, Unary
from rules_dsl.redcap.blanks import both_missing
from rules_dsl.redcap.parts import (
    MOMENTS,
    Part,
    as_moment,
    as_number,
    is_checked,
    is_unchecked,
    number_literal,
    unnamed_choice,
)
from rules_dsl.types import NUMERIC, TEXTUAL, RuleType

_FLIPPED: Final = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}


def compared(op: str, left: Part, right: Part) -> Node:
    """`left op right` with REDCap's meaning.

    Raises:
        NotTranslatable: when the sides can't be compared in a typed language.
    """
    if left.literal is not None and right.literal is None:
        left, right, op = right, left, _FLIPPED[op]
    if left.checkbox is not None and right.literal is not None:
        return _checkbox(op, left, right)
    if left.type is RuleType.CHOICES and left.checkbox is None:
        raise unnamed_choice(_name(left))
    if right.is_blank:
        return _with_blank(op, left)
    sides = _typed(op, left, right)
    if op == "<>":
        return _different(left, right, sides)
    test = Binary(op, *sides)
    if op == "=" and not _is_written(right):
        return Logic("or", (both_missing(left.node, right.node), test))
    return test


def _name(part: Part) -> str:
    return f"[{getattr(part.node, 'path', '')}]"


def _checkbox(op: str, box: Part, literal: Part) -> Node:
    """A choice of a checkbox group is `'1'` when ticked and `'0'` otherwise."""
    written = literal.literal
    if written not in ("0", "1"):
        raise NotTranslatable(
            f"a checkbox is compared with '{written}', it can only be 0 or 1",
            f"复选框与 '{written}' 比较，而它只能是 0 或 1",
        )
    ticked = {("=", "1"), ("<>", "0"), (">", "0"), (">=", "1")}
    empty = {("=", "0"), ("<>", "1"), ("<", "1"), ("<=", "0")}
    if (op, written) in ticked:
        return is_checked(box)
    if (op, written) in empty:
        return is_unchecked(box)
    return Literal("boolean", op in (">=", "<="))


def _with_blank(op: str, part: Part) -> Node:
    if op == "=":
        return IsMissing(part.node)
    if op == "<>":
        return Unary("not", IsMissing(part.node))
    raise NotTranslatable("a blank has no order", "空值没有大小之分")


def _different(left: Part, right: Part, sides: tuple[Node, Node]) -> Node:
    """In REDCap a blank differs from everything but a blank, which it equals."""
    differ = Binary("<>", *sides)
    if left.literal is not None:
        return differ
    if _is_written(right):
        return Logic("or", (IsMissing(left.node), differ))
    one_missing = [
        Logic("and", (IsMissing(first.node), Unary("not", IsMissing(second.node))))
        for first, second in ((left, right), (right, left))
    ]
    return Logic("or", (*one_missing, differ))


def _is_written(part: Part) -> bool:
    """Whether it is a constant, and so never blank."""
    return part.literal is not None or isinstance(part.node, Literal)


def _typed(op: str, left: Part, right: Part) -> tuple[Node, Node]:
    """Both sides in one type, by the side that is no literal."""
    if right.literal is not None:
        return _with_literal(op, left, right.literal)
    if left.type in MOMENTS or right.type in MOMENTS or left.type is right.type is RuleType.BOOLEAN:
        return left.node, right.node
    if left.type in TEXTUAL and right.type in TEXTUAL and op in ("=", "<>"):
        return left.node, right.node
    return as_number(left), as_number(right)


def _with_literal(op: str, part: Part, written: str) -> tuple[Node, Node]:
    if part.type in NUMERIC:
        return part.node, number_literal(written)
    if part.type in MOMENTS:
        return part.node, as_moment(written).node
    if part.type is RuleType.BOOLEAN:
        return _with_truth(op, part, written)
    if op in ("=", "<>"):
        return part.node, Literal("text", written)
    if text_number(written) is not None:
        return as_number(part), number_literal(written)
    if part.type is RuleType.TEXT:
        return part.node, Literal("text", written)
    raise NotTranslatable(f"a choice is ordered against '{written}'", f"选项与 '{written}' 比较大小")


def _with_truth(op: str, part: Part, written: str) -> tuple[Node, Node]:
    """`[yesno] = '1'`; other literals and orders make numbers of it."""
    if op in ("=", "<>") and written in ("0", "1"):
        return part.node, Literal("boolean", written == "1")
    return as_number(part), number_literal(written)

"""Translated parts of REDCap logic with their types, and REDCap's loose typing made explicit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from rules_dsl import literals
from rules_dsl.errors import NotTranslatable
from rules_dsl.nodes import Binary, Call, Field, IsMissing, Literal, Logic, Node, Unary
from rules_dsl.types import DATED, NUMERIC, TEXTUAL, RuleType

MOMENTS: Final = DATED | {RuleType.TIME}
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(E[+-]?\d+)?", re.ASCII | re.IGNORECASE)


@dataclass(frozen=True)
class Part:
    """A translated expression. `checkbox` is the code of `[field(code)]`, whose node is the field itself."""

    node: Node
    type: RuleType
    checkbox: str | None = None

    @property
    def literal(self) -> str | None:
        """The content of a text or number literal, None for all else."""
        if isinstance(self.node, Literal) and self.node.kind in ("text", "number"):
            value = self.node.value
            return literals.write_number(value) if isinstance(value, Decimal) else str(value)
        return None

    @property
    def is_blank(self) -> bool:
        """Whether this is the literal `''`."""
        return self.literal == ""


def text(value: str) -> Part:
    return Part(Literal("text", value), RuleType.TEXT)


def number(value: Decimal | int) -> Part:
    return Part(Literal("number", Decimal(value)), RuleType.NUMBER)


def condition(node: Node) -> Part:
    return Part(node, RuleType.BOOLEAN)


def is_checked(part: Part) -> Node:
    """`[field] has 'code'` for a checkbox."""
    return Binary("has", part.node, Literal("text", part.checkbox or ""))


def is_unchecked(part: Part) -> Node:
    """REDCap counts a checkbox group that was never touched as unchecked."""
    return Logic("or", (IsMissing(part.node), Unary("not", is_checked(part))))


def as_number(part: Part) -> Node:
    """`part` where REDCap calculates: codes and texts become numbers, conditions 1 or 0."""
    if part.type in NUMERIC:
        return part.node
    if part.checkbox is not None:
        return _one_or_zero(is_checked(part))
    if part.type is RuleType.BOOLEAN:
        return _one_or_zero(part.node)
    if part.literal is not None:
        return number_literal(part.literal)
    if part.type in TEXTUAL:
        return Call("number", (part.node,))
    raise _no_number(part)


def _one_or_zero(node: Node) -> Node:
    return Call("if", (node, Literal("number", Decimal(1)), Literal("number", Decimal(0))))


def number_literal(written: str) -> Node:
    """The number in a text literal; blank is missing.

    Raises:
        NotTranslatable: when it writes no number.
    """
    if written.strip() == "":
        return Literal("missing", None)
    if _NUMBER.fullmatch(written.strip()) is None:
        raise NotTranslatable(f"'{written}' is used as a number", f"'{written}' 被当作数值使用")
    value = Decimal(written.strip())
    return Literal("number", value) if value >= 0 else Unary("-", Literal("number", -value))


def _no_number(part: Part) -> NotTranslatable:
    shown = _shown(part.node)
    if part.type is RuleType.CHOICES:
        return unnamed_choice(shown)
    return NotTranslatable(
        f"{shown} is {part.type.value} and is used as a number", f"{shown}（{part.type.zh}）被当作数值使用"
    )


def unnamed_choice(shown: str) -> NotTranslatable:
    """A checkbox group where one of its choices had to be named."""
    return NotTranslatable(
        f"{shown} is a checkbox, so the choice must be named, as in [name(1)]",
        f"{shown} 是复选框，必须指明选项，如 [name(1)]",
    )


def _shown(node: Node) -> str:
    return f"[{node.path}]" if isinstance(node, Field) else "an expression"


def as_condition(part: Part) -> Node:
    """`part` where REDCap asks for true or false: a number is true when it is not zero."""
    if part.checkbox is not None:
        return is_checked(part)
    if part.type is RuleType.BOOLEAN:
        return part.node
    if part.type in NUMERIC:
        return Binary("<>", part.node, Literal("number", Decimal(0)))
    shown = _shown(part.node)
    raise NotTranslatable(f"{shown} alone is no condition", f"{shown} 单独不构成条件")


def as_text(part: Part) -> Node:
    if part.type in TEXTUAL:
        return part.node
    shown = _shown(part.node)
    raise NotTranslatable(f"{shown} is used as text", f"{shown} 被当作文本使用")


def as_date(part: Part, layout: str = "ymd") -> Part:
    """`part` where REDCap asks for a date; a literal is read in `layout`."""
    if part.type in DATED:
        return part
    written = part.literal
    if written is None:
        shown = _shown(part.node)
        raise NotTranslatable(f"{shown} is no date", f"{shown} 不是日期")
    return as_moment(written, layout)


def as_moment(written: str, layout: str = "ymd") -> Part:
    """A date, datetime or time literal; `today` and `now` are those of the evaluation."""
    if written.lower() in ("today", "now"):
        kind = RuleType.DATE if written.lower() == "today" else RuleType.DATETIME
        return Part(Call(written.lower(), ()), kind)
    iso = _to_iso(written, layout)
    day, moment, clock = literals.read_date(iso), literals.read_datetime(iso), literals.read_time(iso)
    if day is not None:
        return Part(Literal("date", day), RuleType.DATE)
    if moment is not None:
        return Part(Literal("datetime", moment), RuleType.DATETIME)
    if clock is not None:
        return Part(Literal("time", clock), RuleType.TIME)
    raise NotTranslatable(f"'{written}' is no date", f"'{written}' 不是日期")


def _to_iso(written: str, layout: str) -> str:
    day, blank, clock = written.partition(" ")
    numbers = day.replace("/", "-").split("-")
    if len(numbers) != 3 or layout not in ("dmy", "mdy"):
        return written
    year, month = numbers[2], numbers[1] if layout == "dmy" else numbers[0]
    day_number = numbers[0] if layout == "dmy" else numbers[1]
    return f"{year}-{month.zfill(2)}-{day_number.zfill(2)}{blank}{clock}"


def unify(parts: Sequence[Part]) -> tuple[list[Node], RuleType]:
    """The branches of an `if` brought to one type; a blank branch is missing."""
    present = [part for part in parts if not part.is_blank and not _is_missing(part)]
    wanted = _joint(present)
    return [_converted(part, wanted) for part in parts], wanted


def _is_missing(part: Part) -> bool:
    return isinstance(part.node, Literal) and part.node.kind == "missing"


def _joint(parts: Sequence[Part]) -> RuleType:
    types = {part.type for part in parts if part.literal is None} or {part.type for part in parts}
    if not types:
        return RuleType.MISSING
    for family in (DATED, NUMERIC):
        if types & family:
            return RuleType.DATE if family is DATED else RuleType.NUMBER
    if types <= TEXTUAL and all(part.type in TEXTUAL for part in parts):
        return RuleType.TEXT
    return RuleType.BOOLEAN if types == {RuleType.BOOLEAN} and len(parts) > 0 else RuleType.NUMBER


def _converted(part: Part, wanted: RuleType) -> Node:
    if part.is_blank or _is_missing(part):
        return Literal("missing", None)
    if wanted is RuleType.DATE:
        return as_date(part).node
    if wanted is RuleType.TEXT:
        return part.node
    return as_condition(part) if wanted is RuleType.BOOLEAN else as_number(part)

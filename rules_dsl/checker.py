"""Types: from the parsed tree to the checked one, or an error at the place that does not fit."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Final

from rules_dsl.bare_dates import bare_date
from rules_dsl.compatibility import (
    as_double,
    as_moment,
    common_type,
    convert,
    is_stored,
    number_constant,
    reread_texts,
)
from rules_dsl.errors import RuleTypeError
from rules_dsl.fields import FieldChecker, Scope
from rules_dsl.limits import make_room
from rules_dsl.nodes import (
    NOWHERE,
    Between,
    Binary,
    Call,
    Duration,
    Field,
    In,
    IsMissing,
    Literal,
    Logic,
    Node,
    Unary,
)
from rules_dsl.patterns import read_pattern
from rules_dsl.shifting import ShiftChecker
from rules_dsl.tree import Tree
from rules_dsl.typed import (
    Absent,
    Arithmetic,
    Combined,
    Constant,
    Exactly,
    Holds,
    Matches,
    Nearly,
    Negative,
    Not,
    OneOf,
    TextTest,
    Typed,
)
from rules_dsl.types import DATED, NUMERIC, TEXTUAL, FieldTypes, RuleType, TypeResolver, as_resolver

_ARITHMETIC: Final = frozenset("+-*/^")
_COMPARISONS: Final = frozenset({"=", "<>", "<", "<=", ">", ">="})
_UNORDERED: Final = frozenset({RuleType.BOOLEAN, RuleType.CHOICE})
_LITERAL_TYPES: Final = {
    "text": RuleType.TEXT,
    "boolean": RuleType.BOOLEAN,
    "date": RuleType.DATE,
    "datetime": RuleType.DATETIME,
    "time": RuleType.TIME,
    "missing": RuleType.MISSING,
}


def analyse(tree: Tree, types: FieldTypes | TypeResolver) -> Typed:
    """The checked form of `tree` for fields of these `types`.

    Raises:
        RuleTypeError: where types don't fit; UnknownField and UnknownFunction are its kinds.
    """
    make_room(tree.root.depth)
    return Checker(tree.text).check(tree.root, Scope(as_resolver(types)))


def check(tree: Tree, types: FieldTypes | TypeResolver) -> RuleType:
    """The type of `tree`; the same errors as `analyse`."""
    return analyse(tree, types).type


class Checker(FieldChecker, ShiftChecker[Scope]):
    """Checks one rule; `text` is the rule as written, for the places of errors."""

    def check(self, node: Node, scope: Scope) -> Typed:
        checked = self._checked(node, scope)
        is_placed = checked.span is not None or node.span == NOWHERE
        return checked if is_placed else replace(checked, span=node.span)

    def _checked(self, node: Node, scope: Scope) -> Typed:
        match node:
            case Literal():
                return _constant(node)
            case Duration():
                raise self.misplaced(node)
            case Field():
                return self.field(node, scope)
            case Call():
                return self.call(node, scope)
            case Binary(op=op) if op in _ARITHMETIC:
                return self._arithmetic(node, scope)
            case Binary(op=op) if op in _COMPARISONS:
                return self._compared(node, scope)
            case Binary():
                return self._text_test(node, scope)
            case Logic(op=op, items=items):
                return Combined(op, [self.condition(item, scope) for item in items])
            case Unary(op="not", item=item):
                return Not(self.condition(item, scope))
            case Unary(item=item):
                return self._negative(item, scope)
            case IsMissing(item=item):
                return Absent(self.check(item, scope))
            case In():
                return self._membership(node, scope)
            case Between():
                return self._between(node, scope)
            case _:
                raise TypeError(f"no type for {type(node).__name__}")

    def condition(self, node: Node, scope: Scope) -> Typed:
        checked = self.check(node, scope)
        if checked.type is RuleType.MISSING:
            return replace(checked, type=RuleType.BOOLEAN)
        if checked.type is not RuleType.BOOLEAN:
            raise self.wrong(
                node,
                f"A condition is needed here, this is {checked.type.value}",
                f"此处需要条件，而这是{checked.type.zh}",
                "Compare it with something, or write `is not missing`.",
                "请与某个值比较，或写 `不缺失`。",
            )
        return checked

    def _number(self, node: Node, scope: Scope) -> Typed:
        return self.as_number(self.check(node, scope), node)

    def _negative(self, node: Node, scope: Scope) -> Typed:
        checked = self.check(node, scope)
        if isinstance(checked, Constant) and checked.type in (RuleType.INTEGER, RuleType.DECIMAL):
            return number_constant(-Decimal(checked.value))
        return Negative(self.as_number(checked, node), type=RuleType.NUMBER)

    def _arithmetic(self, node: Binary, scope: Scope) -> Typed:
        shifted = self.shift(node, scope)
        if shifted is not None:
            return shifted
        left, right = self.check(node.left, scope), self.check(node.right, scope)
        if left.type in DATED and node.op in "+-":
            return self._date_arithmetic(node, scope, right)
        doubles = self.as_number(left, node.left), self.as_number(right, node.right)
        return Arithmetic(node.op, *doubles, type=RuleType.NUMBER)

    def _date_arithmetic(self, node: Binary, scope: Scope, right: Typed) -> Typed:
        """A date minus a date is days; a date plus or minus a number is a date."""
        if right.type in DATED and node.op == "-":
            days = Literal("text", "d")
            return self.call(Call("datediff", (node.right, node.left, days), span=node.span), scope)
        shift = Unary("-", node.right, span=node.right.span) if node.op == "-" else node.right
        return self.call(Call("add_days", (node.left, shift), span=node.span), scope)

    def _compared(self, node: Binary, scope: Scope) -> Typed:
        spans = self.compared_spans(node.left, [(node.op, node.right)], scope)
        if spans is not None:
            return spans[0]
        return self.comparison(node.op, self.check(node.left, scope), self.check(node.right, scope), node)

    def comparison(self, op: str, left: Typed, right: Typed, node: Node) -> Typed:
        if RuleType.MISSING in (left.type, right.type):
            raise self.wrong(
                node,
                "A comparison with missing is never true",
                "与缺失比较永远不会为真",
                "Write `is missing` or `is not missing`.",
                "请写 `缺失` 或 `不缺失`。",
            )
        left, right = reread_texts([left, right])
        joint = common_type([left, right])
        if joint is None or joint in (RuleType.CHOICES, RuleType.RECORDS):
            raise self._incomparable(left, right, node)
        if joint in _UNORDERED and op not in ("=", "<>"):
            raise self._unordered(joint, node)
        if joint in NUMERIC:
            return _compared_numbers(op, left, right)
        if RuleType.CHOICE in (left.type, right.type) and op not in ("=", "<>"):
            raise self._unordered(RuleType.CHOICE, node)
        return Exactly(op, convert(left, joint), convert(right, joint))

    def _incomparable(self, left: Typed, right: Typed, node: Node) -> RuleTypeError:
        types = {left.type, right.type}
        hint = ("", "")
        if RuleType.CHOICES in types:
            hint = ("Write `[field] has 'code'`.", "请写 `[字段] 勾选 '编码'`。")
        elif types & NUMERIC and RuleType.CHOICE in types:
            hint = (
                "A choice's code is text: write '1', or number(...).",
                "选项编码是文本：请写 '1'，或用 转数值(...)。",
            )
        elif types & NUMERIC and RuleType.TEXT in types:
            hint = ("Write the number without quotes, or number(...).", "数值不加引号，或用 转数值(...)。")
        elif types & DATED and (bare := bare_date(self.text, node)):
            return bare
        elif types & {RuleType.DATE, RuleType.DATETIME, RuleType.TIME}:
            hint = ("A date is written @2026-03-05.", "日期写作 @2026-03-05。")
        return self.wrong(
            node,
            f"{left.type.value} and {right.type.value} can't be compared",
            f"{left.type.zh}与{right.type.zh}不能比较",
            *hint,
        )

    def _unordered(self, kind: RuleType, node: Node) -> RuleTypeError:
        return self.wrong(
            node,
            f"Values of type {kind.value} have no order",
            f"{kind.zh}类型的值没有大小之分",
            "Use = or <>, or compare number(...).",
            "请用 = 或 <>，或比较 转数值(...)。",
        )

    def _membership(self, node: In, scope: Scope) -> Typed:
        spans = self.compared_spans(node.item, [("=", option) for option in node.options], scope)
        if spans is not None:
            return spans[0] if len(spans) == 1 else Combined("or", spans)
        item = self.check(node.item, scope)
        equal = [self.comparison("=", item, self.check(option, scope), option) for option in node.options]
        return _one_of(equal) or (equal[0] if len(equal) == 1 else Combined("or", equal))

    def _between(self, node: Between, scope: Scope) -> Typed:
        spans = self.compared_spans(node.item, [(">=", node.low), ("<=", node.high)], scope)
        if spans is not None:
            return Combined("and", spans)
        item, low, high = (self.check(part, scope) for part in node.children())
        above = self.comparison(">=", item, low, node)
        return Combined("and", [above, self.comparison("<=", item, high, node)])

    def _text_test(self, node: Binary, scope: Scope) -> Typed:
        if node.op == "has":
            return self.holds(node.left, node.right, scope)
        item = self._textual(node.left, scope)
        if node.op != "matches":
            return TextTest(node.op, item, self._textual(node.right, scope))
        assert isinstance(node.right, Literal)
        start = node.right.span[0] + 1
        return Matches(item, read_pattern(str(node.right.value), self.text, start))

    def _textual(self, node: Node, scope: Scope) -> Typed:
        checked = self.check(node, scope)
        if checked.type in TEXTUAL:
            return checked
        hint = (
            ("Write `has 'code'`.", "请写 `勾选 '编码'`。") if checked.type is RuleType.CHOICES else ("", "")
        )
        raise self.wrong(
            node,
            f"Text is needed here, this is {checked.type.value}",
            f"此处需要文本，而这是{checked.type.zh}",
            *hint,
        )

    def holds(self, field: Node, code: Node, scope: Scope) -> Typed:
        checked = self.check(field, scope)
        if checked.type is not RuleType.CHOICES:
            raise self.wrong(
                field,
                f"A multi-choice field is needed here, this is {checked.type.value}",
                f"此处需要多选字段，而这是{checked.type.zh}",
                "Write `=` to compare.",
                "比较请写 `=`。",
            )
        assert isinstance(code, Literal)
        return Holds(checked, str(code.value))


def _constant(node: Literal) -> Constant:
    if isinstance(node.value, Decimal):
        return number_constant(node.value)
    return Constant(node.value, type=_LITERAL_TYPES[node.kind])


def _one_of(equal: Sequence[Typed]) -> Typed | None:
    """Equalities of one text, date or time with constants as a single look-up."""
    first = equal[0]
    if not isinstance(first, Exactly) or first.left.type in NUMERIC | {RuleType.BOOLEAN}:
        return None
    values = []
    for test in equal:
        if not isinstance(test, Exactly) or test.left != first.left or not isinstance(test.right, Constant):
            return None
        values.append(test.right.value)
    return OneOf(first.left, values)


def _compared_numbers(op: str, left: Typed, right: Typed) -> Typed:
    """Exact for stored numbers; a stored double meets a literal as the double nearest to it."""
    if not (is_stored(left) and is_stored(right)):
        return Nearly(op, as_double(left), as_double(right))
    if RuleType.NUMBER in (left.type, right.type):
        return Exactly(op, as_double(left), as_double(right))
    return Exactly(op, left, right)


__all__ = ["Checker", "Scope", "analyse", "as_moment", "check"]

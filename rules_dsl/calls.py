"""Checking calls: arguments against signatures, and the special forms."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from rules_dsl.aggregates import AggregateChecker
from rules_dsl.bare_dates import bare_date
from rules_dsl.checking import ScopeT
from rules_dsl.compatibility import as_datetime, as_moment, is_stored
from rules_dsl.errors import RuleTypeError, UnknownFunction
from rules_dsl.functions import Function, Parameter, function_named, function_names
from rules_dsl.literals import plain_digits
from rules_dsl.nodes import Call, Field, Literal, Node, Unary
from rules_dsl.typed import (
    Apply,
    Arithmetic,
    Conditional,
    Constant,
    FirstPresent,
    Moment,
    Reason,
    Typed,
    Written,
)
from rules_dsl.types import DATED, NUMERIC, RuleType


class CallChecker(AggregateChecker[ScopeT]):
    """The part of the checker that deals with functions."""

    def call(self, node: Call, scope: ScopeT) -> Typed:
        function = function_named(node.name)
        if function is None:
            raise self._unknown_function(node)
        self._check_arity(function, node)
        match function.form:
            case None:
                return self._plain(function, node, scope)
            case "today":
                return Moment("today", type=RuleType.DATE)
            case "now":
                return Moment("now", type=RuleType.DATETIME)
            case "if":
                return self._conditional(node, scope)
            case "coalesce":
                items, joint = self.joined(node.args, node, scope)
                return FirstPresent(items, type=joint)
            case "power":
                base, exponent = (self.as_number(self.check(part, scope), part) for part in node.args)
                return Arithmetic("^", base, exponent, type=RuleType.NUMBER)
            case "text":
                return self._written(node.args[0], scope)
            case "missing_reason":
                return self._reason(node.args[0], scope)
            case "exists":
                return self.exists(node, scope)
            case "latest" | "earliest":
                return self.by_order(function.form, node, scope)
            case "checked":
                self._literal(function.parameters[1], node.args[1])
                return self.holds(node.args[0], node.args[1], scope)
            case form:
                return self.aggregate(form, node, scope)

    def _unknown_function(self, node: Call) -> UnknownFunction:
        close = difflib.get_close_matches(node.name, function_names(), n=1)
        start = node.span[0]
        return UnknownFunction(
            self.text,
            (start, start + len(node.name)),
            f"Did you mean {close[0]}(...)?" if close else "",
            f"是否指 {close[0]}(...)？" if close else "",
            close,
            name=node.name,
        )

    def _check_arity(self, function: Function, node: Call) -> None:
        least, most = function.arity()
        given = len(node.args)
        if given >= least and (most is None or given <= most):
            return
        raise self.wrong(
            node,
            f"{function.name} has the wrong number of arguments: {given}",
            f"函数 {function.zh} 的参数个数不对：{given}",
            f"Write {function.signature()}.",
            f"请写成 {function.signature()}。",
        )

    def _plain(self, function: Function, node: Call, scope: ScopeT) -> Typed:
        arguments, literals = [], []
        for index, parameter in enumerate(self._spread(function, len(node.args))):
            given = node.args[index] if index < len(node.args) else parameter.default
            assert given is not None
            if parameter.literal:
                literals.append(self._literal(parameter, given))
            else:
                arguments.append(self._argument(parameter, given, scope))
        if function.name in ("datediff", "age_years", "age_months"):
            arguments = [as_datetime(argument) for argument in arguments]
        result = function.result or arguments[0].type
        return Apply(function, arguments, literals, type=result)

    def _spread(self, function: Function, given: int) -> Sequence[Parameter]:
        if function.parameters and function.parameters[-1].repeats:
            return [function.parameters[-1]] * given
        return function.parameters

    def _argument(self, parameter: Parameter, node: Node, scope: ScopeT) -> Typed:
        checked = self.check(node, scope)
        if parameter.types == NUMERIC:
            return self.as_number(checked, node)
        if parameter.types <= DATED:
            checked = as_moment(checked, RuleType.DATE) or checked
        if checked.type is RuleType.MISSING:
            return Constant(None, type=min(parameter.types, key=lambda kind: kind.value))
        if checked.type not in parameter.types:
            if parameter.types <= DATED and (bare := bare_date(self.text, node)):
                raise bare
            kinds = sorted(parameter.types, key=lambda kind: kind.value)
            as_text = checked.type in NUMERIC and RuleType.TEXT in kinds
            raise self.wrong(
                node,
                f"{parameter.name} must be {' or '.join(kind.value for kind in kinds)}, "
                f"this is {checked.type.value}",
                f"{parameter.zh}应为{'或'.join(kind.zh for kind in kinds)}，而这是{checked.type.zh}",
                "Write text(...) around it." if as_text else "",
                "请用 转文本(...) 转换。" if as_text else "",
            )
        return checked

    def _literal(self, parameter: Parameter, node: Node) -> str | int:
        negative = isinstance(node, Unary) and node.op == "-"
        inner = node.item if isinstance(node, Unary) and negative else node
        if RuleType.INTEGER in parameter.types:
            return self._whole_literal(parameter, node, inner, negative)
        if not isinstance(inner, Literal) or inner.kind != "text":
            raise self._no_literal(parameter, node)
        written = str(inner.value)
        if parameter.words is None:
            return written
        if written not in parameter.words:
            raise self._no_literal(parameter, node)
        return parameter.words[written]

    def _whole_literal(self, parameter: Parameter, node: Node, inner: Node, negative: bool) -> int:
        value = inner.value if isinstance(inner, Literal) and inner.kind == "number" else None
        least, most = parameter.whole
        whole = None if value is None else _whole(str(value))
        signed = -whole if negative and whole is not None else whole
        if signed is None or not least <= signed <= most:
            raise self._no_literal(parameter, node, f"{least} … {most}")
        return signed

    def _no_literal(self, parameter: Parameter, node: Node, wanted: str = "") -> RuleTypeError:
        words = [f"'{word}'" for word in parameter.words or ()]
        hint = ", ".join(word for word in words if word.isascii()) or wanted
        hint_zh = "、".join(word for word in words if not word.isascii()) or wanted
        return self.wrong(
            node,
            f"{parameter.name} must be written out here",
            f"{parameter.zh}必须直接写出",
            f"Write {hint}." if hint else "Write it as a literal.",
            f"可写：{hint_zh}。" if hint else "请直接写出常量。",
        )

    def _written(self, node: Node, scope: ScopeT) -> Typed:
        """A stored number as text; a computed one has no exact digits."""
        item = self.check(node, scope)
        if isinstance(item, Constant) and item.type in NUMERIC | {RuleType.MISSING}:
            return Constant(None if item.value is None else plain_digits(item.value), type=RuleType.TEXT)
        if item.type in (RuleType.INTEGER, RuleType.DECIMAL) and is_stored(item):
            return Written(item, type=RuleType.TEXT)
        computed = item.type in NUMERIC
        raise self.wrong(
            node,
            "A computed number has no exact digits"
            if computed
            else f"A number is needed here, this is {item.type.value}",
            "计算得出的数值没有确定的小数位" if computed else f"此处需要数值，而这是{item.type.zh}",
            "Write format(number, 2)." if computed else "",
            "请写 格式化(数值, 2)。" if computed else "",
        )

    def _reason(self, node: Node, scope: ScopeT) -> Typed:
        if not isinstance(node, Field):
            raise self.wrong(
                node,
                "A field is needed here: only fields have a reason why they are missing",
                "此处需要字段：只有字段才有缺失原因",
                "Write missing_reason([field]).",
                "请写成 缺失原因([字段])。",
            )
        field = self.field(node, scope)
        return Reason(field.path, field.outward, type=RuleType.TEXT)

    def _conditional(self, node: Call, scope: ScopeT) -> Typed:
        condition = self.condition(node.args[0], scope)
        (then, otherwise), joint = self.joined(node.args[1:], node, scope)
        return Conditional(condition, then, otherwise, type=joint)


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None

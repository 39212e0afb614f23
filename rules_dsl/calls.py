"""Checking calls: arguments against signatures, and the special forms."""

from __future__ import annotations

import difflib
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from rules_dsl.compatibility import as_datetime, as_double, as_moment, common_type, convert, reread_texts
from rules_dsl.errors import RuleTypeError, UnknownFunction
from rules_dsl.functions import Function, Parameter, function_named, function_names
from rules_dsl.nodes import Call, Field, Literal, Node, Unary
from rules_dsl.typed import (
    Absent,
    Apply,
    Conditional,
    Constant,
    FirstPresent,
    Moment,
    Not,
    OfRecords,
    OfValues,
    Typed,
)
from rules_dsl.types import DATED, NUMERIC, TEXTUAL, RuleType, TypeResolver

ScopeT = TypeVar("ScopeT")
_ORDERED = NUMERIC | DATED | {RuleType.TIME}


class CallChecker(ABC, Generic[ScopeT]):
    """The part of the checker that deals with functions."""

    def __init__(self, text: str) -> None:
        self.text = text

    @abstractmethod
    def check(self, node: Node, scope: ScopeT) -> Typed: ...

    @abstractmethod
    def condition(self, node: Node, scope: ScopeT) -> Typed: ...

    @abstractmethod
    def holds(self, field: Node, code: Node, scope: ScopeT) -> Typed: ...

    @abstractmethod
    def repeated(self, path: str, scope: ScopeT) -> tuple[str, str, int, TypeResolver] | None: ...

    @abstractmethod
    def records(self, path: str, scope: ScopeT) -> tuple[int, TypeResolver] | None: ...

    @abstractmethod
    def inner(self, scope: ScopeT, fields: TypeResolver) -> ScopeT: ...

    def wrong(
        self, node: Node, reason: str, reason_zh: str, hint: str = "", hint_zh: str = ""
    ) -> RuleTypeError:
        return RuleTypeError(self.text, node.span, hint, hint_zh, reason=reason, reason_zh=reason_zh)

    def as_number(self, item: Typed, node: Node) -> Typed:
        if item.type in NUMERIC or item.type is RuleType.MISSING:
            return as_double(item)
        textual = item.type in TEXTUAL
        raise self.wrong(
            node,
            f"A number is needed here, this is {item.type.value}",
            f"此处需要数值，而这是{item.type.zh}",
            "Write number(...) around it." if textual else "",
            "请用 转数值(...) 转换。" if textual else "",
        )

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
                items, joint = self._joined(node.args, node, scope)
                return FirstPresent(items, type=joint)
            case "checked":
                self._literal(function.parameters[1], node.args[1])
                return self.holds(node.args[0], node.args[1], scope)
            case form:
                return self._aggregate(form, node, scope)

    def _unknown_function(self, node: Call) -> UnknownFunction:
        close = difflib.get_close_matches(node.name, function_names(), n=1)
        return UnknownFunction(
            self.text,
            node.span,
            f"Did you mean {close[0]}(...)?" if close else "",
            f"是否指 {close[0]}(...)？" if close else "",
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
        if function.name in ("datediff", "age_years"):
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
            kinds = sorted(parameter.types, key=lambda kind: kind.value)
            raise self.wrong(
                node,
                f"{parameter.name} must be {' or '.join(kind.value for kind in kinds)}, "
                f"this is {checked.type.value}",
                f"{parameter.zh}应为{'或'.join(kind.zh for kind in kinds)}，而这是{checked.type.zh}",
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
        least, most = (-15, 15) if parameter.name == "digits" else (1, 1_000_000)
        whole = None if value is None else _whole(str(value))
        signed = -whole if negative and whole is not None else whole
        if signed is None or not least <= signed <= most:
            raise self._no_literal(parameter, node, f"{least} … {most}")
        return signed

    def _no_literal(self, parameter: Parameter, node: Node, wanted: str = "") -> RuleTypeError:
        options = ", ".join(f"'{word}'" for word in parameter.words or ())
        hint = options or wanted
        return self.wrong(
            node,
            f"{parameter.name} must be written out here",
            f"{parameter.zh}必须直接写出",
            f"Write {hint}." if hint else "Write it as a literal.",
            f"可写：{hint}。" if hint else "请直接写出常量。",
        )

    def _joined(self, nodes: Sequence[Node], whole: Node, scope: ScopeT) -> tuple[list[Typed], RuleType]:
        """The nodes, all brought to one type."""
        items = reread_texts([self.check(node, scope) for node in nodes])
        joint = common_type(items)
        if joint is None or joint is RuleType.RECORDS:
            kinds = list(dict.fromkeys(item.type for item in items))
            raise self.wrong(
                whole,
                f"These values are of different types: {', '.join(kind.value for kind in kinds)}",
                f"这些值的类型不同：{'、'.join(kind.zh for kind in kinds)}",
            )
        if joint in NUMERIC:
            joint = RuleType.NUMBER
        return [convert(item, joint) for item in items], joint

    def _conditional(self, node: Call, scope: ScopeT) -> Typed:
        condition = self.condition(node.args[0], scope)
        (then, otherwise), joint = self._joined(node.args[1:], node, scope)
        return Conditional(condition, then, otherwise, type=joint)

    def _aggregate(self, kind: str, node: Call, scope: ScopeT) -> Typed:
        first = node.args[0]
        if isinstance(first, Field):
            found = self.records(first.path, scope)
            if found is not None:
                return self._over_records(kind, first.path, found, node, scope)
            through = self.repeated(first.path, scope) if len(node.args) == 1 else None
            if through is not None:
                return self._over_values_of(kind, through, node, scope)
        if kind in ("any", "all"):
            raise self.wrong(
                first,
                f"{kind} needs related records first",
                "第一个参数应为关联记录",
                f"Write {kind}([records], condition).",
                "请写成 任一([关联记录], 条件)。",
            )
        if kind == "count":
            counted = [self.check(argument, scope) for argument in node.args]
            return OfValues(kind, counted, type=RuleType.NUMBER)
        items, joint = self._joined(node.args, node, scope)
        return OfValues(kind, items, type=self._aggregated(kind, joint, node))

    def _over_records(
        self, kind: str, path: str, found: tuple[int, TypeResolver], node: Call, scope: ScopeT
    ) -> Typed:
        outward, fields = found
        least = 1 if kind == "count" else 2
        if not least <= len(node.args) <= 2:
            raise self.wrong(
                node,
                f"{kind} over related records needs an expression for each of them",
                "对关联记录的计算需要写明每条记录的表达式",
                f"Write {kind}([{path}], ...).",
                f"请写成 {kind}([{path}], ...)。",
            )
        if len(node.args) == 1:
            return OfRecords(kind, path, outward, None, type=RuleType.NUMBER)
        inner = self.inner(scope, fields)
        if kind in ("any", "all"):
            return OfRecords(kind, path, outward, self.condition(node.args[1], inner))
        if kind == "count":
            body = self.condition(node.args[1], inner)
            return OfRecords(kind, path, outward, body, type=RuleType.NUMBER)
        return self._valued(kind, path, outward, self.check(node.args[1], inner), node)

    def _over_values_of(
        self, kind: str, through: tuple[str, str, int, TypeResolver], node: Call, scope: ScopeT
    ) -> Typed:
        path, rest, outward, fields = through
        body = self.check(Field(rest, span=node.args[0].span), self.inner(scope, fields))
        if kind == "count":
            return OfRecords(kind, path, outward, Not(Absent(body)), type=RuleType.NUMBER)
        if kind in ("any", "all"):
            condition = self.condition(Field(rest, span=node.args[0].span), self.inner(scope, fields))
            return OfRecords(kind, path, outward, condition)
        return self._valued(kind, path, outward, body, node)

    def _valued(self, kind: str, path: str, outward: int, body: Typed, node: Call) -> Typed:
        result = self._aggregated(kind, body.type, node)
        value = as_double(body) if result is RuleType.NUMBER else body
        return OfRecords(kind, path, outward, value, type=result)

    def _aggregated(self, kind: str, joint: RuleType, node: Call) -> RuleType:
        """The result type of min, max, sum or mean over values of type `joint`."""
        if joint in NUMERIC or joint is RuleType.MISSING:
            return RuleType.NUMBER
        if kind in ("min", "max") and joint in _ORDERED:
            return joint
        raise self.wrong(
            node, f"{kind} can't work on values of type {joint.value}", f"{kind} 不能用于{joint.zh}类型的值"
        )


def _whole(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None

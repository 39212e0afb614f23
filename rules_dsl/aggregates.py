"""Checking what is taken of several values: listed ones, or those of related records."""

from __future__ import annotations

from rules_dsl.checking import Checking, ScopeT
from rules_dsl.compatibility import as_double
from rules_dsl.nodes import Call, Field
from rules_dsl.typed import Absent, Constant, Not, OfRecords, OfValues, Typed
from rules_dsl.types import DATED, NUMERIC, RuleType, TypeResolver

_ORDERED = NUMERIC | DATED | {RuleType.TIME}


class AggregateChecker(Checking[ScopeT]):
    """The part of the checker that deals with aggregates and quantifiers."""

    def aggregate(self, kind: str, node: Call, scope: ScopeT) -> Typed:
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
        items, joint = self.joined(node.args, node, scope)
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
            node,
            f"{kind} can't work on values of type {joint.value}",
            f"{kind} 不能用于{joint.zh}类型的值",
            "Give it numbers, dates or times." if kind in ("min", "max") else "Give it numbers.",
            "请用于数值、日期或时间。" if kind in ("min", "max") else "请用于数值。",
        )

    def exists(self, node: Call, scope: ScopeT) -> Typed:
        """Whether there is a related record, or one that meets the condition."""
        path, (outward, fields) = self._ranged(node, scope)
        if len(node.args) == 1:
            return OfRecords("any", path, outward, Constant(True))
        return OfRecords("any", path, outward, self.condition(node.args[1], self.inner(scope, fields)))

    def by_order(self, kind: str, node: Call, scope: ScopeT) -> Typed:
        """`latest` or `earliest`: the value of the related record whose `by` is greatest or least."""
        path, (outward, fields) = self._ranged(node, scope)
        inner = self.inner(scope, fields)
        by, value = self.check(node.args[1], inner), self.check(node.args[2], inner)
        if by.type not in _ORDERED:
            raise self.wrong(
                node.args[1],
                f"A date, time or number is needed here, this is {by.type.value}",
                f"此处需要日期、时间或数值，而这是{by.type.zh}",
                "Name the field that puts the records in order.",
                "请写出决定记录先后的字段。",
            )
        if value.type in (RuleType.CHOICES, RuleType.RECORDS, RuleType.MISSING):
            raise self.wrong(
                node.args[2],
                f"{kind} can't work on values of type {value.type.value}",
                f"{kind} 不能用于{value.type.zh}类型的值",
                "Give it one plain field of the records.",
                "请写出记录的一个普通字段。",
            )
        result = RuleType.NUMBER if value.type in NUMERIC else value.type
        return OfRecords(kind, path, outward, _plain(value), _plain(by), type=result)

    def _ranged(self, node: Call, scope: ScopeT) -> tuple[str, tuple[int, TypeResolver]]:
        """The path of the related records that the first argument names, and where they are."""
        first = node.args[0]
        found = self.records(first.path, scope) if isinstance(first, Field) else None
        if not isinstance(first, Field) or found is None:
            raise self.wrong(
                first,
                f"{node.name} needs related records first",
                "第一个参数应为关联记录",
                f"Write {node.name}([records], ...).",
                "请写成 函数([关联记录], ...)。",
            )
        return first.path, found


def _plain(item: Typed) -> Typed:
    """Numbers as doubles, all else as it is."""
    return as_double(item) if item.type in NUMERIC else item

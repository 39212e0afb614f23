"""Checking durations: dates moved by one, and differences of dates compared with one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Sequence
from typing import Final

from rules_dsl.bare_dates import bare_date
from rules_dsl.calls import CallChecker
from rules_dsl.checking import ScopeT
from rules_dsl.compatibility import as_datetime, as_moment, reread_texts
from rules_dsl.durations import Span, read_span
from rules_dsl.errors import RuleTypeError
from rules_dsl.nodes import Binary, Node
from rules_dsl.typed import Shifted, Typed
from rules_dsl.types import DATED, NUMERIC, RuleType

_FLIPPED: Final = {"=": "=", "<>": "<>", "<": ">", "<=": ">=", ">": "<", ">=": "<="}
_USES = (
    "Write [date] + 3 months, or [end] - [start] > 3 months.",
    "请写成 [日期] + 3 个月，或 [止] - [起] > 3 个月。",
)


class ShiftChecker(CallChecker[ScopeT]):
    """The part of the checker that deals with durations."""

    @abstractmethod
    def comparison(self, op: str, left: Typed, right: Typed, node: Node) -> Typed: ...

    def misplaced(self, node: Node) -> RuleTypeError:
        """The error for a duration that stands where a value is needed."""
        return self.wrong(node, "A duration is no value of its own", "时长不能单独作为一个值", *_USES)

    def shift(self, node: Binary, scope: ScopeT) -> Typed | None:
        """A date plus or minus a duration; None where `node` has no duration."""
        left, right = read_span(node.left), read_span(node.right)
        if left is not None and right is not None:
            raise self.misplaced(node)
        if right is not None and node.op in "+-":
            span = right if node.op == "+" else -right
            return self._shifted(node.left, span, node.right, scope)
        if left is not None and node.op == "+":
            return self._shifted(node.right, left, node.left, scope)
        if left is not None or right is not None:
            raise self.misplaced(node.right if left is None else node.left)
        return None

    def _shifted(self, moment: Node, span: Span, written: Node, scope: ScopeT) -> Typed:
        item = self.check(moment, scope)
        item = as_moment(item, RuleType.DATE) or item
        if item.type not in DATED:
            raise bare_date(self.text, moment) or self.wrong(
                written,
                f"A duration can only be added to a date, not to {item.type.value}",
                f"时长只能与日期相加减，不能用于{item.type.zh}",
                *_USES,
            )
        return self._moved(item, span, written)

    def compared_spans(
        self, item: Node, others: Sequence[tuple[str, Node]], scope: ScopeT
    ) -> list[Typed] | None:
        """`a - b > 3 months` as `a > b + 3 months`, for each comparison of `item`; None without a duration.

        So a month is as long as the calendar says from that date on, not 30.44 days.
        """
        spans = [(op, read_span(node), node) for op, node in others]
        if all(span is None for _, span, _ in spans):
            if len(others) == 1 and read_span(item) is not None:
                op, node = others[0]
                return self.compared_spans(node, [(_FLIPPED[op], item)], scope)
            return None
        if read_span(item) is not None:
            raise self.misplaced(item)
        written = next(node for _, span, node in spans if span is not None)
        end, start = self._difference(item, written, scope)
        compared = []
        for op, span, node in spans:
            if span is None:
                raise self.misplaced(written)
            compared.append(self.comparison(op, end, self._moved(start, span, node), node))
        return compared

    def _difference(self, node: Node, written: Node, scope: ScopeT) -> tuple[Typed, Typed]:
        """The later and the earlier date of `later - earlier`, which the duration `written` stands beside."""
        if not isinstance(node, Binary) or node.op != "-" or read_span(node.right) is not None:
            raise self._no_difference(self.check(node, scope), written)
        end, start = reread_texts([self.check(node.left, scope), self.check(node.right, scope)])
        if end.type not in DATED or start.type not in DATED:
            raise self._no_difference(self.check(node, scope), written)
        return end, as_datetime(start) if end.type is RuleType.DATETIME else start

    def _no_difference(self, item: Typed, written: Node) -> RuleTypeError:
        hint = _USES
        if item.type in NUMERIC:
            hint = (
                "Write the number alone, as in age_years([birth]) >= 18.",
                "请只写数值，例如 周岁([出生日期]) >= 18。",
            )
        return self.wrong(
            written,
            f"A duration is compared with a date minus a date, not with {item.type.value}",
            f"时长只能与两个日期之差比较，不能与{item.type.zh}比较",
            *hint,
        )

    def _moved(self, item: Typed, span: Span, written: Node) -> Typed:
        if item.type is RuleType.DATE and span.has_hours:
            raise self.wrong(
                written,
                "A date without a time can't be moved by parts of a day",
                "不含时刻的日期不能加减不足一天的时长",
                "Use whole days, or a field with a time.",
                "请使用整天，或使用含时刻的字段。",
            )
        return Shifted(item, span.months, span.seconds, type=item.type)

"""What every part of the checker can do: check below itself, find fields, say what is wrong."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Generic, TypeVar

from rules_dsl.compatibility import as_double, common_type, convert, reread_texts
from rules_dsl.errors import RuleTypeError
from rules_dsl.nodes import Field, Node
from rules_dsl.typed import Reference, Typed
from rules_dsl.types import NUMERIC, TEXTUAL, RuleType, TypeResolver

ScopeT = TypeVar("ScopeT")


class Checking(ABC, Generic[ScopeT]):
    """The base of the checker of one rule; `text` is the rule as written, for the places of errors."""

    def __init__(self, text: str) -> None:
        self.text = text

    @abstractmethod
    def check(self, node: Node, scope: ScopeT) -> Typed: ...

    @abstractmethod
    def field(self, node: Field, scope: ScopeT) -> Reference: ...

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

    def joined(self, nodes: Sequence[Node], whole: Node, scope: ScopeT) -> tuple[list[Typed], RuleType]:
        """The nodes, all brought to one type."""
        items = reread_texts([self.check(node, scope) for node in nodes])
        joint = common_type(items)
        if joint is None or joint is RuleType.RECORDS:
            kinds = list(dict.fromkeys(item.type for item in items))
            raise self.wrong(
                whole,
                f"These values are of different types: {', '.join(kind.value for kind in kinds)}",
                f"这些值的类型不同：{'、'.join(kind.zh for kind in kinds)}",
                "Bring them to one type, as with number(...) or text(...).",
                "请统一类型，例如用 转数值(...) 或 转文本(...)。",
            )
        if joint in NUMERIC:
            joint = RuleType.NUMBER
        return [convert(item, joint) for item in items], joint

"""Text to nodes: the LALR grammar and the callbacks that build the tree bottom-up, without recursion."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, Final

from lark import Lark, Token
from lark.exceptions import UnexpectedInput, VisitError
from lark.visitors import Transformer_NonRecursive

from rules_dsl import literals
from rules_dsl.durations import UNIT_OF_WORD, is_too_long
from rules_dsl.errors import BadLiteral
from rules_dsl.functions import function_named
from rules_dsl.limits import MAX_DEPTH, check_size, check_text, too_deep
from rules_dsl.nodes import (
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
    Span,
    Unary,
)
from rules_dsl.syntax_errors import explain
from rules_dsl.words import canonical_operator

GRAMMAR: Final = Path(__file__).with_name("grammar.lark")
_DURATION: Final = re.compile(r"(?P<count>\d+)(?P<rest>(\.\d+)?)\s*(?P<unit>\D+)")
_READERS: Final = {
    "date": (literals.read_date, "日期"),
    "datetime": (literals.read_datetime, "日期时间"),
    "time": (literals.read_time, "时间"),
}
_EXAMPLES: Final = {
    "date": ("Write it as @2026-03-05, a day that the calendar has.", "请写成 @2026-03-05，且确有此日。"),
    "datetime": ("Write it as @2026-03-05T14:20.", "请写成 @2026-03-05T14:20。"),
    "time": ("Write it as @14:20.", "请写成 @14:20。"),
    "number between 1e-300 and 1e300": ("Write a smaller number.", "请缩小数值的数量级。"),
    "duration of whole units up to 10,000 years": (
        "Write whole units: 18 months for a year and a half.",
        "请写成整数：一年半即 18 个月。",
    ),
}
_CHINESE_READERS: Final = {"日期": "date", "日期时间": "datetime", "时间": "time"}
_WORD_OPERATORS: Final = {
    "CONTAINS": "contains",
    "NOT_CONTAINS": "contains",
    "STARTS_WITH": "starts with",
    "MATCHES": "matches",
    "HAS": "has",
}


def span_of(children: list[Any]) -> Span:
    """From the first to the last character that `children` (tokens, nodes, lists) cover."""
    first, last = children[0], children[-1]
    return _bounds(first)[0], _bounds(last)[1]


def _bounds(child: Any) -> Span:
    if isinstance(child, Token):
        return int(child.start_pos or 0), int(child.end_pos or 0)
    if isinstance(child, list):
        return span_of(child)
    span: Span = child.span
    return span


def _operator(token: Token) -> str:
    return _WORD_OPERATORS.get(token.type) or canonical_operator(str(token))


class _Builder(Transformer_NonRecursive[Token, Any]):
    """One callback per rule of the grammar; `text` is the rule, for the places of errors."""

    def __init__(self, text: str) -> None:
        super().__init__(visit_tokens=False)
        self._text = text

    def _sized(self, node: Node) -> Node:
        if node.depth > MAX_DEPTH:
            raise too_deep(self._text, node.span, node.depth)
        return node

    def start(self, children: list[Any]) -> Any:
        return children[0]

    def logic(self, children: list[Any]) -> Node:
        op = "and" if children[1].type == "AND" else "or"
        return self._sized(Logic(op, tuple(children[::2]), span=span_of(children)))

    def unary(self, children: list[Any]) -> Node:
        op = "not" if children[0].type == "NOT" else "-"
        return self._sized(Unary(op, children[1], span=span_of(children)))

    def binary(self, children: list[Any]) -> Node:
        left, op, right = children
        return self._sized(Binary(_operator(op), left, right, span=span_of(children)))

    def negated_binary(self, children: list[Any]) -> Node:
        left, right = children[0], children[-1]
        span = span_of(children)
        return self._sized(Unary("not", Binary(_operator(children[-2]), left, right, span=span), span=span))

    def membership(self, children: list[Any]) -> Node:
        item, options = children[0], next(child for child in children if isinstance(child, list))
        return self._sized(In(item, tuple(options), span=span_of(children)))

    def negated_membership(self, children: list[Any]) -> Node:
        return self._sized(Unary("not", self.membership(children), span=span_of(children)))

    def between(self, children: list[Any]) -> Node:
        item, low, high = (child for child in children if isinstance(child, Node))
        return self._sized(Between(item, low, high, span=span_of(children)))

    def negated_between(self, children: list[Any]) -> Node:
        return self._sized(Unary("not", self.between(children), span=span_of(children)))

    def is_missing(self, children: list[Any]) -> Node:
        return self._sized(IsMissing(children[0], span=span_of(children)))

    def is_not_missing(self, children: list[Any]) -> Node:
        return self._sized(Unary("not", self.is_missing(children), span=span_of(children)))

    def number(self, children: list[Any]) -> Node:
        value = literals.read_number(children[0])
        if value is None:
            raise self._bad(children, "number between 1e-300 and 1e300", "数值（1e-300 到 1e300）")
        return Literal("number", value, span=span_of(children))

    def duration(self, children: list[Any]) -> Node:
        written = _DURATION.fullmatch(str(children[0]))
        assert written is not None
        count, unit = int(written["count"][:20]), UNIT_OF_WORD[written["unit"].lower()]
        if written["rest"] or is_too_long(count, unit):
            raise self._bad(
                children, "duration of whole units up to 10,000 years", "时长（整数，至多 10000 年）"
            )
        return Duration(count, unit, span=span_of(children))

    def text(self, children: list[Any]) -> Node:
        return Literal("text", literals.unquote(children[0]), span=span_of(children))

    def moment(self, children: list[Any]) -> Node:
        written = str(children[0])[1:]
        kind = "time" if written[2] == ":" else "date" if len(written) == 10 else "datetime"
        return self._moment(kind, written, children)

    def _moment(self, kind: str, written: str, children: list[Any]) -> Node:
        read, kind_zh = _READERS[kind]
        value = read(written)
        if value is None:
            raise self._bad(children, kind, kind_zh)
        return Literal(kind, value, span=span_of(children))

    def true(self, children: list[Any]) -> Node:
        return Literal("boolean", True, span=span_of(children))

    def false(self, children: list[Any]) -> Node:
        return Literal("boolean", False, span=span_of(children))

    def missing(self, children: list[Any]) -> Node:
        return Literal("missing", None, span=span_of(children))

    def field(self, children: list[Any]) -> Node:
        path = ".".join(part.strip() for part in str(children[0])[1:-1].split("."))
        return Field(path, span=span_of(children))

    def bare_field(self, children: list[Any]) -> Node:
        return Field(str(children[0]), span=span_of(children))

    def options(self, children: list[Any]) -> list[Any]:
        return children

    def group(self, children: list[Any]) -> Any:
        return children[0]

    def call(self, children: list[Any]) -> Node:
        name, args = str(children[0]), children[1] or []
        kind = _CHINESE_READERS.get(name, name.lower())
        if kind in _READERS and len(args) == 1 and isinstance(args[0], Literal) and args[0].kind == "text":
            return self._moment(kind, str(args[0].value), [children[0], children[-1]])
        known = function_named(name)
        span = span_of([children[0], children[-1]])
        return self._sized(Call(known.name if known else name, tuple(args), span=span))

    def _bad(self, children: list[Any], kind: str, kind_zh: str) -> BadLiteral:
        start, end = span_of(children)
        found = self._text[start:end]
        hint = _EXAMPLES.get(kind, ("", ""))
        return BadLiteral(self._text, (start, end), *hint, found=found, kind=kind, kind_zh=kind_zh)


@cache
def _lark() -> Lark:
    return Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer="basic", maybe_placeholders=True)


def parse_node(text: str) -> Node:
    """The root node of `text`.

    Raises:
        RuleSyntaxError: where the text is not a rule, with its place and a suggestion.
        RuleTooLarge: when the text, its depth or its number of parts passes the limits.
    """
    check_text(text)
    try:
        root: Node = _Builder(text).transform(_lark().parse(text))
    except UnexpectedInput as error:
        raise explain(text, error) from None
    except VisitError as error:
        raise error.orig_exc from None
    check_size(root, text)
    return root

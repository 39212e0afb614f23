"""Nodes to canonical text, in English or Chinese words: the formatter."""

from __future__ import annotations

from datetime import date, time
from decimal import Decimal
from functools import singledispatch
from typing import Final

from rules_dsl import literals
from rules_dsl.durations import write_duration
from rules_dsl.errors import Language
from rules_dsl.functions import function_named
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
    Unary,
    fold,
)
from rules_dsl.words import WORDS

ARITHMETIC: Final = {"+": 6, "-": 6, "*": 7, "/": 7, "^": 9}
_PREDICATE: Final = 5
OPERAND: Final = 6  # what stands beside `in`, `between` and `is missing`
NEGATED: Final = 3
SIGNED: Final = 8
_ATOM: Final = 10


def print_node(node: Node, language: Language = "en") -> str:
    """The canonical text of `node`; reading it again gives an equal node."""
    return fold(node, lambda part, texts: text_of(part, texts, language))


def word(key: str, language: Language) -> str:
    """A word of the language as it is printed."""
    return WORDS[key][language]


def wrapped(node: Node, text: str, least: int) -> str:
    """`text` of `node`, in parentheses where it binds more loosely than `least`."""
    return text if binding(node) >= least else f"({text})"


@singledispatch
def binding(node: Node) -> int:
    """How tightly the parts of `node` hold together."""
    return _ATOM


@binding.register
def _(node: Logic) -> int:
    return 1 if node.op == "or" else 2


@binding.register
def _(node: Unary) -> int:
    if node.op == "-":
        return SIGNED
    return _PREDICATE if _negated_form(node.item) else NEGATED


@binding.register
def _(node: Binary) -> int:
    return ARITHMETIC.get(node.op, _PREDICATE)


@binding.register(In)
@binding.register(Between)
@binding.register(IsMissing)
def _(node: Node) -> int:
    return _PREDICATE


@binding.register
def _(node: Literal) -> int:
    negative = isinstance(node.value, Decimal) and node.value < 0
    return SIGNED if negative else _ATOM


def _negated_form(node: Node) -> bool:
    return isinstance(node, IsMissing)


@singledispatch
def text_of(node: Node, texts: list[str], language: Language) -> str:
    """The text of `node` in one line, made of the `texts` of its children."""
    raise TypeError(f"no text for {type(node).__name__}")


@text_of.register
def _(node: Literal, texts: list[str], language: Language) -> str:
    value = node.value
    if value is None:
        return word("missing", language)
    if isinstance(value, bool):
        return word("true" if value else "false", language)
    if isinstance(value, Decimal):
        return literals.write_number(value)
    if isinstance(value, date | time):
        return "@" + value.isoformat()
    return literals.quote(value)


@text_of.register
def _(node: Duration, texts: list[str], language: Language) -> str:
    return write_duration(node.count, node.unit, language)


@text_of.register
def _(node: Field, texts: list[str], language: Language) -> str:
    return f"[{node.path}]"


@text_of.register
def _(node: Logic, texts: list[str], language: Language) -> str:
    least = binding(node) + 1
    items = [wrapped(item, text, least) for item, text in zip(node.items, texts, strict=True)]
    return f" {word(node.op, language)} ".join(items)


@text_of.register
def _(node: Unary, texts: list[str], language: Language) -> str:
    if node.op == "-":
        return "-" + wrapped(node.item, texts[0], SIGNED)
    return _negation(node.item, texts[0], language)


def _negation(item: Node, text: str, language: Language) -> str:
    """`not` before its item, or inside where the language has a word for it: `is not missing`."""
    if isinstance(item, IsMissing):
        return text.removesuffix(word("is missing", language)) + word("is not missing", language)
    return f"{word('not', language)} {wrapped(item, text, NEGATED)}"


@text_of.register
def _(node: Binary, texts: list[str], language: Language) -> str:
    least_left, least_right = least_of(node)
    left, right = wrapped(node.left, texts[0], least_left), wrapped(node.right, texts[1], least_right)
    return f"{left} {operator(node, language)} {right}"


def operator(node: Binary, language: Language) -> str:
    """The operator as it is written between its two sides."""
    return word(node.op, language) if node.op in WORDS else node.op


def least_of(node: Binary) -> tuple[int, int]:
    """How tightly the left and the right side must bind to stand without parentheses."""
    if node.op == "^":
        return _ATOM, SIGNED
    own = binding(node)
    return (own if node.op in ARITHMETIC else _PREDICATE + 1), own + 1


@text_of.register
def _(node: In, texts: list[str], language: Language) -> str:
    return f"{wrapped(node.item, texts[0], OPERAND)} {word('in', language)} ({', '.join(texts[1:])})"


@text_of.register
def _(node: Between, texts: list[str], language: Language) -> str:
    parts = zip(node.children(), texts, strict=True)
    item, low, high = (wrapped(part, text, OPERAND) for part, text in parts)
    return f"{item} {word('between', language)} {low} {word('between and', language)} {high}"


@text_of.register
def _(node: IsMissing, texts: list[str], language: Language) -> str:
    return f"{wrapped(node.item, texts[0], OPERAND)} {word('is missing', language)}"


@text_of.register
def _(node: Call, texts: list[str], language: Language) -> str:
    return f"{function_name(node, language)}({', '.join(texts)})"


def function_name(node: Call, language: Language) -> str:
    """The function as it is called in `language`."""
    known = function_named(node.name)
    return known.zh if known and language == "zh" else node.name

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

_ARITHMETIC: Final = {"+": 6, "-": 6, "*": 7, "/": 7, "^": 9}
_PREDICATE: Final = 5
_SIGN: Final = 8
_ATOM: Final = 10


def print_node(node: Node, language: Language = "en") -> str:
    """The canonical text of `node`; reading it again gives an equal node."""
    return fold(node, lambda part, texts: _text(part, texts, language))


def _word(key: str, language: Language) -> str:
    return WORDS[key][language]


def _wrapped(node: Node, text: str, least: int) -> str:
    """`text` of `node`, in parentheses where it binds more loosely than `least`."""
    return text if _binding(node) >= least else f"({text})"


@singledispatch
def _binding(node: Node) -> int:
    return _ATOM


@_binding.register
def _(node: Logic) -> int:
    return 1 if node.op == "or" else 2


@_binding.register
def _(node: Unary) -> int:
    if node.op == "-":
        return _SIGN
    return _PREDICATE if _negated_form(node.item) else 3


@_binding.register
def _(node: Binary) -> int:
    return _ARITHMETIC.get(node.op, _PREDICATE)


@_binding.register(In)
@_binding.register(Between)
@_binding.register(IsMissing)
def _(node: Node) -> int:
    return _PREDICATE


@_binding.register
def _(node: Literal) -> int:
    negative = isinstance(node.value, Decimal) and node.value < 0
    return _SIGN if negative else _ATOM


def _negated_form(node: Node) -> bool:
    return isinstance(node, IsMissing)


@singledispatch
def _text(node: Node, texts: list[str], language: Language) -> str:
    raise TypeError(f"no text for {type(node).__name__}")


@_text.register
def _(node: Literal, texts: list[str], language: Language) -> str:
    value = node.value
    if value is None:
        return _word("missing", language)
    if isinstance(value, bool):
        return _word("true" if value else "false", language)
    if isinstance(value, Decimal):
        return literals.write_number(value)
    if isinstance(value, date | time):
        return "@" + value.isoformat()
    return literals.quote(value)


@_text.register
def _(node: Duration, texts: list[str], language: Language) -> str:
    return write_duration(node.count, node.unit, language)


@_text.register
def _(node: Field, texts: list[str], language: Language) -> str:
    return f"[{node.path}]"


@_text.register
def _(node: Logic, texts: list[str], language: Language) -> str:
    least = _binding(node) + 1
    wrapped = [_wrapped(item, text, least) for item, text in zip(node.items, texts, strict=True)]
    return f" {_word(node.op, language)} ".join(wrapped)


@_text.register
def _(node: Unary, texts: list[str], language: Language) -> str:
    if node.op == "-":
        return "-" + _wrapped(node.item, texts[0], _SIGN)
    return _negation(node.item, texts[0], language)


def _negation(item: Node, text: str, language: Language) -> str:
    """`not` before its item, or inside where the language has a word for it: `is not missing`."""
    if isinstance(item, IsMissing):
        return text.removesuffix(_word("is missing", language)) + _word("is not missing", language)
    return f"{_word('not', language)} {_wrapped(item, text, 3)}"


@_text.register
def _(node: Binary, texts: list[str], language: Language) -> str:
    op = _word(node.op, language) if node.op in WORDS else node.op
    binding = _binding(node)
    if node.op == "^":
        least_left, least_right = _ATOM, _SIGN
    else:
        least_left = binding if node.op in _ARITHMETIC else _PREDICATE + 1
        least_right = binding + 1
    left, right = _wrapped(node.left, texts[0], least_left), _wrapped(node.right, texts[1], least_right)
    return f"{left} {op} {right}"


@_text.register
def _(node: In, texts: list[str], language: Language) -> str:
    return f"{_wrapped(node.item, texts[0], 6)} {_word('in', language)} ({', '.join(texts[1:])})"


@_text.register
def _(node: Between, texts: list[str], language: Language) -> str:
    parts = zip(node.children(), texts, strict=True)
    item, low, high = (_wrapped(part, text, 6) for part, text in parts)
    return f"{item} {_word('between', language)} {low} {_word('between and', language)} {high}"


@_text.register
def _(node: IsMissing, texts: list[str], language: Language) -> str:
    return f"{_wrapped(node.item, texts[0], 6)} {_word('is missing', language)}"


@_text.register
def _(node: Call, texts: list[str], language: Language) -> str:
    known = function_named(node.name)
    name = known.zh if known and language == "zh" else node.name
    return f"{name}({', '.join(texts)})"

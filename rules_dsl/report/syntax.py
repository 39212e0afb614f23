"""Package text -> statements. A statement begins at the start of a line; indented lines continue it."""

from __future__ import annotations

import difflib
import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from rules_dsl.errors import RuleSyntaxError, RuleTooLarge, UnfinishedRule
from rules_dsl.report.errors import UnknownStatement
from rules_dsl.report.words import HEADS, OPTIONS, canonical

MAX_CHARACTERS: Final = 2_000_000
_BLOCK: Final = re.compile(r"^[^\s#].*(?:\n[ \t\u3000]+\S.*)*", re.MULTILINE)
_TRAILING_COMMENT: Final = re.compile(r"[ \t]#[^\n\"]*$", re.MULTILINE)


@dataclass(frozen=True)
class Written:
    """A word, quoted text or pattern as written, and where."""

    text: str
    span: tuple[int, int]
    is_pattern: bool = False
    quoted: bool = False


@dataclass(frozen=True)
class Item:
    """One entry of a statement's list: `清晰 = 清`, `高危 when "[BI-RADS] = '5'"`."""

    word: Written
    value: Written | None = None
    when: Written | None = None


@dataclass(frozen=True)
class Statement:
    head: str
    span: tuple[int, int]
    name: Written
    options: dict[str, tuple[Written, ...]] = field(default_factory=dict)
    option_spans: dict[str, tuple[int, int]] = field(default_factory=dict)
    items: tuple[Item, ...] | None = None


@cache
def _lark() -> Lark:
    grammar = Path(__file__).with_name("grammar.lark").read_text(encoding="utf-8")
    return Lark(grammar, parser="lalr", maybe_placeholders=True, propagate_positions=True)


def blocks(text: str) -> list[tuple[int, int]]:
    """Where each statement of `text` stands; comments and blank lines lie between them."""
    return [match.span() for match in _BLOCK.finditer(text)]


def read(text: str) -> list[Statement]:
    """The statements of a package.

    Raises:
        RuleSyntaxError: at the first place that can't be read.
        RuleTooLarge: beyond 2,000,000 characters.
    """
    if len(text) > MAX_CHARACTERS:
        raise RuleTooLarge(what="its length", what_zh="长度", size=len(text), limit=MAX_CHARACTERS)
    return [_statement(text, start, end) for start, end in blocks(text)]


def _statement(text: str, start: int, end: int) -> Statement:
    block = _TRAILING_COMMENT.sub(lambda m: " " * len(m.group()), text[start:end])
    try:
        tree = _lark().parse(block)
    except UnexpectedInput as error:
        raise _explained(text, start, block, error) from None
    return _built(tree, start, end)


def _built(tree: Tree[Token], start: int, end: int) -> Statement:
    head, name = str(tree.children[0]), tree.children[1]
    assert isinstance(name, Tree)
    options: dict[str, tuple[Written, ...]] = {}
    spans: dict[str, tuple[int, int]] = {}
    items: tuple[Item, ...] | None = None
    for child in tree.children[2:]:
        if not isinstance(child, Tree):
            continue
        if child.data == "items":
            items = tuple(_item(item, start) for item in child.children if isinstance(item, Tree))
            continue
        word = child.children[0]
        assert isinstance(word, Token)
        key = canonical(OPTIONS, str(word)) or str(word)
        options[key] = tuple(_written(it, start) for it in child.children[1:])
        spans[key] = (start + (word.start_pos or 0), start + (word.end_pos or 0))
    key = canonical(HEADS, head) or head
    return Statement(key, (start, end), _written(name, start), options, spans, items)


def _item(tree: Tree[Token], offset: int) -> Item:
    word, _, value, _, condition = _five(tree)
    return Item(
        _written(word, offset),
        _written(value, offset) if value is not None else None,
        _written(condition, offset) if condition is not None else None,
    )


def _five(tree: Tree[Token]) -> list[Token | Tree[Token] | None]:
    children = list(tree.children)
    return [*children, *([None] * (5 - len(children)))]


def _written(node: object, offset: int) -> Written:
    token = node.children[0] if isinstance(node, Tree) else node
    assert isinstance(token, Token)
    span = (offset + (token.start_pos or 0), offset + (token.end_pos or 0))
    text = str(token)
    if token.type == "TEXT":
        return Written(text[1:-1].replace('""', '"'), span, quoted=True)
    if token.type == "PATTERN":
        return Written(text[1:-1], span, is_pattern=True)
    return Written(text, span)


def _explained(text: str, start: int, block: str, error: UnexpectedInput) -> RuleSyntaxError:
    if isinstance(error, UnexpectedCharacters):
        at = start + (error.pos_in_stream or 0)
        first = re.match(r"[^\s:：]+", block)
        if at == start and first:
            return _unknown_head(text, start, first.group())
        return RuleSyntaxError(text, (at, at + 1), *_quote_hint(text[at]), found=f"`{text[at]}`")
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        at = start + int(error.token.start_pos or 0)
        if at == start:
            return _unknown_head(text, start, str(error.token))
        hint = ("", "")
        if error.token.type in ("WORD", "TEXT"):
            hint = ("Part the words of a list by `|`.", "词表中的词语以 | 分隔。")
            near = difflib.get_close_matches(str(error.token), _option_words(), 1, 0.5)
            if near:
                hint = (f"Did you mean `{near[0]}`?", f"是否想写“{near[0]}”？")
        return RuleSyntaxError(text, (at, at + len(error.token)), *hint, found=f"`{error.token}`")
    end = start + len(block)
    return UnfinishedRule(text, (end, end), "A word is missing at its end.", "末尾缺少一个词。")


def _quote_hint(char: str) -> tuple[str, str]:
    if char in '"“”':
        return 'The text is not closed: add a `"`.', '文本没有结束：请补上 "。'
    return 'Write words with such signs in quotes: `"L4/5"`.', '含有此类符号的词请加引号："L4/5"。'


def _unknown_head(text: str, start: int, found: str) -> UnknownStatement:
    words = [word for spelled in HEADS.values() for word in spelled.values()]
    near = difflib.get_close_matches(found, words, 1, 0.4)
    hint = (f"Did you mean `{near[0]}`?", f"是否想写“{near[0]}”？") if near else ("", "")
    return UnknownStatement(text, (start, start + len(found)), *hint, found=f"`{found}`")


def _option_words() -> list[str]:
    return [word for spelled in OPTIONS.values() for word in spelled.values()]

"""How large a rule may be, checked before and while it is read, so that no text can exhaust the process."""

from __future__ import annotations

import re
import sys
from typing import Final

from rules_dsl.errors import RuleTooLarge
from rules_dsl.nodes import Node, walk

MAX_CHARACTERS: Final = 20_000
MAX_DEPTH: Final = 200
MAX_NODES: Final = 4_000
MAX_QUANTIFIERS: Final = 4
MAX_TOKENS: Final = 2 * MAX_NODES + 200  # a list of options needs two for each node
COMMON_DEPTH: Final = 25
RECURSION_LIMIT: Final = 12_000

_TOKEN: Final = re.compile(r"'[^']*'|\"[^\"]*\"|“[^”]*”|‘[^’]*’|\[[^\]]*\]|非|[\w.]+|[^\w\s]")
_SIGNS: Final = frozenset({"-", "－", "−", "not", "非"})
_OPENING: Final = "(（"
_CLOSING: Final = ")）"
_QUOTES: Final = {"'": "'", '"': '"', "“": "”", "‘": "’"}


def check_text(text: str) -> None:
    """Refuse a text that is too long or whose parentheses nest too deeply.

    Raises:
        RuleTooLarge: at the first parenthesis beyond the limit, or at the start.
    """
    if len(text) > MAX_CHARACTERS:
        raise RuleTooLarge(what="its length", what_zh="长度", size=len(text), limit=MAX_CHARACTERS)
    _check_tokens(text)
    depth, closing_quote = 0, ""
    for offset, char in enumerate(text):
        if closing_quote:
            closing_quote = "" if char == closing_quote else closing_quote
        elif char in _QUOTES:
            closing_quote = _QUOTES[char]
        elif char in _OPENING:
            depth += 1
        elif char in _CLOSING:
            depth -= 1
        if depth > MAX_DEPTH:
            raise too_deep(text, (offset, offset + 1), depth)


def _check_tokens(text: str) -> None:
    """Refuse what would take long to read before it is refused: too many words, signs in a long row."""
    size, row = 0, 0
    for found in _TOKEN.finditer(text):
        size += 1
        row = row + 1 if found.group().lower() in _SIGNS else 0
        if row > MAX_DEPTH:
            raise too_deep(text, found.span(), row)
    if size > MAX_TOKENS:
        raise RuleTooLarge(what="its number of words", what_zh="词数", size=size, limit=MAX_TOKENS)


def too_deep(text: str, span: tuple[int, int], depth: int) -> RuleTooLarge:
    """The error for a rule that nests more than MAX_DEPTH levels."""
    return RuleTooLarge(
        text,
        span,
        suggestion="Use sum(...), in (...) or smaller rules that refer to one another.",
        suggestion_zh="请使用 求和(...)、属于 (...)，或拆成几条相互引用的规则。",
        what="its depth",
        what_zh="嵌套深度",
        size=depth,
        limit=MAX_DEPTH,
    )


def check_size(root: Node, text: str = "") -> None:
    """Refuse a tree with more than MAX_NODES nodes or more than MAX_DEPTH levels."""
    if root.depth > MAX_DEPTH:
        raise too_deep(text, root.span, root.depth)
    size = sum(1 for _ in walk(root))
    if size > MAX_NODES:
        raise RuleTooLarge(text, what="its number of parts", what_zh="节点数", size=size, limit=MAX_NODES)


def check_quantifiers(depth: int, text: str) -> None:
    """Refuse quantifiers that nest beyond MAX_QUANTIFIERS: each multiplies the work of a database."""
    if depth > MAX_QUANTIFIERS:
        raise RuleTooLarge(
            text,
            suggestion="Calculate a field in the related records, and use that.",
            suggestion_zh="请先在关联记录中计算一个字段，再引用它。",
            what="the depth of its quantifiers",
            what_zh="关联记录的嵌套层数",
            size=depth,
            limit=MAX_QUANTIFIERS,
        )


def make_room(depth: int) -> None:
    """Let Python's stack hold a rule of `depth` levels in the checker and in SQLAlchemy's compiler.

    Rules are shallow, and then nothing happens. The limit is only ever raised: lowering it again could
    break another thread in the middle of a rule.
    """
    if depth > COMMON_DEPTH and sys.getrecursionlimit() < RECURSION_LIMIT:
        sys.setrecursionlimit(RECURSION_LIMIT)

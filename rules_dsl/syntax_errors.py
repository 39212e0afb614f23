"""What the reader found where it expected something else, as an error with a suggestion."""

from __future__ import annotations

import re
from typing import Final

from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from rules_dsl.errors import RuleSyntaxError, UnfinishedRule

_HABITS: Final = {
    "&": ("Write `and`.", "请写 `且` 或 `and`。"),
    "|": ("Write `or`.", "请写 `或` 或 `or`。"),
    "!": ("Write `not`, or `<>` for different.", "请写 `非`，不等于写作 `<>`。"),
    "%": ("Write the fraction: 5 % is 0.05.", "请写成小数：5 % 即 0.05。"),
    "{": ("A field is written `[code]`.", "字段写作 `[编码]`。"),
    "'": ("The text is not closed: add a `'`.", "文本没有结束：请补上 `'`。"),
    '"': ('The text is not closed: add a `"`.', '文本没有结束：请补上 `"`。'),
    "[": ("The field is not closed: add a `]`.", "字段没有结束：请补上 `]`。"),
}


def explain(text: str, error: UnexpectedInput) -> RuleSyntaxError:
    """The error of the reader as one of ours."""
    if isinstance(error, UnexpectedCharacters):
        return _strange_character(text, error.pos_in_stream or 0)
    if isinstance(error, UnexpectedToken) and error.token.type != "$END":
        start = int(error.token.start_pos or 0)
        return _strange_word(text, start, start + len(error.token), error.token.type, error.accepts or set())
    return _ends_early(text, getattr(error, "accepts", None) or set())


def _strange_character(text: str, offset: int) -> RuleSyntaxError:
    char = text[offset]
    hint = _HABITS.get(char)
    if hint is None and re.match(r"[\u3400-\u9fff]", char):
        hint = ("Write a Chinese field name in brackets: `[年龄]`.", "中文字段名请放在方括号中：`[年龄]`。")
    return RuleSyntaxError(text, (offset, offset + 1), *(hint or ("", "")), found=f"`{char}`")


def _strange_word(text: str, start: int, end: int, kind: str, accepts: set[str]) -> RuleSyntaxError:
    hint = ("", "")
    if kind == "COMPARE":
        hint = (
            "Compare two values at a time: `1 < [x] and [x] < 3`, or `[x] between 1 and 3`.",
            "一次只比较两个值：`1 < [x] 且 [x] < 3`，或 `[x] 介于 1 和 3`。",
        )
    elif kind in ("NUMBER", "DURATION", "TEXT", "FIELD", "NAME", "_LPAR"):
        hint = ("An operator is missing before it.", "它的前面缺少运算符。")
    elif "RPAR" in accepts:
        hint = ("A `)` is missing before it.", "它的前面缺少 `)`。")
    return RuleSyntaxError(text, (start, end), *hint, found=f"`{text[start:end]}`")


def _ends_early(text: str, accepts: set[str]) -> RuleSyntaxError:
    hint = (
        ("Add the missing `)`.", "请补上缺少的 `)`。")
        if "RPAR" in accepts
        else ("A value is missing at its end.", "末尾缺少一个值。")
    )
    end = len(text)
    return UnfinishedRule(text, (end, end), *hint)

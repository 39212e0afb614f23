"""The words of the language in English and Chinese, as the formatter prints them."""

from __future__ import annotations

from typing import Final

from rules_dsl.errors import Language

WORDS: Final[dict[str, dict[Language, str]]] = {
    "and": {"en": "and", "zh": "且"},
    "or": {"en": "or", "zh": "或"},
    "not": {"en": "not", "zh": "非"},
    "in": {"en": "in", "zh": "属于"},
    "not in": {"en": "not in", "zh": "不属于"},
    "between": {"en": "between", "zh": "介于"},
    "between and": {"en": "and", "zh": "和"},
    "is missing": {"en": "is missing", "zh": "缺失"},
    "is not missing": {"en": "is not missing", "zh": "不缺失"},
    "missing": {"en": "missing", "zh": "缺失"},
    "true": {"en": "true", "zh": "真"},
    "false": {"en": "false", "zh": "假"},
    "contains": {"en": "contains", "zh": "包含"},
    "starts with": {"en": "starts with", "zh": "开头为"},
    "matches": {"en": "matches", "zh": "匹配"},
    "has": {"en": "has", "zh": "勾选"},
}

OPERATORS: Final[dict[str, str]] = {
    "==": "=",
    "＝": "=",
    "等于": "=",
    "!=": "<>",
    "≠": "<>",
    "不等于": "<>",
    "＜": "<",
    "小于": "<",
    "＞": ">",
    "大于": ">",
    "≤": "<=",
    "小于等于": "<=",
    "≥": ">=",
    "大于等于": ">=",
    "＋": "+",
    "－": "-",
    "−": "-",
    "×": "*",
    "＊": "*",
    "÷": "/",
    "／": "/",
}


def canonical_operator(written: str) -> str:
    """The one form of an operator that nodes carry: `≠` and `不等于` are `<>`."""
    return OPERATORS.get(written, written)

"""Functions of text. Letters fold in ASCII only, and positions count code points from 1."""

from __future__ import annotations

import re
import string
from typing import Final

from rules_dsl.functions.declaration import Function, Parameter
from rules_dsl.types import TEXTUAL, RuleType

TEXT_ARGUMENT = Parameter("text", "文本", TEXTUAL)
BLANKS: Final = " \t\r\n\u3000"

_LOWER: Final = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)
_UPPER: Final = str.maketrans(string.ascii_lowercase, string.ascii_uppercase)
_NUMBER: Final = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,15})?")


def fold(text: str) -> str:
    """`text` with the ASCII letters in lower case."""
    return text.translate(_LOWER)


def _upper(text: str) -> str:
    return text.translate(_UPPER)


def _substring(text: str, start: int, length: int) -> str:
    return text[start - 1 : start - 1 + length]


def text_number(text: str) -> float | None:
    """The number that `text` writes (`12`, `-3.5`), or None: at most 15 digits before the point and after."""
    return float(text) if _NUMBER.fullmatch(text) else None


FUNCTIONS: Final = (
    Function(
        "length",
        "长度",
        (TEXT_ARGUMENT,),
        RuleType.NUMBER,
        "How many characters (code points) the text has.",
        "文本的字符数。",
        "length('结节')",
        "2",
        python=lambda text: float(len(text)),
        sql=lambda kit, text: kit.length(text),
        small=True,
    ),
    Function(
        "lower",
        "小写",
        (TEXT_ARGUMENT,),
        RuleType.TEXT,
        "ASCII letters in lower case.",
        "英文字母转小写。",
        "lower('GGO')",
        "ggo",
        python=fold,
        sql=lambda kit, text: kit.lower(text),
    ),
    Function(
        "upper",
        "大写",
        (TEXT_ARGUMENT,),
        RuleType.TEXT,
        "ASCII letters in upper case.",
        "英文字母转大写。",
        "upper('ggo')",
        "GGO",
        python=_upper,
        sql=lambda kit, text: kit.upper(text),
    ),
    Function(
        "trim",
        "去空格",
        (TEXT_ARGUMENT,),
        RuleType.TEXT,
        "Without blanks, tabs, line ends and wide blanks at both ends.",
        "去掉两端的空格、制表符、换行和全角空格。",
        "trim('  a ')",
        "a",
        python=lambda text: text.strip(BLANKS),
        sql=lambda kit, text: kit.trim(text),
    ),
    Function(
        "concat",
        "连接",
        (Parameter("text", "文本", TEXTUAL, repeats=True),),
        RuleType.TEXT,
        "The texts one after another; missing if one of them is.",
        "依次连接文本；有一个缺失则结果缺失。",
        "concat('T', '1')",
        "T1",
        python=lambda *texts: "".join(texts),
        sql=lambda kit, *texts: kit.concat(texts),
    ),
    Function(
        "substring",
        "截取",
        (
            TEXT_ARGUMENT,
            Parameter("start", "起始", frozenset({RuleType.INTEGER}), literal=True),
            Parameter("length", "长度", frozenset({RuleType.INTEGER}), literal=True),
        ),
        RuleType.TEXT,
        "That many characters from that position; the first is 1.",
        "从该位置起截取若干字符，首字符为 1。",
        "substring('CT20260305', 3, 4)",
        "2026",
        python=_substring,
        sql=lambda kit, text, start, length: kit.substring(text, start, length),
    ),
    Function(
        "number",
        "转数值",
        (TEXT_ARGUMENT,),
        RuleType.NUMBER,
        "The number that a text or a choice's code writes (-3.5); missing if it writes none.",
        "文本或选项编码所写的数（如 -3.5）；不是数则缺失。",
        "number('12.5')",
        "12.5",
        python=text_number,
        sql=lambda kit, text: kit.text_number(text),
        small=True,
    ),
)

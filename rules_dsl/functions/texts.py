"""Functions of text. Letters fold in ASCII only, and positions count code points from 1."""

from __future__ import annotations

import hashlib
import hmac
import re
import string
from typing import Any, Final

from rules_dsl.functions.declaration import Function, Parameter, SqlKit
from rules_dsl.types import NUMERIC, TEXTUAL, RuleType

TEXT_ARGUMENT = Parameter("text", "文本", TEXTUAL)
BLANKS: Final = " \t\r\n\u3000"
MOST_CHARACTERS: Final = 1_000_000
MOST_COUNT: Final = 1e9

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


def _replace(text: str, old: str, new: str) -> str | None:
    if len(text) * max(len(new), 1) > MOST_CHARACTERS:
        return None
    return text.replace(old, new) if old else text


def _replace_sql(kit: SqlKit, text: Any, old: Any, new: Any) -> Any:
    def replaced(whole: Any, part: Any, other: Any) -> Any:
        size, one = kit.length(other), kit.number(1.0)
        longest = kit.length(whole) * kit.when(size < one, one, size)
        return kit.when(longest <= kit.number(MOST_CHARACTERS), kit.replace(whole, part, other))

    return kit.let([text, old, new], replaced)


def _concat(*texts: str) -> str | None:
    return "".join(texts) if sum(map(len, texts)) <= MOST_CHARACTERS else None


def _concat_sql(kit: SqlKit, *texts: Any) -> Any:
    def joined(*parts: Any) -> Any:
        length = sum(map(kit.length, parts[1:]), start=kit.length(parts[0]))
        return kit.when(length <= kit.number(MOST_CHARACTERS), kit.concat(parts))

    return kit.let(texts, joined)


def _left(text: str, count: float) -> str:
    return text[: max(int(min(count, MOST_COUNT)), 0)]


def _right(text: str, count: float) -> str:
    wanted = max(int(min(count, MOST_COUNT)), 0)
    return text[max(len(text) - wanted, 0) :]


def text_part(text: str, separator: str, number: int) -> str | None:
    """The part with that number, from 1, of `text` cut at each `separator`; None where there are fewer."""
    parts = text.split(separator) if separator else [text]
    return parts[number - 1] if number <= len(parts) else None


def md5(text: str) -> str:
    """The MD5 of the text in UTF-8: a fingerprint that other systems ask for, no protection."""
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()


def hmac_sha256(text: str, key: str) -> str:
    """HMAC-SHA256 of the text with the key, both in UTF-8, in hexadecimal."""
    return hmac.new(key.encode(), text.encode(), "sha256").hexdigest()


_COUNT = Parameter("count", "字符数", NUMERIC)

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
        "The texts one after another; missing if one of them is, and beyond 1,000,000 characters.",
        "依次连接文本；有一个缺失或总长超过 1,000,000 字符则结果缺失。",
        "concat('T', '1')",
        "T1",
        python=_concat,
        sql=_concat_sql,
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
    Function(
        "replace",
        "替换",
        (TEXT_ARGUMENT, Parameter("old", "原文", TEXTUAL), Parameter("new", "新文", TEXTUAL)),
        RuleType.TEXT,
        "The text with every `old` replaced by `new`; an empty `old` replaces nothing. Missing where the "
        "length of the text times that of `new` passes 1,000,000.",
        "把每处原文替换为新文；原文为空则不替换。文本长度与新文长度之积超过 1000000 则缺失。",
        "replace('右肺上叶', '右肺', '左肺')",
        "左肺上叶",
        python=_replace,
        sql=_replace_sql,
    ),
    Function(
        "position",
        "位置",
        (TEXT_ARGUMENT, Parameter("part", "部分", TEXTUAL)),
        RuleType.NUMBER,
        "Where the part first begins, from 1, letter case counting; 0 where it is absent.",
        "该部分首次出现的位置，从 1 起，区分大小写；没有则为 0。",
        "position('CT-0042', '-')",
        "3",
        python=lambda text, part: float(text.find(part) + 1),
        sql=lambda kit, text, part: kit.position(text, part),
        small=True,
    ),
    Function(
        "left",
        "左取",
        (TEXT_ARGUMENT, _COUNT),
        RuleType.TEXT,
        "The first characters of the text.",
        "文本开头的若干字符。",
        "left('CT0042', 2)",
        "CT",
        python=_left,
        sql=lambda kit, text, count: kit.left(text, count),
    ),
    Function(
        "right",
        "右取",
        (TEXT_ARGUMENT, _COUNT),
        RuleType.TEXT,
        "The last characters of the text.",
        "文本末尾的若干字符。",
        "right('CT0042', 4)",
        "0042",
        python=_right,
        sql=lambda kit, text, count: kit.right(text, count),
    ),
    Function(
        "part",
        "分段",
        (
            TEXT_ARGUMENT,
            Parameter("separator", "分隔符", TEXTUAL),
            Parameter("number", "序号", frozenset({RuleType.INTEGER}), literal=True),
        ),
        RuleType.TEXT,
        "The text cut at each separator, and of that the part with this number, from 1; missing where there "
        "are fewer.",
        "按分隔符切分后的第几段，从 1 起；段数不足则缺失。",
        "part('CT/胸部/平扫', '/', 2)",
        "胸部",
        python=text_part,
        sql=lambda kit, text, separator, number: kit.text_part(text, separator, number),
    ),
    Function(
        "md5",
        "消息摘要",
        (TEXT_ARGUMENT,),
        RuleType.TEXT,
        "The MD5 of the text in UTF-8, 32 hexadecimal digits; on the server only.",
        "文本（UTF-8）的 MD5，32 位十六进制；仅在服务器上计算。",
        "md5('abc')",
        "900150983cd24fb0d6963f7d28e17f72",
        python=md5,
        sql=lambda kit, text: kit.md5(text),
        browser=False,
    ),
    Function(
        "hmac",
        "密钥签名",
        (TEXT_ARGUMENT, Parameter("key", "密钥", TEXTUAL)),
        RuleType.TEXT,
        "The HMAC-SHA256 of the text with the key, both in UTF-8, 64 hexadecimal digits; on the server only.",
        "文本以密钥计算的 HMAC-SHA256（UTF-8），64 位十六进制；仅在服务器上计算。",
        "hmac('abc', 'key')",
        "9c196e32dc0175f86f4b1cb89289d6619de6bee699e4c378e68309ed97a1a6ab",
        python=hmac_sha256,
        sql=lambda kit, text, key: kit.hmac(text, key),
        browser=False,
    ),
)

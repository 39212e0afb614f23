"""Chinese and Roman numerals as reports write them: 十二, 两, 廿, Ⅳ, III."""

from __future__ import annotations

import re
from typing import Final

_DIGITS: Final = {char: value for value, char in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "两": 2, "俩": 2, "仨": 3, "壹": 1, "贰": 2, "叁": 3, "单": 1, "双": 2,
}  # fmt: skip
_UNITS: Final = {"十": 10, "百": 100, "千": 1000}
_ROMAN: Final = {"Ⅰ": 1, "Ⅱ": 2, "Ⅲ": 3, "Ⅳ": 4, "Ⅴ": 5, "Ⅵ": 6, "Ⅶ": 7, "Ⅷ": 8, "Ⅸ": 9, "Ⅹ": 10}
_ASCII_ROMAN: Final = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "vi": 6, "vii": 7, "viii": 8}

CHINESE: Final = "[零〇一二两俩仨三四五六七八九十百廿卅]"
INTEGER: Final = rf"(?:\d+|{CHINESE}+)"


def integer(text: str) -> int | None:
    """The whole number that `text` writes, in digits, Chinese or Roman; none where it is no number."""
    if text.isascii() and text.isdigit():
        return int(text)
    if text in _ROMAN:
        return _ROMAN[text]
    if text.lower() in _ASCII_ROMAN:
        return _ASCII_ROMAN[text.lower()]
    return _chinese(text)


def _chinese(text: str) -> int | None:
    text = text.replace("廿", "二十").replace("卅", "三十")
    if not text:
        return None
    if not any(char in _UNITS for char in text):
        digits = [_DIGITS.get(char) for char in text]
        return None if None in digits else int("".join(map(str, digits)))
    total, digit = 0, 0
    for char in text:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        elif char in _DIGITS:
            digit = _DIGITS[char]
        else:
            return None
    return total + digit


_ROMAN_RUN: Final = re.compile(r"[ⅠⅡⅢⅣⅤⅥⅦⅧⅨⅩ]+|[iv]+")


def roman_to_arabic(text: str) -> str:
    """`Ⅳa` and `iva` as `4a`; what holds no Roman numeral stays."""
    found = _ROMAN_RUN.match(text)
    if found is None:
        return text
    run = found.group()
    value = integer(run) if len(run) == 1 or run.isascii() else sum(_ROMAN[char] for char in run)
    return text if value is None else f"{value}{text[found.end() :]}"

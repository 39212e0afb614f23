"""What readers share: full-width characters folded, text taken from cells, the commonest problems."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, Final

from metamodel.field_types.base import ValueProblem

_FULL_WIDTH: Final = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}
_FOLDS: Final = _FULL_WIDTH | {0x3000: " ", 0x2212: "-", 0x2013: "-", 0x3002: "."}


def folded(text: str) -> str:
    """`text` with full-width letters, digits and signs as ASCII ones ('１２．５' is '12.5'), stripped."""
    return (text if text.isascii() else text.translate(_FOLDS)).strip()


def text_of(value: Any) -> str:
    """The text of a cell that a spreadsheet gave as a number or a date: 12.0 is '12'.

    Raises:
        ValueProblem: for a boolean, a list or an object, which are no text.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, int | Decimal) and not isinstance(value, bool):
        return str(value)
    if isinstance(value, datetime):
        return value.isoformat(" ")
    if isinstance(value, date | time):
        return value.isoformat()
    raise ValueProblem("not_text", "需要填写文本", "a text is needed")


def check_characters(text: str) -> None:
    """
    Raises:
        ValueProblem: when `text` holds a NUL or half a surrogate pair, which no database stores.
    """
    if "\0" in text:
        raise _bad_character("空字符（NUL）", "a NUL character")
    if text.isascii():
        return
    try:
        text.encode()
    except UnicodeEncodeError:
        raise _bad_character("无效字符", "an invalid character") from None


def _bad_character(zh: str, en: str) -> ValueProblem:
    return ValueProblem("bad_character", f"文本含有{zh}", f"the text holds {en}")

"""Formats a text field can ask for: e-mail, telephone, identity card..."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from metamodel.field_types.base import ValueProblem


@dataclass(frozen=True, slots=True)
class TextFormat:
    """A named shape of text and how a value is checked against it."""

    name: str
    zh: str
    en: str
    matches: Callable[[str], object]

    def check(self, text: str) -> None:
        """
        Raises:
            ValueProblem: when `text` has another shape.
        """
        if not self.matches(text):
            raise ValueProblem("format", f"不是有效的{self.zh}", f"this is not a valid {self.en}")


_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECK: Final = "10X98765432"


def is_identity_card(text: str) -> bool:
    """Whether an 18-character citizen number has the right check character (GB 11643-1999)."""
    if re.fullmatch(r"[1-9][0-9]{16}[0-9Xx]", text) is None:
        return False
    total = sum(int(digit) * weight for digit, weight in zip(text[:17], _ID_WEIGHTS, strict=True))
    return _ID_CHECK[total % 11] == text[17].upper()


def _shape(pattern: str) -> Callable[[str], object]:
    return re.compile(pattern).fullmatch


_PHONE: Final = r"[+(]?[0-9][0-9() .-]{3,24}[0-9](\s*x[0-9]+)?"
_ALL: Final = (
    TextFormat("email", "电子邮箱", "e-mail address", _shape(r"[^@\s]{1,64}@[^@\s.]+(\.[^@\s.]+)+")),
    TextFormat("phone", "电话号码", "telephone number", _shape(_PHONE)),
    TextFormat("identity_card", "居民身份证号码", "Chinese identity card number", is_identity_card),
    TextFormat("postal_code", "邮政编码", "Chinese postal code", _shape(r"[0-9]{6}")),
    TextFormat("zip_code", "美国邮政编码", "US ZIP code", _shape(r"[0-9]{5}(-[0-9]{4})?")),
    TextFormat("ssn", "美国社会保障号", "US social security number", _shape(r"[0-9]{3}-[0-9]{2}-[0-9]{4}")),
    TextFormat("url", "网址", "web address", _shape(r"https?://[^\s/]+(/\S*)?")),
    TextFormat("letters", "纯字母文本", "text of letters only", str.isalpha),
    TextFormat("digits", "纯数字文本", "text of digits only", _shape(r"[0-9]+")),
)
FORMATS: Final = {item.name: item for item in _ALL}

"""Methods for numbers that carry a check digit: identity and bank cards."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Final

from metamodel.masking import fakes
from metamodel.masking.keys import Keys, of_person
from metamodel.masking.methods.base import Example, Method, Options, Parameter, text_of
from metamodel.masking.methods.contacts import COVER_OR_REPLACE, COVERING
from metamodel.masking.numbers import born_of, luhn_digit
from metamodel.masking.text import Mask, Masked, covered

_FIRST: Final = date(1900, 1, 1)
_MOVED: Final = 365  # days at most by which a replaced number's date of birth is another


class IdCard(Method):
    """A resident identity number (GB 11643), of 18 or of 15 digits."""

    name, zh, en = "id_card", "身份证号", "Identity card"
    does_zh = (
        "遮盖出生日期和顺序码，或换成校验码有效的虚构号码：地区另选，生日移动一年以内，性别不变。"
        "不是身份证号的值全部遮盖。"
    )
    does_en = (
        "Covers birth date and sequence, or invents a number with a right check digit: another district, a "
        "birthday within a year of the real one, the same sex. What is no identity number is all covered."
    )
    leaves_zh = "遮盖时所保留的地区码可见；替换时性别和大致年龄可见。"
    leaves_en = "A covered number shows the district code kept; a replaced one tells sex and rough age."
    parameters = (
        Parameter("style", "方式", "How", "cover", choices=COVER_OR_REPLACE),
        Parameter("first", "保留前几位", "Keep at the start", 6, maximum=6, when=COVERING),
        Parameter("last", "保留后几位", "Keep at the end", 0, maximum=4, when=COVERING),
    )
    promises = ("length", "check_digit", "consistent")
    examples = (
        Example("11010519491231002X", "110105＊＊＊＊＊＊＊＊＊＊＊＊"),
        Example("11010519491231002X", "370124194912223804", {"style": "replace"}),
        Example("G12345678", "＊＊＊"),
    )

    def mask(self, options: Options, keys: Keys) -> Mask:
        digest, replaced = keys.digest("id_card"), options["style"] == "replace"
        first, last = options["first"], options["last"]

        def mask(value: Any, person: int | None) -> Any:
            number = text_of(value).upper()
            if not (number[:15].isascii() and number[:15].isdigit() and len(number) in (15, 18)):
                raise ValueError
            return (
                _invented(number, digest(of_person(number, person)))
                if replaced
                else covered(number, first, last)
            )

        return mask


def _invented(number: str, digest: bytes) -> Masked:
    """Another number of 18 digits, with another date of birth.

    Raises:
        ValueError: for one without a date of birth, or of 15 digits.
    """
    born = born_of(number) if len(number) == 18 else None
    if born is None or not number[16].isdigit():
        raise ValueError
    draw = fakes.Draw(digest)
    days = 1 + draw.below(_MOVED)
    moved = born - timedelta(days=days) if draw.below(2) and born > _FIRST else born + timedelta(days=days)
    return Masked(fakes.id_number(draw, moved, int(number[16]) % 2))


class BankCard(Method):
    """A bank card number of 12 to 19 digits."""

    name, zh, en = "bank_card", "银行卡号", "Bank card"
    does_zh = "遮盖中间各位，或换成同样长、校验码有效的虚构卡号。"
    does_en = "Covers the digits between, or invents a number of the same length with a right check digit."
    leaves_zh = "遮盖时首尾可见：前 6 位是发卡行。"
    leaves_en = "A covered number shows its ends; the first six digits are the bank."
    parameters = (
        Parameter("style", "方式", "How", "cover", choices=COVER_OR_REPLACE),
        Parameter("first", "保留前几位", "Keep at the start", 0, maximum=6, when=COVERING),
        Parameter("last", "保留后几位", "Keep at the end", 4, maximum=4, when=COVERING),
    )
    promises = ("length", "check_digit", "consistent")
    examples = (
        Example("6222 0212 3456 7890 128", "＊＊＊＊＊＊＊＊＊＊＊＊＊＊＊0128"),
        Example("6222021234567890128", "6232274464911605830", {"style": "replace"}),
    )

    def mask(self, options: Options, keys: Keys) -> Mask:
        digest, replaced = keys.digest("bank_card"), options["style"] == "replace"

        def mask(value: Any, person: int | None) -> Any:
            number = text_of(value).replace(" ", "").replace("-", "")
            if not (number.isascii() and number.isdigit() and 12 <= len(number) <= 19):
                raise ValueError
            if replaced:
                made = fakes.card_number(fakes.Draw(digest(of_person(number, person))), len(number))
                return Masked(made if made != number else _next(made))
            return covered(number, options["first"], options["last"])

        return mask


def _next(number: str) -> str:
    body = number[:-2] + str((int(number[-2]) + 1) % 10)
    return body + luhn_digit(body)

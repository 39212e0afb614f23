"""Check digits: of resident identity numbers (GB 11643-1999) and of bank cards (ISO/IEC 7812-1, Luhn)."""

from __future__ import annotations

from datetime import date
from operator import mul
from typing import Final

_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_DOUBLED: Final = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)  # the digits of twice a digit, added up


def id_check_digit(first_17: str) -> str:
    """The last character of the identity number that begins with these 17 digits (ISO 7064, MOD 11-2)."""
    return _CHECKS[sum(map(mul, map(int, first_17), _WEIGHTS)) % 11]


def is_id_number(text: str) -> bool:
    """Whether `text` is an 18-digit identity number with a possible date of birth and the right check."""
    if len(text) != 18 or not (text.isascii() and text[:17].isdigit()):
        return False
    return born_of(text) is not None and id_check_digit(text[:17]) == text[17].upper()


def born_of(id_number: str) -> date | None:
    """The date of birth in an 18-digit identity number; None where that is no date."""
    try:
        return date(int(id_number[6:10]), int(id_number[10:12]), int(id_number[12:14]))
    except ValueError:
        return None


def luhn_digit(body: str) -> str:
    """The digit that makes `body` a valid card number."""
    doubled = sum(_DOUBLED[int(digit)] for digit in body[::-2])
    return str(-(doubled + sum(map(int, body[-2::-2]))) % 10)


def is_card_number(text: str) -> bool:
    """Whether `text` is 12 to 19 digits of which the last is the right check."""
    fits = 12 <= len(text) <= 19 and text.isascii() and text.isdigit()
    return fits and luhn_digit(text[:-1]) == text[-1]

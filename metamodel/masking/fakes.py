"""Invented persons' data, drawn by a digest from the lists of Faker (zh_CN): the same digest, the same draw.

Faker's generators themselves would be too slow for an export, and their draws change between versions.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import cache
from typing import Final, TypeVar

from faker.providers.address.zh_CN import Provider as Address
from faker.providers.person.zh_CN import Provider as Person
from faker.providers.phone_number.zh_CN import Provider as Phone
from faker.providers.ssn.zh_CN import Provider as IdNumber

from metamodel.masking.numbers import id_check_digit, luhn_digit

_T = TypeVar("_T")

# Nobody can have these: example domains (RFC 2606).
_DOMAINS: Final = ("example.com", "example.net", "example.org")
_LANDLINE_AREAS: Final = (
    "010",
    "021",
    "022",
    "023",
    "024",
    "025",
    "027",
    "028",
    "029",
    "0571",
    "0755",
    "0931",
)
_CARD_BEGINNINGS: Final = ("621", "622", "623", "625", "628")
_FIRST_BORN: Final = date(1930, 1, 1)
_DAYS_OF_BIRTH: Final = 75 * 365


class Draw:
    """Draws numbers from a digest of 32 bytes, always the same ones."""

    __slots__ = ("_rest",)

    def __init__(self, digest: bytes) -> None:
        self._rest = int.from_bytes(digest, "big")

    def below(self, count: int) -> int:
        """A number from 0 to `count` - 1. 256 bits last for some 20 draws of a thousand each."""
        self._rest, drawn = divmod(self._rest, count)
        return drawn

    def of(self, items: Sequence[_T]) -> _T:
        return items[self.below(len(items))]

    def digits(self, count: int) -> str:
        return f"{self.below(10**count):0{count}d}"


@cache
def _surnames() -> tuple[str, ...]:
    return tuple(Person.last_names)


@cache
def _given_names() -> tuple[str, ...]:
    return tuple(Person.first_names)


@cache
def _districts() -> tuple[str, ...]:
    """Area codes of identity numbers that name a district or county."""
    return tuple(code for code in IdNumber.area_codes if not code.endswith("00"))


def name(draw: Draw) -> str:
    given = draw.of(_given_names())
    second = draw.of(_given_names()) if len(given) == 1 and draw.below(2) else ""
    return draw.of(_surnames()) + given + second


def phone(draw: Draw) -> str:
    return f"{draw.of(Phone.phonenumber_prefixes)}{draw.digits(8)}"


def landline(draw: Draw) -> str:
    area = draw.of(_LANDLINE_AREAS)
    return f"{area}-{2 + draw.below(7)}{draw.digits(7)}"


def email(draw: Draw) -> str:
    romanized = draw.of(Person.last_romanized_names) + draw.of(Person.first_romanized_names)
    return f"{romanized.lower()}{draw.digits(4)}@{draw.of(_DOMAINS)}"


def address(draw: Draw) -> str:
    place = f"{draw.of(Address.cities)}市{draw.of(Address.districts)}区"
    return f"{place}{draw.of(_surnames())}家{draw.of(Address.street_suffixes)}{1 + draw.below(300)}号"


def id_number(draw: Draw, born: date | None = None, sex: int | None = None) -> str:
    """An identity number with a right check digit; of this date of birth and sex (1 male, 0 female)."""
    born = born or _FIRST_BORN + timedelta(days=draw.below(_DAYS_OF_BIRTH))
    sequence = draw.below(999) + 1
    if sex is not None and sequence % 2 != sex:
        sequence = sequence - 1 if sequence > 1 else sequence + 1
    day = born.isoformat().replace("-", "")  # strftime takes ten times as long
    body = f"{draw.of(_districts())}{day}{sequence:03d}"
    return body + id_check_digit(body)


def card_number(draw: Draw, length: int = 19) -> str:
    beginning = draw.of(_CARD_BEGINNINGS)
    body = beginning + draw.digits(length - 1 - len(beginning))
    return body + luhn_digit(body)


FAKES: Final[Mapping[str, Callable[[Draw], str]]] = {
    "name": name, "phone": phone, "landline": landline, "email": email, "address": address,
    "id_card": id_number, "bank_card": card_number,
}  # fmt: skip

"""Invented persons. No value belongs to anyone: names by Faker, identity numbers built here."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from faker import Faker

# GB 11643-1999: weights of the first 17 digits and the check characters by remainder modulo 11.
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
CHECKS = "10X98765432"
REGION = "990101"  # no province has 99, so no number here can be a real person's
MALE, FEMALE = "1", "2"


@dataclass(frozen=True, slots=True)
class Person:
    """Who a synthetic patient is. `sex` is a code of GB/T 2261.1; `height` in cm, `weight` in kg."""

    number: str
    name: str
    sex: str
    birth_date: date
    id_number: str
    phone: str
    address: str
    height: float
    weight: float


def identity_number(region: str, birth: date, order: int, sex: str) -> str:
    """An 18-character number whose check digit is valid (ISO 7064 MOD 11-2); odd order for men."""
    odd = order * 2 % 998 + (1 if sex == MALE else 0)
    body = f"{region}{birth:%Y%m%d}{odd:03d}"
    total = sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True))
    return body + CHECKS[total % 11]


def make_person(
    random: Random, faker: Faker, number: str, today: date, male: float = 0.55,
    age: tuple[float, float] = (60, 10),
) -> Person:  # fmt: skip
    """One adult; without `age` as in screening cohorts, which centre on 60."""
    sex = MALE if random.random() < male else FEMALE
    age_days = int(min(88.0, max(30.0, random.gauss(*age))) * 365.25)
    birth = today - timedelta(days=age_days)
    tall = random.gauss(170, 6) if sex == MALE else random.gauss(158, 6)
    height = round(min(200.0, max(140.0, tall)), 1)
    index = min(38.0, max(16.0, random.gauss(24, 3.2)))
    return Person(
        number=number,
        name=faker.name_male() if sex == MALE else faker.name_female(),
        sex=sex,
        birth_date=birth,
        id_number=identity_number(REGION, birth, random.randrange(499), sex),
        phone=f"12{random.randrange(10**9):09d}",  # no mobile network uses 12
        address=faker.address().split(" ")[0],
        height=height,
        weight=round(index * (height / 100) ** 2, 1),
    )

"""Persons over all disease databases: each has one disease, some have a second.

Person `number` of a seed is always the same, whoever was drawn before.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from random import Random

from faker import Faker

from modules.research.demo import breast, coronary, liver, lung, pneumonia, prostate, stroke, thyroid
from modules.research.demo.draw import Draw
from modules.research.demo.persons import MALE, Person, make_person
from modules.research.demo.tree import Disease, Node

DISEASES: tuple[Disease, ...] = tuple(
    module.DISEASE for module in (lung, pneumonia, coronary, breast, thyroid, liver, stroke, prostate)
)
SECOND = 0.12  # share of persons who are in a second database


@dataclass(frozen=True)
class Member:
    """One person and their cases: the first is the disease they were drawn for."""

    cases: tuple[tuple[Disease, Node], ...]


def population(
    count: int, seed: int, today: date, diseases: Sequence[Disease] = DISEASES
) -> Iterator[Member]:
    """`count` persons, by the share of each disease."""
    faker = Faker("zh_CN")
    return (member(number, seed, today, faker, diseases) for number in range(1, count + 1))


def member(number: int, seed: int, today: date, faker: Faker, diseases: Sequence[Disease]) -> Member:
    draw = Draw(f"{seed}/{number}")
    first = draw.pick({disease: disease.share for disease in diseases})
    faker.seed_instance(f"{seed}/{number}")
    person = make_person(
        Random(f"{seed}/{number}/who"), faker, _number(first, seed, number), today, first.male, first.age
    )
    found = [first]
    if draw.chance(SECOND):
        others = [each for each in diseases if each is not first and (person.sex == MALE or each.male < 1)]
        found += [draw.pick({each: each.share for each in others})] if others else []
    return Member(tuple((each, _case(each, person, seed, number, today)) for each in found))


def _case(disease: Disease, person: Person, seed: int, number: int, today: date) -> Node:
    own = replace(person, number=_number(disease, seed, number))
    return disease.case(Draw(f"{seed}/{number}/{disease.code}"), own, today)


def _number(disease: Disease, seed: int, number: int) -> str:
    return f"{disease.prefix}{seed}-{number:06d}"

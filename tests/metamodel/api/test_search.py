"""Finding a database, a record type or a field by a few characters, as far as one may know of it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.metamodel.api.office import Office, Person


def found(person: Person, q: str, **params: Any) -> list[str]:
    items = person.get("/search", q=q, **params)["items"]
    places = [
        [item[name]["code"] for name in ("database", "record_type", "field") if item[name]] for item in items
    ]
    return [".".join(place) for place in places]


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("lung", "lung"),
        ("patient", "lung.patient"),
        ("weight", "lung.patient.weight"),
        ("weight（中）", "lung.patient.weight"),
        ("WEI", "lung.patient.weight"),
        ("igh", "lung.patient.height"),
    ],
)
def test_by_code_or_name_whole_or_in_part(office: Office, query: str, first: str) -> None:
    assert found(office.person("reader"), query)[0] == first


def test_every_word_counts(office: Office) -> None:
    assert found(office.person("reader"), "height weight") == []


def test_the_closest_come_first_and_no_more_than_asked_for(office: Office) -> None:
    reader = office.person("reader")

    assert found(reader, "e", limit=3) == found(reader, "e")[:3]
    assert len(found(reader, "e", limit=3)) == 3
    assert found(reader, "age")[0] == "lung.visit.age"


def test_record_types_whose_records_one_may_not_view_are_not_told_of(office: Office) -> None:
    admin = office.person("hospital_admin")  # may view databases, not records

    assert found(admin, "lung") == []
    assert found(admin, "weight") == []

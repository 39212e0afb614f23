"""What a rule that is being written is told of fields that its writer may not know of, or sees masked."""

from __future__ import annotations

from typing import Any

import pytest

from tests.metamodel.api.office import Office, Person, has_chinese
from tests.metamodel.api.test_definition_access import give

ASKED = pytest.mark.parametrize("address", ["/rules/check", "/rules/parse"])
TOLD = pytest.mark.parametrize("address", ["/rules/check", "/rules/parse", "/rules/explain"])


def wrong(person: Person, address: str, expression: str, record_type: str = "patient") -> dict[str, Any]:
    body = {"database": "lung", "record_type": record_type, "expression": expression}
    found = person.post(address, body)
    assert not found["ok"], found
    error: dict[str, Any] = found["error"]
    return error


@pytest.fixture
def stranger(office: Office) -> Person:
    """May view the records and may not know of identities."""
    person = office.person("reader")
    give(office, person, "lung", "view", classes={"plain": "show", "identifying": "hide"})
    return person


@TOLD
@pytest.mark.parametrize("field", ["name", "name（中）", "patient.name"])
def test_a_hidden_field_is_as_unknown_as_a_misspelt_one(stranger: Person, address: str, field: str) -> None:
    hidden = wrong(stranger, address, f"[{field}] is missing")
    misspelt = wrong(stranger, address, "[nmae] is missing")

    assert (hidden["code"], hidden["zh"]) == ("UnknownField", f"此处没有字段 [{field}]。")
    assert (hidden["fixes"], misspelt["fixes"]) == ([], [])
    assert "[name]" not in misspelt["suggestion"]


@TOLD
def test_nor_is_it_found_from_other_records_or_within_them(stranger: Person, address: str) -> None:
    assert wrong(stranger, address, "[name] is missing", "visit")["code"] == "UnknownField"
    assert wrong(stranger, address, "any([visit], [name] is missing)")["code"] == "UnknownField"
    assert wrong(stranger, address, "[heigth] > 1")["fixes"][0] == "[height]"


@ASKED
def test_a_masked_field_can_not_be_compared_and_the_place_is_told(office: Office, address: str) -> None:
    reader = office.person("reader")

    error = wrong(reader, address, "[height] > 160 and [name] = '王五'")

    assert (error["code"], error["start"], error["end"]) == ("MaskedField", 19, 25)
    assert "masked" in error["en"] and has_chinese(error["zh"])
    assert wrong(reader, address, "any([visit], [name] is missing)")["code"] == "MaskedField"


@ASKED
def test_what_is_seen_in_clear_can_be_compared(office: Office, address: str) -> None:
    body = {"database": "lung", "record_type": "patient", "expression": "[name] = '王五'"}

    assert office.person().post(address, body)["ok"]

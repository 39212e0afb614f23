"""Ids are stable: what was known by an id keeps it, whatever its code becomes."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from metamodel.definitions import with_ids
from metamodel.definitions.ids import known_ids
from tests.builders import a_database

CODES = [f"f{number}" for number in range(8)]


def ids(document: dict[str, Any]) -> dict[str, str]:
    return {field["code"]: field["id"] for field in document["record_types"][0]["fields"]}


def database(codes: list[str]) -> dict[str, Any]:
    builder = a_database()
    for code in codes:
        builder = builder.with_field(code)
    return builder.document


def test_ids_are_made_where_they_are_missing() -> None:
    document = with_ids(database(["a"]))
    record_type = document["record_types"][0]

    assert re.fullmatch("r[a-z2-7]{7}", record_type["id"])
    assert re.fullmatch("f[a-z2-7]{7}", record_type["fields"][0]["id"])


def test_a_rename_keeps_the_id() -> None:
    before = with_ids(database(["smoker"]))
    after = database(["ever_smoked"])
    after["record_types"][0]["fields"][0]["id"] = ids(before)["smoker"]

    assert ids(with_ids(after, before)) == {"ever_smoked": ids(before)["smoker"]}


def test_an_id_given_to_another_code_is_not_given_twice() -> None:
    before = with_ids(database(["a"]))
    after = database(["b", "a"])  # a was renamed to b, and a new a was added
    after["record_types"][0]["fields"][0]["id"] = ids(before)["a"]

    found = ids(with_ids(after, before))
    assert found["b"] == ids(before)["a"] != found["a"]


def test_the_document_given_is_not_changed() -> None:
    document = database(["a"])
    with_ids(document)

    assert document == database(["a"])


@settings(deadline=None)
@given(st.data())
def test_ids_are_stable_under_random_edits(data: st.DataObject) -> None:
    """Reorder, drop, add and rename in any order: what kept its id or its code keeps its identity."""
    before = with_ids(database(data.draw(st.lists(st.sampled_from(CODES), unique=True))))
    kept = data.draw(st.lists(st.sampled_from(sorted(ids(before)) or ["-"]), unique=True).map(list))
    kept = [code for code in kept if code in ids(before)]
    renamed = set(data.draw(st.lists(st.sampled_from(kept), unique=True))) if kept else set()
    added = data.draw(st.lists(st.sampled_from(["n1", "n2"]), unique=True))
    after = database(added)
    for code in data.draw(st.permutations(kept)):
        field: dict[str, Any] = {"code": code, "type": "string"}
        if code in renamed:
            field = {"code": f"{code}_new", "type": "string", "id": ids(before)[code]}
        after["record_types"][0]["fields"].append(field)

    result = ids(with_ids(after, before))

    expected = {(f"{code}_new" if code in renamed else code): ids(before)[code] for code in kept}
    assert expected.items() <= result.items()
    assert len(set(result.values())) == len(result)
    assert not {result[code] for code in added} & set(ids(before).values())
    again = with_ids(with_ids(after, before), before)
    assert ids(again).keys() == result.keys() and with_ids(again) == again


def test_known_ids_makes_no_new_ones() -> None:
    before = with_ids(database(["a"]))

    assert "id" not in known_ids(database(["b"]), before)["record_types"][0]["fields"][0]

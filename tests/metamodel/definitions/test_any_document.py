"""Whatever is sent as a definition, the answer is a list of problems, never a crash."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from metamodel.definitions import EditRefused, apply_edits, errors_of, validate_document
from tests.builders import a_database

LUNG = (
    a_database()
    .with_field("sex", "choice", choices=("1", "2"))
    .with_field("weight", "decimal", options={"scale": 1}, minimum=0, unit="kg")
    .with_field("bmi", "calculated", calculation="[weight] / 2", checks=[{"expression": "[bmi] > 0"}])
    .with_event("baseline")
    .with_record_type("lesion", events=["baseline"], storage={"kind": "managed"})
    .with_field("size", "decimal", on="lesion", shown_if="[sex] = '1'")
    .with_form("basics", ["sex"])
    .with_key("sex")
    .document
)
WORDS = [
    "sex",
    "lesion",
    "patient",
    "[sex] = '1'",
    "[size] >",
    "today",
    "decimal",
    "mapped",
    "\ud800",
    "a\0b",
    "",
]
SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(WORDS) | st.text(max_size=5)
)
JSON = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["code", "fields", "kind", "parent", "x"]), inner, max_size=3)
    ),
    max_leaves=5,
)


def places(part: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ()
    return [path, *(place for key, item in items for place in places(item, (*path, key)))]


def replaced(document: Any, path: tuple[Any, ...], value: Any) -> Any:
    if not path:
        return value
    result = deepcopy(document)
    part = result
    for key in path[:-1]:
        part = part[key]
    part[path[-1]] = value
    return result


ANY_DOCUMENT = st.builds(lambda path, value: replaced(LUNG, path, value), st.sampled_from(places(LUNG)), JSON)


@settings(deadline=None)  # the grammar is built at the first rule
@given(ANY_DOCUMENT)
def test_any_document_is_answered_with_problems(document: Any) -> None:
    for item in validate_document(document):
        assert item.zh and item.en and item.to_json()["path"] == item.path


@settings(deadline=None)  # the grammar is built at the first rule
@given(ANY_DOCUMENT)
def test_a_document_in_order_stays_so_when_edited(document: Any) -> None:
    if errors_of(validate_document(document)):
        return
    edits: list[dict[str, Any]] = [
        {"edit": "rename_field", "record_type": "patient", "field": "weight", "code": "kilos"},
        {"edit": "move_field", "record_type": "patient", "field": "kilos", "index": 0},
    ]
    try:
        edited = apply_edits(document, edits)
    except EditRefused:
        return

    assert errors_of(validate_document(edited)) == []

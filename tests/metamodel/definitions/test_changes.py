"""Changes between documents as JSON Patch: applied to the old document they give the new one."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from metamodel.definitions import EditRefused, apply_edits, changes, with_ids
from tests.metamodel.definitions.editing import LUNG, edit, edited
from tests.metamodel.definitions.test_random_edits import RANDOM_EDITS, START

DOCUMENT = with_ids(LUNG.document)


def patched(document: Any, steps: list[dict[str, Any]]) -> Any:
    """RFC 6902, as far as needed."""
    result = deepcopy(document)
    for step in steps:
        value = _taken(result, step["from"]) if step["op"] == "move" else deepcopy(step.get("value"))
        if step["op"] in ("remove", "replace"):
            _taken(result, step["path"])
        if step["op"] != "remove":
            parent, key = _place(result, step["path"])
            if isinstance(parent, list):
                parent.insert(key, value)
            else:
                parent[key] = value
    return result


def _taken(document: Any, path: str) -> Any:
    parent, key = _place(document, path)
    return parent.pop(key)


def _place(document: Any, path: str) -> tuple[Any, Any]:
    *way, last = [part.replace("~1", "/").replace("~0", "~") for part in path.split("/")[1:]]
    for part in way:
        document = document[int(part) if isinstance(document, list) else part]
    return document, int(last) if isinstance(document, list) else last


def steps(*edits: dict[str, Any]) -> list[dict[str, Any]]:
    return list(changes(DOCUMENT, edited(*edits, document=DOCUMENT)))


def test_one_property_is_one_step() -> None:
    assert steps(edit("set_field", "weight", set={"unit": "kg"})) == [
        {"op": "add", "path": "/record_types/0/fields/1/unit", "value": "kg"}
    ]


def test_a_moved_field_is_moved_and_a_removed_one_removed() -> None:
    assert steps(edit("move_field", "bmi", index=0)) == [
        {"op": "move", "from": "/record_types/0/fields/2", "path": "/record_types/0/fields/0"}
    ]
    assert steps(edit("remove_field", "weight"))[:2] == [
        {"op": "remove", "path": "/record_types/0/fields/1"},
        {"op": "remove", "path": "/forms/0/items/1"},
    ]


def test_a_new_field_on_a_form_is_two_steps() -> None:
    age = {"code": "age", "type": "integer"}
    assert steps({"edit": "add_field", "record_type": "patient", "field": age, "after": "sex"}) == [
        {"op": "add", "path": "/record_types/0/fields/1", "value": age},
        {"op": "add", "path": "/forms/0/items/1", "value": {"field": "age"}},
    ]


def test_one_is_not_true() -> None:
    assert list(changes({"a": [1]}, {"a": [True]})) != []


@settings(deadline=None)  # the grammar is built at the first rule
@given(st.lists(st.one_of(*RANDOM_EDITS.values()), max_size=12))
def test_the_changes_of_any_edits_lead_from_the_old_document_to_the_new(edits: list[dict[str, Any]]) -> None:
    document = START
    for item in edits:
        try:
            document = apply_edits(document, [item])
        except EditRefused:
            continue
    after = with_ids(document, START)

    assert patched(START, list(changes(START, after))) == after
    assert patched(after, list(changes(after, START))) == START


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(0, 2) | st.sampled_from(["a/b", "~"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["id", "code", "a/b", "~"]), inner, max_size=3)
    ),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["x", "y"]), JSON), st.dictionaries(st.sampled_from(["x", "y"]), JSON))
def test_the_changes_between_any_two_objects_lead_from_one_to_the_other(before: Any, after: Any) -> None:
    assert repr(sorted_keys(patched(before, list(changes(before, after))))) == repr(sorted_keys(after))


def sorted_keys(part: Any) -> Any:
    if isinstance(part, dict):
        return {key: sorted_keys(part[key]) for key in sorted(part)}
    return [sorted_keys(item) for item in part] if isinstance(part, list) else part

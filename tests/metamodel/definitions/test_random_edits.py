"""Whatever the order of edits, a document keeps its structure and what stays in it keeps its id."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from metamodel.definitions import EDITS, EditRefused, apply_edits, validate_document, with_ids
from metamodel.definitions.schema import structure_problems
from tests.metamodel.definitions.editing import LUNG, edit, edited

START = with_ids(
    edited(
        {"edit": "set_form_items", "form": "basics", "items": [
            {"section": {"zh": "一"}, "shown_if": "[weight] > 1"}, {"field": "sex"}, {"field": "weight"},
        ]},
        {"edit": "set_record_type", "record_type": "visit", "set": {"events": ["baseline", "month_3"]}},
        document=LUNG.with_event("baseline").with_event("month_3").document,
    )
)  # fmt: skip
TYPES = st.sampled_from(["patient", "visit", "lesion", "nodule"])
FIELDS = st.sampled_from(["sex", "weight", "bmi", "many", "sexual", "size", "alpha", "beta"])
NEW_TYPES = st.sampled_from(["nodule", "exam"])
FORMS = st.sampled_from(["basics", "lesions", "extra"])
EVENTS = st.sampled_from(["baseline", "month_3", "month_6"])
SETS = st.sampled_from(["sex", "gender"])
CHOICES = st.sampled_from(["1", "2", "9"])
LABELS = st.fixed_dictionaries({"zh": st.sampled_from(["甲", "乙"])})


def placed(codes: SearchStrategy[str]) -> SearchStrategy[dict[str, Any]]:
    return st.one_of(
        st.just({}),
        st.builds(lambda index: {"index": index}, st.integers(0, 4)),
        st.builds(lambda key, code: {key: code}, st.sampled_from(["before", "after"]), codes),
    )


def edits(name: str, place: SearchStrategy[str] | None = None, **parts: Any) -> SearchStrategy[Any]:
    strategies = {
        key: part if isinstance(part, SearchStrategy) else st.just(part) for key, part in parts.items()
    }
    base = st.fixed_dictionaries({"edit": st.just(name), **strategies})
    return base if place is None else st.builds(lambda one, where: one | where, base, placed(place))


def items(record_type: str, *codes: str) -> list[dict[str, Any]]:
    return [
        {"text": {"zh": "请核对"}, "shown_if": f"[{codes[0]}] is missing"},
        *({"field": c} for c in codes),
    ]


def new_form(code: str, of: str) -> dict[str, Any]:
    return {"code": code, "record_type": of, "items": []}


RANDOM_EDITS = {
    "set_database": edits("set_database", set=st.builds(lambda label: {"label": label}, LABELS)),
    "add_field": edits("add_field", FIELDS, record_type=TYPES, field=st.builds(
        lambda code: {"code": code, "type": "integer"}, FIELDS)),
    "duplicate_field": edits("duplicate_field", FIELDS, record_type=TYPES, field=FIELDS, code=FIELDS),
    "rename_field": edits("rename_field", record_type=TYPES, field=FIELDS, code=FIELDS),
    "set_field": edits("set_field", record_type=TYPES, field=FIELDS, set={"help": {"zh": "说明"}}),
    "move_field": edits("move_field", FIELDS, record_type=TYPES, field=FIELDS),
    "hide_field": edits("hide_field", record_type=TYPES, field=FIELDS),
    "restore_field": edits("restore_field", record_type=TYPES, field=FIELDS),
    "remove_field": edits("remove_field", record_type=TYPES, field=FIELDS),
    "add_record_type": edits("add_record_type", record_type=st.builds(
        lambda code, parent: {"code": code, "parent": parent, "fields": []}, NEW_TYPES, TYPES)),
    "rename_record_type": edits("rename_record_type", record_type=TYPES, code=NEW_TYPES),
    "set_record_type": edits("set_record_type", record_type=TYPES, set={"repeats": True}),
    "move_record_type": edits("move_record_type", TYPES, record_type=TYPES),
    "remove_record_type": edits("remove_record_type", record_type=TYPES),
    "add_value_set": edits("add_value_set", code=SETS, value_set={"choices": []}),
    "set_value_set": edits("set_value_set", code=SETS, value_set={"choices": [{"code": "1"}]}),
    "rename_value_set": edits("rename_value_set", code=SETS, to=SETS),
    "remove_value_set": edits("remove_value_set", code=SETS),
    "add_choice": edits("add_choice", CHOICES, value_set=SETS, choice=st.builds(
        lambda code: {"code": code}, CHOICES)),
    "set_choice": edits("set_choice", value_set=SETS, choice=CHOICES, set={"active": False}),
    "move_choice": edits("move_choice", CHOICES, value_set=SETS, choice=CHOICES),
    "merge_choices": edits("merge_choices", value_set=SETS, choices=st.lists(
        CHOICES, min_size=1, max_size=2, unique=True), into=st.none() | CHOICES),
    "remove_choice": edits("remove_choice", value_set=SETS, choice=CHOICES),
    "pick_from_library": edits("pick_from_library", library="none", fields=["a"], record_type=TYPES),
    "add_form": edits("add_form", FORMS, form=st.builds(new_form, FORMS, TYPES)),
    "set_form": edits("set_form", form=FORMS, set=st.builds(lambda label: {"label": label}, LABELS)),
    "rename_form": edits("rename_form", form=FORMS, code=FORMS),
    "move_form": edits("move_form", FORMS, form=FORMS),
    "remove_form": edits("remove_form", form=FORMS),
    "set_form_items": edits("set_form_items", form=FORMS, items=st.builds(items, TYPES, FIELDS)),
    "add_event": edits("add_event", EVENTS, event=st.builds(lambda code: {"code": code}, EVENTS)),
    "set_event": edits("set_event", event=EVENTS, set={"arm": "A"}),
    "move_event": edits("move_event", EVENTS, event=EVENTS),
    "remove_event": edits("remove_event", event=EVENTS),
}  # fmt: skip


def test_every_edit_is_among_the_random_ones() -> None:
    assert set(RANDOM_EDITS) == set(EDITS)


def kept(document: dict[str, Any]) -> dict[str, Any]:
    return {part["id"]: part["code"] for item in document["record_types"] for part in (item, *item["fields"])}


@settings(deadline=None, max_examples=150)  # the grammar is built at the first rule
@given(st.lists(st.one_of(*RANDOM_EDITS.values()), max_size=25))
def test_random_edits_leave_the_structure_right_and_ids_as_they_were(steps: list[dict[str, Any]]) -> None:
    document = deepcopy(START)
    for step in steps:
        before = deepcopy(document)
        try:
            after = apply_edits(document, [step])
        except EditRefused:
            assert document == before
            continue
        assert document == before  # edits never change what they are given
        document = with_ids(after, before)
        codes = {"rename_field", "rename_record_type"} | {"remove_field", "remove_record_type"}
        if step["edit"] not in codes:
            assert kept(document).items() >= kept(before).items()
        else:
            assert set(kept(document)) <= set(kept(before))

    assert structure_problems("database", document) == []
    parts = {problem.code for problem in validate_document(document)}
    assert not parts & {
        "duplicate",
        "unknown_parent",
        "unknown_value_set",
        "unknown_event",
        "unknown_record_type",
    }


SAFE = st.one_of(
    edits("rename_field", record_type="patient", field=FIELDS, code=st.sampled_from(["gamma", "delta"])),
    edits("move_field", record_type="patient", field=FIELDS, index=st.integers(0, 5)),
    *(RANDOM_EDITS[name] for name in (
        "hide_field", "restore_field", "rename_record_type", "rename_value_set", "move_record_type",
        "rename_form", "move_form", "remove_form", "move_event", "remove_event", "remove_record_type",
    )),
)  # fmt: skip


@settings(deadline=None)
@given(st.lists(SAFE, max_size=8))
def test_renames_moves_and_refusals_never_break_a_rule(steps: list[dict[str, Any]]) -> None:
    document = deepcopy(START)
    for step in steps:
        try:
            document = apply_edits(document, [step])
        except EditRefused:
            continue  # e.g. the field has another name by now, or the new one is taken
    assert [found for found in validate_document(document) if found.severity == "error"] == []


def test_edits_build_on_one_another() -> None:
    """The list above would prove nothing if nearly all edits were refused."""
    document = edited(
        edit("duplicate_field", "weight", code="alpha"), edit("rename_field", "alpha", code="beta"),
        edit("remove_field", "beta"), document=START,
    )  # fmt: skip
    assert document == START

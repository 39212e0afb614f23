"""What is wrong with a definition is said all at once: place, both languages, suggestion."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from metamodel.definitions import RESERVED_FIELD_CODES, Problem, errors_of, validate_document
from tests.builders import a_database, a_library, a_value_set
from tests.work import calls_of

FIELD = 3_000  # function calls a field; it takes half of them
CHOICE = 500

Found = list[tuple[str, str]]


def found(document: Any) -> Found:
    return [(item.path, item.code) for item in validate_document(document)]


def only(document: Any) -> Problem:
    (problem,) = validate_document(document)
    return problem


def test_a_sound_database_has_no_problem() -> None:
    database = (
        a_database()
        .with_field("record_id")
        .with_field("sex", "choice", choices=("1", "2"))
        .with_field("birth", "date", maximum="today", identifying=True)
        .with_event("baseline")
        .with_record_type("visit", events=["baseline"])
        .with_field("weight", "decimal", on="visit", options={"scale": 1}, minimum=0, maximum=300)
        .with_form("basics", ["sex", "birth"])
        .with_key("record_id")
    )

    assert found(database.document) == []


def test_an_unknown_key_gets_a_suggestion() -> None:
    problem = only(a_database().with_field("age", "integer", requird=True).document)

    assert problem.path == "/record_types/0/fields/0/requird"
    assert (problem.code, problem.suggestion) == ("unknown_key", "required")
    assert "requird" in problem.zh and "requird" in problem.en


@pytest.mark.parametrize(
    ("code", "problem"),
    [
        ("x" * 200, "too_long"),
        ("", "empty"),
        ("Age", "bad_code"),
        ("1st", "bad_code"),
        ('a"; drop table definition; --', "bad_code"),
        ("a\n", "bad_code"),
        ("年龄", "bad_code"),
        ("patient", "reserved"),
        ("row_version", "reserved"),
        ("between", "reserved"),
    ],
)
def test_a_code_that_can_not_be(code: str, problem: str) -> None:
    assert ("/record_types/0/fields/0/code", problem) in found(a_database().with_field(code).document)


def test_a_long_name_says_how_long_it_may_be() -> None:
    problem = only(a_database().with_field("x" * 200).document)

    assert "200" in problem.en and "99" in problem.en and "99" in problem.zh


def test_system_columns_are_reserved() -> None:
    assert {"id", "patient", "parent", "event", "repeat_key", "status", "missing"} <= RESERVED_FIELD_CODES


@pytest.mark.parametrize(
    ("path", "code", "properties"),
    [
        ("type", "not_allowed", {"type": "intger"}),
        ("options/scale", "out_of_range", {"type": "decimal", "options": {"scale": 99}}),
        ("options/max_length", "unknown_key", {"type": "integer", "options": {"max_length": 9}}),
        ("options/pattern", "bad_pattern", {"type": "string", "options": {"pattern": "(?<=a)b"}}),
        ("value_set", "no_value_set", {"type": "choice"}),
        ("value_set", "unknown_value_set", {"type": "choice", "value_set": "sx"}),
        ("value_set", "not_allowed", {"type": "integer", "value_set": "sex"}),
        ("minimum", "bad_bound", {"type": "integer", "minimum": "low"}),
        ("minimum", "bad_bound", {"type": "integer", "minimum": 9, "maximum": 1}),
        ("maximum", "bad_bound", {"type": "decimal", "maximum": "today"}),
        ("minimum", "not_allowed", {"type": "boolean", "minimum": 0}),
        ("calculation", "missing_key", {"type": "calculated"}),
        ("label/zh", "too_long", {"type": "string", "label": {"zh": "长" * 5001}}),
        ("label", "wrong_type", {"type": "string", "label": "Age"}),
    ],
)
def test_a_field_that_can_not_be(path: str, code: str, properties: dict[str, Any]) -> None:
    database = a_database().with_value_set("sex", "1", "2").with_field("x", **properties)

    assert (f"/record_types/0/fields/0/{path}", code) in found(database.document)


def test_a_label_of_5000_characters_is_fine() -> None:
    assert found(a_database().with_field("x", label={"zh": "长" * 5000}).document) == []


def test_duplicates_are_found() -> None:
    database = (
        a_database().with_field("a").with_field("a").with_record_type("visit").with_record_type("visit")
    )
    document = database.with_value_set("sex", "1", "1").with_event("v1").with_event("v1").document

    assert {path for path, code in found(document) if code == "duplicate"} == {
        "/record_types/0/fields/1/code",
        "/record_types/2/code",
        "/value_sets/sex/choices/1/code",
        "/events/1/code",
    }


def test_one_id_can_not_name_two_fields() -> None:
    database = (
        a_database().with_field("a", id="f1").with_record_type("visit").with_field("b", on="visit", id="f1")
    )

    assert found(database.document) == [("/record_types/1/fields/0/id", "duplicate")]


def test_record_types_form_one_tree() -> None:
    unknown = a_database().with_record_type("lesion", parent="vist").with_record_type("visit")
    circle = a_database().with_record_type("a", parent="b").with_record_type("b", parent="a")
    two_roots = a_database().with_record_type("other", parent=None)

    problem = only(unknown.document)
    assert (problem.code, problem.suggestion) == ("unknown_parent", "visit")
    assert "a -> b -> a" in validate_document(circle.document)[0].en
    assert found(two_roots.document) == [("/record_types", "roots")]


def test_core_may_have_several_roots() -> None:
    document = a_database("core").with_record_type("other", parent=None).document | {"category": "core"}

    assert found(document) == []


def test_references_must_reach_something() -> None:
    database = a_database().with_field("age", "integer").with_record_type("visit", events=["v1"])
    document = database.with_form("one", ["agee"]).with_form("two", [], of="vist").with_key("agee").document

    assert {(item.path, item.suggestion) for item in validate_document(document)} == {
        ("/record_types/1/events/0", ""),
        ("/record_types/0/key", "age"),
        ("/forms/0/items/0/field", "age"),
        ("/forms/1/record_type", "visit"),
    }


def test_a_form_item_is_one_thing() -> None:
    document = a_database().with_field("age").with_form("one", ["age"]).document
    document["forms"][0]["items"].append({"field": "age", "text": {"zh": "请核对"}})

    assert found(document) == [("/forms/0/items/1", "one_of")]


def test_a_mapped_type_needs_a_column_for_each_field() -> None:
    storage = {"kind": "mapped", "table": "dicom_study", "columns": {"uidd": "uid"}}
    document = a_database().with_record_type("study", storage=storage).with_field("uid", on="study").document

    assert found(document) == [
        ("/record_types/1/storage/columns/uidd", "unknown_field"),
        ("/record_types/1/storage/columns", "no_column"),
    ]


def test_an_unknown_kind_is_named() -> None:
    assert only({"kind": "databse", "code": "x"}).suggestion == "database"
    assert found([1, 2]) == [("/kind", "unknown_kind")]


def test_a_library_has_no_logic_over_other_fields() -> None:
    library = a_library().with_field("sex", "choice", choices=("1", "2"))
    own = library.with_field("age", "integer", checks=[{"expression": "[age] >= 0"}])
    others = library.with_field("age", "integer", checks=[{"expression": "[sex] = '1'"}])
    skip = library.with_field("age", "integer", shown_if="[sex] = '1'")

    assert found(own.document) == []
    assert found(others.document) == [("/fields/1/checks/0/expression", "UnknownField")]
    assert found(skip.document) == [("/fields/1/shown_if", "unknown_key")]


def test_ten_thousand_choices_are_fine_with_few_steps_each() -> None:
    codes = [str(number) for number in range(10_000)]
    document = a_value_set(*codes) | {"kind": "value_set", "code": "icd"}

    assert found(document) == []
    assert calls_of(lambda: found(document)) < CHOICE * len(codes)


def test_a_large_dictionary_is_checked_with_few_steps_a_field() -> None:
    database = a_database().with_field("sex", "choice", choices=("1", "2"))
    document = database.document
    fields = document["record_types"][0]["fields"]
    fields += [
        {
            "code": f"v{number}",
            "label": {"zh": "字段"},
            "type": "decimal",
            "shown_if": f"[sex] = '{number % 30}'",
        }
        for number in range(1700)
    ]

    assert errors_of(validate_document(document)) == []
    assert calls_of(lambda: validate_document(document)) < FIELD * len(fields)


@pytest.mark.parametrize(
    "value",
    ["a\0b", "\ud800", float("nan"), date(2026, 3, 5), 10**5000],
    ids=["NUL", "surrogate", "NaN", "date", "huge"],
)
def test_what_no_database_can_store_is_found(value: Any) -> None:
    document = a_database().with_field("x", element={"origin": [value]}).document

    assert found(document) == [("/record_types/0/fields/0/element/origin/0", "not_storable")]


def test_endless_nesting_is_refused() -> None:
    deep: Any = []
    for _ in range(5000):
        deep = [deep]

    document = a_database().with_field("x").document
    document["record_types"][0]["fields"][0]["element"] = {"origin": deep}

    assert only(document).code == "too_deep"

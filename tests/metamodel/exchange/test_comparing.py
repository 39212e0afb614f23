"""What differs between two imports."""

from __future__ import annotations

from typing import Any

from metamodel.exchange import SourceFile, read_definition
from metamodel.exchange.comparing import compare_imports
from tests.metamodel.exchange.redcap_files import dictionary, variable


def compared(before: SourceFile, after: SourceFile) -> dict[str, Any]:
    old, new = read_definition([before], "lung"), read_definition([after], "lung")
    return compare_imports(old.document, new.document, (old.report, new.report))


def aspects(change: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    return {item["aspect"]: (item["before"], item["after"]) for item in change["differences"]}


def test_fields_that_came_and_went_are_told() -> None:
    found = compared(dictionary(variable("age")), dictionary(variable("height")))

    assert [(item["change"], item["field"]) for item in found["fields"]] == [
        ("added", "patient.height"),
        ("removed", "patient.age"),
    ]


def test_equal_files_differ_in_nothing() -> None:
    file = dictionary(variable("age", "text", validation="integer", minimum="0"), variable("scan", "file"))

    found = compared(file, file)

    assert found["fields"] == found["newly_not_carried"] == found["no_longer_listed"] == []


def test_a_bound_of_zero_that_was_not_there_is_a_change() -> None:
    before = dictionary(variable("age", "text", validation="integer"))
    after = dictionary(variable("age", "text", validation="integer", minimum="0"))

    [change] = compared(before, after)["fields"]

    assert aspects(change) == {"minimum": (None, 0)}


def test_other_choices_are_shown_as_choices_even_under_one_name() -> None:
    before = dictionary(variable("sex", "radio", choices="1, Male | 2, Female"))
    after = dictionary(variable("sex", "radio", choices="1, Male | 2, Female | 9, Unknown"))

    [change] = compared(before, after)["fields"]

    assert [choice["code"] for choice in aspects(change)["choices"][1]] == ["1", "2", "9"]


def test_a_line_that_only_moved_in_the_file_is_no_news() -> None:
    before = dictionary(variable("scan", "file"))
    after = dictionary(variable("age"), variable("scan", "file"), variable("photo", "file"))

    found = compared(before, after)

    assert [item["where"].split()[-1] for item in found["newly_not_carried"]] == ["photo"]
    assert found["no_longer_listed"] == []


def test_a_field_in_another_record_type_has_moved() -> None:
    root = {"code": "patient", "fields": [{"code": "age", "type": "integer", "label": {"zh": "年龄"}}]}
    visit = {
        "code": "visit",
        "parent": "patient",
        "fields": [{"code": "age", "type": "integer", "unit": "岁"}],
    }
    before = {"record_types": [root]}
    after = {"record_types": [{"code": "patient", "fields": []}, visit]}

    nothing: dict[str, Any] = {"not_carried": []}
    found = compare_imports(before, after, (nothing, nothing))

    assert [item["code"] for item in found["record_types"]["added"]] == ["visit"]
    [change] = found["fields"]
    assert (change["change"], change["from"], change["field"]) == ("moved", "patient.age", "visit.age")
    assert aspects(change)["unit"] == (None, "岁")


def test_a_loss_that_another_file_of_the_project_tells_too_is_no_news() -> None:
    before = dictionary(variable("scan", "file"), name="first.csv")
    after = dictionary(variable("scan", "file"), name="second.csv")

    found = compared(before, after)

    assert found["newly_not_carried"] == found["no_longer_listed"] == []

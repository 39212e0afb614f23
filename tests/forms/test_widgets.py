"""Each field type's widget is there, and asks as its field says."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import forms
from forms.errors import WidgetMissing
from forms.widgets import BY_NAME, Asked, check_widgets, widget_of
from metamodel.catalogue import Field, Label, compile_field, compile_value_set
from metamodel.field_types.registry import ALL as FIELD_TYPES
from metamodel.field_types.string import StringField


def a_field(type: str, choices: int = 0, **more: Any) -> Field:
    codes = [{"code": str(n), "label": {"zh": f"选{n}", "en": f"Choice {n}"}} for n in range(choices)]
    sets = {"codes": compile_value_set("codes", {"choices": codes})} if choices else {}
    item = {"code": "f", "type": type, "label": {"zh": "字段", "en": "Field"}, "value_set": "codes"} | more
    return compile_field(item, sets)


def made(field: Field, language: str = "zh", **more: Any) -> dict[str, Any]:
    return widget_of(field).make(Asked(field, language, **more))


@pytest.mark.parametrize("item", FIELD_TYPES, ids=lambda item: item.name)
def test_every_field_type_has_its_widget(item: Any) -> None:
    check_widgets([item])
    component = made(a_field(item.name, choices=3 if item.needs_value_set else 0))
    assert component["key"] == "f"
    assert component["label"] == "字段"


def test_a_type_whose_widget_nobody_made_keeps_the_application_from_starting() -> None:
    class Dial(StringField):
        widget = "dial"

    with pytest.raises(WidgetMissing, match="dial"):
        check_widgets([*FIELD_TYPES, Dial()])


@pytest.mark.parametrize(
    ("type", "count", "component"),
    [
        ("choice", 5, "radio"), ("choice", 6, "select"), ("multi_choice", 12, "selectboxes"),
        ("multi_choice", 13, "select"), ("boolean", 0, "radio"),
    ],
)  # fmt: skip
def test_few_choices_are_all_in_sight_many_can_be_searched(type: str, count: int, component: str) -> None:
    assert made(a_field(type, choices=count))["type"] == component


def test_choices_out_of_use_do_not_count_and_are_marked() -> None:
    choices: list[dict[str, Any]] = [{"code": str(n)} for n in range(6)]
    choices[0]["active"] = False
    sets = {"codes": compile_value_set("codes", {"choices": choices})}
    field = compile_field({"code": "f", "type": "choice", "value_set": "codes"}, sets)

    component = made(field)

    assert component["type"] == "radio"
    assert [option["value"] for option in component["values"] if option.get("inactive")] == ["0"]


def test_a_number_shows_its_unit_and_range() -> None:
    field = a_field("decimal", unit="cm", minimum=30, maximum=250)
    component = made(field, "en")
    assert (component["suffix"], component["description"]) == ("cm", "30 to 250")
    assert component["inputMode"] == "decimal"
    assert made(a_field("date", maximum="today"))["description"] == "不大于 今天"


def test_what_is_computed_can_not_be_typed() -> None:
    component = made(a_field("calculated", calculation="[a] + 1"))
    assert component["disabled"] is True
    assert "missingCodes" not in component["properties"]


def test_masked_fields_and_reasons_for_missing_values_are_told_to_the_page() -> None:
    component = made(a_field("string", missing_codes=["refused"], required=True), masked=True)
    assert component["properties"] == {"fieldType": "string", "masked": True, "missingCodes": ["refused"]}
    assert component["validate"]["required"] is True


def test_a_form_may_wish_for_another_widget_that_fits_the_type() -> None:
    assert widget_of(a_field("choice", choices=3), "dropdown") is BY_NAME["dropdown"]
    assert widget_of(a_field("date"), "dropdown") is BY_NAME["date"]
    assert widget_of(a_field("string"), "nonsense") is BY_NAME["text"]


def test_texts_fall_back_to_the_other_language_then_to_the_code() -> None:
    field = compile_field({"code": "f", "type": "string", "label": {"en": "Only English"}}, {})
    assert made(field, "zh")["label"] == "Only English"
    assert made(compile_field({"code": "f", "type": "string"}, {}), "zh")["label"] == "f"
    assert Label() == Label.of(None)


def test_every_widget_is_in_the_reference() -> None:
    page = (Path(forms.__file__).parent.parent / "docs/reference/forms.md").read_text(encoding="utf-8")
    assert [name for name in BY_NAME if f"| `{name}` |" not in page] == []

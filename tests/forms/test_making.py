"""The Form.io form of a record type: what stands where, and that nothing in it can come to life."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from forms.drafts import preview
from forms.markup import plain
from tests.builders.definitions import a_database

Json = dict[str, Any]
# Every property of a Form.io component that Form.io runs as JavaScript.
JAVASCRIPT = {
    "calculateValue", "custom", "customConditional", "customDefaultValue", "customPrivate", "logic",
    "onChange", "customOptions", "disableFunction", "shortcutButtons", "addons", "template", "customClassJs",
    "calculateServer", "validationCode", "beforeSubmit", "controller", "valueProperty", "customHeaders",
}  # fmt: skip


def the_form(document: Json, language: str = "zh") -> Json:
    return preview(document, "patient", language).schema


def components(form: Json) -> Iterator[Json]:
    """All components, at every depth."""
    for item in form.get("components", ()):
        yield item
        yield from components(item)
    for column in form.get("columns", ()):
        yield from components(column)


def by_key(form: Json) -> dict[str, Json]:
    return {item["key"]: item for item in components(form)}


def test_fields_stand_in_the_form_s_order_under_its_headings_the_rest_last() -> None:
    document = a_database().with_field("a").with_field("b").with_field("c").document
    items = [{"field": "c"}, {"section": {"zh": "体格"}}, {"text": {"zh": "请空腹测量"}}, {"field": "a"}]
    document["forms"] = [{"code": "f", "record_type": "patient", "items": items}]

    panels = the_form(document)["components"]

    assert [panel["title"] for panel in panels] == ["", "体格", "其他"]
    assert [[one["key"] for one in components(panel) if one["input"]] for panel in panels] == [
        ["c"], ["a"], ["b"],
    ]  # fmt: skip
    assert by_key(panels[1])["_item_2"]["html"] == "<p>请空腹测量</p>"


def test_short_fields_stand_side_by_side_and_long_ones_alone() -> None:
    database = a_database().with_field("a").with_field("b", "integer").with_field("note", "long_text")
    [panel] = the_form(database.with_field("c", "date").document)["components"]

    assert [part["type"] for part in panel["components"]] == ["columns", "textarea", "columns"]
    assert [column["components"][0]["key"] for column in panel["components"][0]["columns"]] == ["a", "b"]


def test_hidden_fields_and_empty_sections_are_absent() -> None:
    document = a_database().with_field("a", hidden=True).with_field("b").document
    items = [{"section": {"zh": "空"}}, {"field": "a"}, {"field": "b_gone"}]
    document["forms"] = [{"code": "f", "record_type": "patient", "items": items}]

    assert [item["title"] for item in the_form(document)["components"]] == ["其他"]


def test_a_draft_s_unreadable_fields_are_named_not_in_the_way() -> None:
    document = a_database().with_field("a").with_field("b", "hologram").with_field("c", "date").document
    document["record_types"][0]["fields"][2]["minimum"] = "yesterday or so"

    made = preview(document, "patient", "zh")

    assert made.left_out == ("b", "c")
    assert "a" in by_key(made.schema)


def test_a_form_to_show_can_not_be_typed_into() -> None:
    document = a_database().with_field("a").with_field("b", "choice", choices=("1", "2")).document
    made = preview(document, "patient", "zh", read_only=True)
    assert all(item["disabled"] for item in components(made.schema) if item["input"])


ATTACKS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ data.name }}", "'; alert(1)//")


def hostile(document: Json) -> Json:
    text = {"zh": "".join(ATTACKS), "en": "".join(ATTACKS)}
    for field in document["record_types"][0]["fields"]:
        field |= {"label": text, "help": text, "unit": text["zh"], "missing_codes": [text["zh"]]}
    for value_set in document["value_sets"].values():
        for number, choice in enumerate(value_set["choices"]):
            choice |= {"label": text, "code": f"{number}{ATTACKS[1]}"}
    fields = [{"field": field["code"]} for field in document["record_types"][0]["fields"]]
    items = [{"section": text}, {"text": text}, *fields]
    document["forms"] = [{"code": "f", "record_type": "patient", "items": items}]
    return document


def every_kind() -> Json:
    database = a_database().with_field("few", "choice", choices=("1", "2"))
    database = database.with_field("many", "choice", choices=tuple("abcdefgh"))
    database = database.with_field("several", "multi_choice", choices=("1", "2"))
    for kind in ("string", "long_text", "decimal", "boolean", "date", "datetime", "time"):
        database = database.with_field(f"f_{kind}", kind)
    return database.with_field("sum", "calculated", calculation="1 + 1").document


def test_markup_and_placeholders_of_an_admin_stay_text() -> None:
    form = the_form(hostile(every_kind()))
    for component in components(form):
        for name in ("label", "title", "description", "tooltip", "placeholder", "suffix", "html"):
            text = component.get(name, "").replace("<p>", "").replace("</p>", "")
            assert not set('<>"{}') & set(text), (component["key"], name)
        for option in (*component.get("values", ()), *component.get("data", {}).get("values", ())):
            assert not set('<>"{}') & set(option["label"] + option["value"])


def test_nothing_that_form_io_would_run_is_sent() -> None:
    for component in components(the_form(hostile(every_kind()))):
        assert not JAVASCRIPT & component.keys()
        assert not JAVASCRIPT & component.get("validate", {}).keys()
        assert not {"conditional", "json"} & component.keys()


def test_a_form_is_plain_json() -> None:
    form = the_form(every_kind())
    assert json.loads(json.dumps(form)) == form


@given(st.text())
def test_escaped_text_has_no_character_that_html_or_form_io_reads(text: str) -> None:
    assert not set("<>\"'{}") & set(plain(text))

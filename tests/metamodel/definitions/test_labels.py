"""Rules that name fields by their labels keep their meaning when labels come, change and go."""

from __future__ import annotations

from typing import Any

from metamodel.definitions import load_draft, save_draft, validate_document
from tests.builders import a_database
from tests.metamodel.definitions.editing import LUNG, edit, edited, field
from tests.subjects import a_subject
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel

DESIGNER = a_subject(1, "li", {("view", "databases"), ("design", "databases")})
ROUNDS = (
    a_database("rounds")
    .with_field("age", "integer", label={"zh": "年龄", "en": "Age at entry"})
    .with_field("old", "boolean", shown_if="[年龄]  >= 60 且 [ 年龄 ] < 120")
    .with_field("grown", "boolean", required_if="[Age at entry] > 17")
    .with_record_type("lesion", label={"zh": "病灶", "en": "Lesion"})
    .with_field("size", "decimal", on="lesion", label={"zh": "大小", "en": ""})
    .with_field("many", "boolean", shown_if="任一([病灶], [大小] > [年龄]) 或 最大值([病灶.大小]) > 3")
)


def rule(document: dict[str, Any], code: str, name: str = "shown_if") -> str:
    found: str = field(document, code)[name]
    return found


def relabel(code: str, zh: str, en: str = "", on: str = "patient") -> dict[str, Any]:
    return edit("set_field", code, on, set={"label": {"zh": zh, "en": en}})


def test_a_field_with_a_new_label_is_called_by_it() -> None:
    document = edited(relabel("age", "入组年龄", "Years"), document=ROUNDS.document)

    assert rule(document, "old") == "[入组年龄]  >= 60 且 [入组年龄] < 120"
    assert rule(document, "grown", "required_if") == "[Years] > 17"
    assert rule(document, "many") == "任一([病灶], [大小] > [入组年龄]) 或 最大值([病灶.大小]) > 3"
    assert validate_document(document) == []


def test_fields_of_related_records_and_their_record_type_are_followed() -> None:
    document = edited(
        edit("set_record_type", on="lesion", set={"label": {"zh": "结节", "en": "Nodule"}}),
        relabel("size", "长径", on="lesion"),
        document=ROUNDS.document,
    )

    assert rule(document, "many") == "任一([结节], [长径] > [年龄]) 或 最大值([结节.长径]) > 3"
    assert validate_document(document) == []


def test_a_label_that_two_fields_have_gives_way_to_the_code() -> None:
    height = {"code": "height", "type": "integer", "label": {"zh": "身高", "en": ""}}
    document = edited(
        edit("add_field") | {"field": height}, relabel("height", "年龄"), document=ROUNDS.document
    )

    assert rule(document, "old") == "[age]  >= 60 且 [age] < 120"
    assert validate_document(document) == []


def test_a_field_that_takes_a_label_away_from_an_ancestor_is_not_taken_for_it() -> None:
    database = ROUNDS.with_field("worse", "boolean", on="lesion", shown_if="[年龄] > 60")
    document = edited(relabel("size", "年龄", on="lesion"), document=database.document)

    assert field(document, "worse", "lesion")["shown_if"] == "[age] > 60"
    assert rule(document, "many") == "任一([病灶], [年龄] > [age]) 或 最大值([病灶.年龄]) > 3"


def test_a_label_that_goes_or_can_not_be_written_gives_way_to_the_code() -> None:
    for label in (None, {"zh": "年龄[岁]", "en": ""}, {"zh": "", "en": "Age"}):
        document = edited(edit("set_field", "age", set={"label": label}), document=ROUNDS.document)

        assert rule(document, "old") == "[age]  >= 60 且 [age] < 120"


def test_a_copy_with_the_same_label_breaks_no_rule_and_is_about_itself() -> None:
    database = LUNG.with_field(
        "pulse", "integer", label={"zh": "脉搏", "en": ""}, checks=[{"expression": "[脉搏] > 20"}]
    )
    document = edited(edit("duplicate_field", "pulse", code="pulse_2"), document=database.document)

    assert field(document, "pulse")["checks"] == [{"expression": "[pulse] > 20"}]
    assert field(document, "pulse_2")["checks"] == [{"expression": "[pulse_2] > 20"}]


def test_a_removed_field_leaves_its_name_as_a_problem() -> None:
    document = edited(edit("remove_field", "age"), document=ROUNDS.document)

    assert rule(document, "old") == ROUNDS.document["record_types"][0]["fields"][1]["shown_if"]
    assert {item.code for item in validate_document(document)} == {"UnknownField"}


def test_a_form_text_s_skip_rule_is_followed() -> None:
    text = {"text": {"zh": "仅限老人", "en": ""}, "shown_if": "[年龄] > 60"}
    document = ROUNDS.with_form("basics", ["age"]).document
    document["forms"][0]["items"].append(text)
    document = edited(relabel("age", "岁数"), document=document)

    assert document["forms"][0]["items"][1]["shown_if"] == "[岁数] > 60"


def test_a_draft_from_a_file_is_mended_where_its_rules_name_labels_of_the_draft_before(
    instance: Instance,
) -> None:
    again = a_database("rounds").with_field("age", "integer", label={"zh": "岁数", "en": ""})
    again = again.with_field("old", "boolean", shown_if="[年龄] >= 60 或 [岁数] < 1 或 [身高] > 2")
    with instance.write(DESIGNER, Channel.API) as uow:
        save_draft(uow, "database", ROUNDS.document)
        save_draft(uow, "database", again.document)
    with instance.read(DESIGNER, Channel.API) as uow:
        document = load_draft(uow, "database", "rounds").document

    assert rule(document, "old") == "[岁数] >= 60 或 [岁数] < 1 或 [身高] > 2"
    assert [item.code for item in validate_document(document)] == ["UnknownField"]  # 身高 is nobody's

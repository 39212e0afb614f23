"""What the editor of rules asks the server: the words, the place of a mistake, and the other language."""

from __future__ import annotations

from typing import Any

from tests.metamodel.api.office import Office, has_chinese

OVER = {"database": "lung", "record_type": "patient"}


def mistake(office: Office, expression: str) -> dict[str, Any]:
    wrong = office.person().post("/rules/check", OVER | {"expression": expression})
    found: dict[str, Any] = wrong["error"]
    return found


def test_the_vocabulary_has_tokens_words_and_functions(office: Office) -> None:
    found = office.person().get("/rules/vocabulary")

    assert {each["name"]: each["zh"] for each in found["functions"]}["round"] == "四舍五入"
    assert {each["kind"] for each in found["tokens"]} >= {"field", "name", "text", "keyword", "space"}


def test_a_misspelt_field_has_its_place_and_what_could_stand_there(office: Office) -> None:
    rule = "[weight] > 3 且 [heigt] > 150"

    found = mistake(office, rule)

    assert rule[found["start"] : found["end"]] == "[heigt]"
    assert found["fixes"][0] == "[height]"


def test_a_misspelt_function_is_marked_alone(office: Office) -> None:
    found = mistake(office, "roung([weight]) > 3")

    assert (found["start"], found["end"], found["fixes"]) == (0, 5, ["round"])


def test_a_mistake_without_a_likely_word_has_no_fixes(office: Office) -> None:
    assert mistake(office, "[weight] >")["fixes"] == []


def test_a_rule_is_written_in_the_other_language(office: Office) -> None:
    body = {"expressions": ["[height]>=150 and [weight] is missing"]}

    [texts] = office.person().post("/rules/format", body)["texts"]

    assert texts["zh"] == "[height] >= 150 且 [weight] 缺失"
    assert texts["en"] == "[height] >= 150 and [weight] is missing"


def test_a_long_rule_is_written_in_lines(office: Office) -> None:
    body = {"expressions": ["[height]>=150 and [weight] is missing"], "width": 30}

    [texts] = office.person().post("/rules/format", body)["texts"]

    assert texts["en"] == "[height] >= 150\nand [weight] is missing"


def test_a_date_without_its_sign_is_fixed_in_its_place(office: Office) -> None:
    rule = "[height] > 150 且 [born] > 1970-01-01"

    found = mistake(office, rule)

    assert rule[found["start"] : found["end"]] == "1970-01-01"
    assert found["fixes"] == ["@1970-01-01"]


def test_what_is_no_rule_is_not_written(office: Office) -> None:
    refusal = office.person().refused("POST", "/rules/format", {"expressions": ["true", "[height] >"]})

    assert refusal.told == (422, "RuleWrong")
    assert has_chinese(refusal.zh) and not has_chinese(refusal.en)

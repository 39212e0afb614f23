"""REDCap logic keeps its meaning in our language, and what has no counterpart is refused with the reason."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from rules_dsl import (
    NotTranslatable,
    RedcapDictionary,
    RuleSyntaxError,
    RuleTooLarge,
    check,
    parse,
    translate_redcap,
    type_of_field,
)
from rules_dsl.cases import read_record, same
from tests.rules_dsl.back_ends import BackEnd

CONTENT = yaml.safe_load((Path(__file__).parent / "redcap_cases.yaml").read_text(encoding="utf-8"))
TYPES = {name: type_of_field(kind) for name, kind in CONTENT["types"].items()}
LOOKUP = RedcapDictionary(TYPES, frozenset(CONTENT["events"]))
ALL_TYPES = TYPES | {f"{event}.{name}": kind for event in CONTENT["events"] for name, kind in TYPES.items()}


@pytest.mark.parametrize("case", CONTENT["translations"], ids=lambda case: case["redcap"])
def test_the_logic_becomes_what_the_case_says(case: dict[str, str]) -> None:
    translated = translate_redcap(case["redcap"], LOOKUP)

    assert translated == parse(case["ours"]), str(translated)
    check(translated, ALL_TYPES)


@pytest.mark.parametrize("case", CONTENT["refused"], ids=lambda case: case["redcap"])
def test_what_has_no_counterpart_is_refused_with_its_reason(case: dict[str, str]) -> None:
    with pytest.raises(NotTranslatable) as refused:
        translate_redcap(case["redcap"], LOOKUP)

    assert refused.value.reason == case["because"]
    assert refused.value.caret().startswith(case["redcap"])


def test_what_is_no_logic_is_a_syntax_error() -> None:
    with pytest.raises(RuleSyntaxError) as wrong:
        translate_redcap("[age] > ", LOOKUP)

    assert wrong.value.column == 9


def test_a_huge_logic_is_refused() -> None:
    with pytest.raises(RuleTooLarge):
        translate_redcap("-" * 15_000 + "1", LOOKUP)


@pytest.mark.parametrize("case", CONTENT["values"], ids=lambda case: f"{case['redcap']} {case['record']}")
def test_the_translation_gives_what_redcap_gives(case: dict[str, Any], back_end: BackEnd) -> None:
    rule = str(translate_redcap(case["redcap"], LOOKUP))
    found = back_end.value(rule, TYPES, read_record(case["record"], TYPES))

    assert same(found, case["gives"]), f"{rule} gave {found!r} on {back_end.name}"


def test_enough_translations_are_written_by_hand() -> None:
    assert len(CONTENT["translations"]) >= 60
    assert len(CONTENT["values"]) >= 60


def test_the_dialect_is_reached_through_parse() -> None:
    assert parse("[sex]='1'", "redcap", LOOKUP) == parse("[sex] = '1'")

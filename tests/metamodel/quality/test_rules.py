"""What a definition asks of a field, as filters that find the records which break it."""

from __future__ import annotations

from typing import Any

import pytest

from metamodel.quality import QualityRule, rules_of_type
from rules_dsl import parse
from tests.metamodel.catalogue.published import compiled
from tests.metamodel.live import a_document, a_field, a_type


def rules(type: str, **properties: Any) -> list[QualityRule]:
    field = a_field("x", type, **properties)
    return rules_of_type(compiled(a_document("lung", a_type("patient", field))).record_type("patient"))


@pytest.mark.parametrize(
    ("type", "properties", "wrong"),
    [
        ("string", {"required": True}, "[x] is missing and missing_reason([x]) is missing"),
        (
            "string", {"required_if": "[x] = 'a'", "shown_if": "[x] <> 'b'"},
            "[x] is missing and missing_reason([x]) is missing and ([x] <> 'b') and ([x] = 'a')",
        ),
        ("integer", {"minimum": 0, "maximum": 120}, "[x] is not missing and ([x] < 0 or [x] > 120)"),
        ("decimal", {"minimum": "0.50"}, "[x] is not missing and ([x] < 0.5)"),
        ("float", {"maximum": 1e-7}, "[x] is not missing and ([x] > 0.0000001)"),
        ("date", {"minimum": "1900-01-01", "maximum": "today"},
         "[x] is not missing and ([x] < @1900-01-01 or [x] > today())"),
        ("date", {"maximum": "now"}, "[x] is not missing and ([x] > today())"),
        ("datetime", {"maximum": "today"}, "[x] is not missing and ([x] >= add_days(today(), 1))"),
        ("datetime", {"minimum": "2020-01-01 08:30", "maximum": "now"},
         "[x] is not missing and ([x] < @2020-01-01T08:30:00 or [x] > now())"),
        ("time", {"minimum": "08:00", "maximum": "17:30"},
         "[x] is not missing and ([x] < @08:00:00 or [x] > @17:30:00)"),
    ],
)  # fmt: skip
def test_requirements_and_ranges_are_filters(type: str, properties: dict[str, Any], wrong: str) -> None:
    (rule,) = rules(type, **properties)

    assert rule.wrong == wrong
    assert parse(rule.wrong)


def test_a_check_is_broken_where_it_is_false() -> None:
    check = {
        "expression": "[x] > 1 or [x] < 0",
        "message": {"zh": "不对", "en": "Wrong"},
        "severity": "warning",
    }
    (rule,) = rules("integer", checks=[check])

    assert (rule.wrong, rule.severity, rule.message.zh) == ("not ([x] > 1 or [x] < 0)", "warning", "不对")


def test_a_key_is_required_and_a_time_is_never_beyond_now() -> None:
    fields = a_field("no"), a_field("at", "time", maximum="now")
    kind = compiled(a_document("lung", a_type("patient", *fields, key="no"))).record_type("patient")

    assert [rule.key for rule in rules_of_type(kind)] == [f"{kind.field('no').id}:required"]

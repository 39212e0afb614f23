"""What the browser gets of a rule: its parts as JSON, what it reads, and no more than a browser can run."""

from __future__ import annotations

import json
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules_dsl import FUNCTIONS, BrowserCannotRun, Function, Missing, RuleType, compile_browser, parse, typed
from rules_dsl.errors import PatternRefused
from rules_dsl.literals import quote
from rules_dsl.patterns import read_pattern
from rules_dsl.program import KINDS, as_json
from rules_dsl.typescript import record_as_json
from tests.rules_dsl.back_ends import NOW, TypeScriptBackEnd
from tests.rules_dsl.test_registry import RECORD, TYPES, shown

FIELDS = {
    "age": RuleType.INTEGER,
    "limit": RuleType.DECIMAL,
    "name": RuleType.TEXT,
    "exam": {"kind": RuleType.CHOICE, "lesion": {"size": RuleType.DECIMAL}},
}


def reads(rule: str) -> list[str]:
    found: list[str] = compile_browser(parse(rule), FIELDS)["reads"]
    return found


def test_a_program_is_plain_json_with_version_and_type() -> None:
    program = compile_browser(parse("[age] >= 60"), FIELDS)

    assert json.loads(json.dumps(program)) == program
    assert program == {
        "version": 1,
        "type": "boolean",
        "reads": ["age"],
        "body": {
            "k": "exactly",
            "of": "number",
            "op": ">=",
            "left": {"k": "field", "t": "integer", "path": "age", "out": 0, "s": [0, 5]},
            "right": {"k": "constant", "t": "integer", "v": 60, "s": [9, 11]},
            "s": [0, 11],
        },
    }


@pytest.mark.parametrize(
    ("rule", "paths"),
    [
        ("1 > 2", []),
        ("[age] > [limit] or [age] < 3", ["age", "limit"]),
        ("missing_reason([limit])", ["limit"]),
        ("count([exam])", ["exam"]),
        ("max([exam.lesion.size])", ["exam.lesion", "exam.lesion.size"]),
        ("any([exam], [age] > 3 and [kind] = 'ct')", ["age", "exam", "exam.kind"]),
        (
            "any([exam], any([lesion], [size] > [limit] and [kind] = 'ct'))",
            ["exam", "exam.kind", "exam.lesion", "exam.lesion.size", "limit"],
        ),
        (
            "any([exam], max([exam.lesion.size]) > 3 and [age] > 1)",
            ["age", "exam", "exam.lesion", "exam.lesion.size"],
        ),
    ],
)
def test_it_says_what_it_reads_from_the_rules_own_record(rule: str, paths: list[str]) -> None:
    assert reads(rule) == paths


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (60, 60),
        (10**18, 10**18),
        (2**53 + 1, "9007199254740993"),
        (Decimal("8.10"), 8.1),
        (Decimal("1E+20"), 1e20),
        (Decimal("0.1234567890123456"), "0.1234567890123456"),
        (Decimal("-123456789012345678.50"), "-123456789012345678.5"),
        (0.1 + 0.2, 0.30000000000000004),
        (True, True),
        (date(2026, 3, 5), "2026-03-05"),
        (datetime(2026, 3, 5, 14, 20), "2026-03-05T14:20:00"),
        (time(14, 20), "14:20:00"),
        (Missing("refused"), {"missing": "refused"}),
        (None, None),
    ],
)
def test_values_lose_no_digit(value: object, written: object) -> None:
    assert as_json(value) == written
    assert type(as_json(value)) is type(written)


def test_related_records_are_lists_of_such_records() -> None:
    record = {"exam": [{"kind": "ct", "lesion": [{"size": Decimal("8.5")}]}, {"kind": Missing()}]}

    assert record_as_json(record) == {
        "exam": [{"kind": "ct", "lesion": [{"size": 8.5}]}, {"kind": {"missing": None}}]
    }


def test_every_part_of_a_checked_rule_has_a_kind() -> None:
    parts = {each for each in typed.Typed.__subclasses__() if each.__module__ == typed.__name__}

    assert set(KINDS) == parts
    assert len(set(KINDS.values())) == len(KINDS)


@pytest.mark.parametrize(
    ("rule", "line", "column"),
    [("md5([name]) = 'a'", 1, 1), ("[age] > 3\n  and 密钥签名([name], 'k') = 'a'", 2, 7)],
)
def test_what_only_the_server_runs_is_refused_at_its_place(rule: str, line: int, column: int) -> None:
    with pytest.raises(BrowserCannotRun) as refused:
        compile_browser(parse(rule), FIELDS)

    assert (refused.value.line, refused.value.column) == (line, column)
    assert "on the server only" in refused.value.explain("en")
    assert "仅在服务器上运行" in refused.value.explain("zh")


@pytest.mark.parametrize(
    "function", [each for each in FUNCTIONS if each.browser], ids=lambda function: function.name
)
def test_the_example_of_each_function_holds_in_the_browser(
    function: Function, typescript: TypeScriptBackEnd
) -> None:
    found: Any = typescript.value(function.example, TYPES, RECORD, NOW)

    assert shown(found) == function.gives


pieces = st.recursive(
    st.sampled_from(
        [
            "a",
            "b",
            "[ab]",
            "[^a]",
            ".",
            "结",
            "𝒜",
            r"\d",
            r"\W",
            r"\s",
            r"\.",
            "[𝒜-𝒵]",
            "[^\\]a-c-]",
            r"[\n\-]",
            "^",
            "$",
        ]
    ),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map("|".join),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}"])).map(
            lambda parts: f"({parts[0]}){parts[1]}"
        ),
    ),
    max_leaves=6,
)
searched = st.text(st.sampled_from("aabbcd1. \n-]\\结𝒜𝒵\U0010ffff"), max_size=8)


@given(pieces, searched)
@settings(max_examples=300, deadline=None)
def test_patterns_find_in_the_browser_what_they_find_here(
    typescript: TypeScriptBackEnd, written: str, text: str
) -> None:
    try:
        here = read_pattern(written).search(text)
    except PatternRefused:  # an anchor that is repeated
        return

    assert typescript.value(f"[t] matches {quote(written)}", {"t": RuleType.TEXT}, {"t": text}) is here


@pytest.mark.parametrize(
    "rule", ["[t] matches '(a+)+$'", "[t] matches '(a|aa)+$'", "[t] matches '(.*)(.*)(.*)b$'"]
)
def test_no_pattern_keeps_the_browser_busy(rule: str, typescript: TypeScriptBackEnd) -> None:
    begun = datetime.now()

    assert typescript.value(rule, {"t": RuleType.TEXT}, {"t": "a" * 10_000 + "!"}) is False
    assert (datetime.now() - begun).total_seconds() < 1

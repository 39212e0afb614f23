"""The vocabulary tells an editor what the language really is: its tokens are those that the reader finds."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml
from lark import Lark

from rules_dsl import FUNCTIONS, vocabulary
from rules_dsl.parser import GRAMMAR
from rules_dsl.vocabulary import tokens

CASES = sorted((Path(__file__).parent / "cases").glob("*.yaml"))


def rules_in(page: Path) -> list[str]:
    cases = yaml.safe_load(page.read_text(encoding="utf-8"))["cases"]
    return [case["expr"] for case in cases if "error" not in case]


def split(text: str) -> list[str]:
    """As an editor does it: at each place the first token that fits."""
    rules = [(it.kind, re.compile(it.pattern, re.IGNORECASE if it.ignores_case else 0)) for it in tokens()]
    found, at = [], 0
    while at < len(text):
        kind, match = next((kind, match) for kind, rule in rules if (match := rule.match(text, at)))
        if kind != "space":
            found.append(match.group())
        at = match.end()
    return found


@pytest.mark.parametrize("page", CASES, ids=lambda page: page.stem)
def test_a_text_falls_into_the_tokens_that_the_reader_finds(page: Path) -> None:
    reader = Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer="basic")

    for rule in rules_in(page):
        assert split(rule) == [str(token) for token in reader.lex(rule)]


def test_each_kind_of_token_is_told_apart() -> None:
    rule = "any([lesion], size > 8.5) 或 [born] = @1960-03-05 and true"
    kinds = [
        next(it.kind for it in tokens() if re.fullmatch(it.pattern, word, re.IGNORECASE))
        for word in split(rule)
    ]

    expected = (
        "name open field comma name operator number close keyword field operator moment keyword constant"
    )
    assert kinds == expected.split()


def test_words_and_functions_have_a_form_in_each_language() -> None:
    found = vocabulary()

    assert len(found["functions"]) == len(FUNCTIONS)
    assert all(each["zh"] and each["doc"]["zh"] and each["doc"]["en"] for each in found["functions"])
    assert {"word": "or", "zh": "或", "en": "or"} in found["words"]
    assert {"operator": "<>", "zh": "不等于"} in found["operators"]
    assert {"unit": "month", "zh": "个月", "en": "months"} in found["units"]


def test_javascript_can_read_the_patterns() -> None:
    python_only = re.compile(r"\(\?[PiLmsux<#]|\\[AZ]")

    assert not [it for it in tokens() if python_only.search(it.pattern)]

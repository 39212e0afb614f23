"""Any text at all gives values or nothing; and every span lies on the characters it was read from."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rules_dsl.report import Compiled, as_gold, load_package
from rules_dsl.report.folding import fold
from tests.rules_dsl.report.conftest import PACKAGES

COMPILED = Compiled(load_package(PACKAGES / "imaging"))
PIECES = [
    *(
        "右",
        "左肺",
        "上叶",
        "肝",
        "S6",
        "T",
        "pT1",
        "结节",
        "囊肿",
        "未见",
        "见",
        "不除外",
        "术后",
        "较前",
        "增大",
        "原",
        "约",
    ),
    *(
        "2枚",
        "12mm",
        "×",
        "%",
        "-",
        "(0/12)",
        "Ⅳa类",
        "1.",
        "、",
        "及",
        "，",
        "。",
        "；",
        "？",
        "：",
        "（",
        "）",
        "|",
    ),
    *("\n", "\t", "🫁", "\x00", "\ud800", "Ａ"),
]


@given(st.lists(st.sampled_from(PIECES), max_size=40).map("".join) | st.text(max_size=80))
@settings(max_examples=300, deadline=None)
def test_no_text_breaks_it_and_spans_hold(text: str) -> None:
    findings = COMPILED.run(text)

    as_gold(findings)
    assert 0 <= findings.coverage <= 1
    for value in findings.values:
        for start, end in value.spans:
            assert 0 <= start <= end <= len(text)
    for mention in findings.mentions:
        assert text[mention.start : mention.end] == mention.written


@given(st.text())
def test_folding_moves_no_character(text: str) -> None:
    assert len(fold(text)) == len(text)


@pytest.mark.parametrize("text", ["", "   ", "\n\n", "\x00\x01", "。。。", "|||"])
def test_nothing_gives_nothing(text: str) -> None:
    findings = COMPILED.run(text)

    assert (findings.mentions, findings.values) == ([], [])


@pytest.mark.slow
@pytest.mark.parametrize("text", ["右肺见结节，约5mm", "4类", "未见结节，", "S1 ", "(", "1x"])
def test_a_report_without_end_takes_time_in_proportion(text: str) -> None:
    def taken(size: int) -> float:
        start = time.process_time()
        COMPILED.run((text * size)[:size])
        return time.process_time() - start

    assert taken(200_000) < 20 * max(taken(50_000), 0.05)


def test_a_rule_that_finds_far_too_much_is_stopped_and_named() -> None:
    findings = COMPILED.run("S1 " * 30_000)

    assert "部位 椎" in findings.stopped


def test_a_table_is_read_cell_by_cell() -> None:
    found = as_gold(COMPILED.run("部位 | 所见 | 大小\n右肺上叶 | 结节 | 8mm\n肝右叶 | 囊肿 | 12mm\n"))

    assert (found["max_mm"]["结节"], found["max_mm"]["囊肿"]) == (8, 12)

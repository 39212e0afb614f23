"""One Node.js process answers for the browser, and says so when it can't."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from decimal import Decimal

import pytest

from rules_dsl import RuleType, compile_browser, parse, typescript
from rules_dsl.errors import NodeMissing, NodeStopped
from rules_dsl.typescript import TypeScriptRunner, find_node
from tests.rules_dsl.back_ends import NOW
from tests.servers import unavailable

TYPES = {"age": RuleType.INTEGER, "size": RuleType.DECIMAL, "note": RuleType.TEXT}


@pytest.fixture
def runner() -> Iterator[TypeScriptRunner]:
    if find_node() is None:
        unavailable("Node.js")
    with TypeScriptRunner() as runner:
        yield runner


def test_one_process_answers_for_many_rules(runner: TypeScriptRunner) -> None:
    older = compile_browser(parse("[age] > 60"), TYPES)
    longer = compile_browser(parse("[size]"), TYPES)

    assert runner.value(older, {"age": 71}, NOW) is True
    assert runner.value(older, {}, NOW) is None
    assert runner.value(longer, {"size": Decimal("12345678901234567.8")}, NOW) == "12345678901234567.8"


def test_a_line_end_in_a_text_is_no_end_of_a_question(runner: TypeScriptRunner) -> None:
    length = compile_browser(parse("length([note])"), TYPES)

    assert runner.value(length, {"note": "a\nb\u2028\r结"}, NOW) == 6


def test_an_unknown_program_is_refused_and_the_next_one_runs(runner: TypeScriptRunner) -> None:
    program = compile_browser(parse("[age] > 60"), TYPES)

    with pytest.raises(NodeStopped, match="version"):
        runner.value(program | {"version": 99}, {}, NOW)

    assert runner.value(program, {"age": 61}, NOW) is True


def test_a_process_that_has_ended_is_no_answer(runner: TypeScriptRunner) -> None:
    program = compile_browser(parse("[age] > 60"), TYPES)
    runner.close()

    with pytest.raises(NodeStopped):
        runner.value(program, {}, NOW)


def test_without_node_there_is_a_clear_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda *args, **kwargs: None)

    with pytest.raises(NodeMissing) as missing:
        typescript.TypeScriptRunner()

    assert "Node.js" in missing.value.message("zh")

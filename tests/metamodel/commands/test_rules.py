"""Rules on the command line: evaluated on each back end, checked, formatted and tested from files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from rules_dsl.typescript import find_node
from tests.metamodel.commands.shell import Shell
from zhenshu.settings import Settings

ROOT = Path(__file__).parents[3]
TYPES = {"age": "integer", "size": "decimal", "seen": "date", "lesion": {"size": "decimal", "side": "choice"}}
RECORD = {
    "age": 71,
    "size": "12.50",
    "seen": "2026-03-05",
    "lesion": [{"size": 8.1, "side": "l"}, {"size": 3, "side": "r"}],
}
GIVEN = ["--types", json.dumps(TYPES), "--record", json.dumps(RECORD)]
NEEDS_NODE = pytest.mark.skipif(find_node() is None, reason="Node.js is not here")

VALUES: list[tuple[str, Any]] = [
    ("[age] / 2", 35.5),
    ("[size] * 2", 25),
    ("[size]", 12.5),
    ("any([lesion], [size] > 8)", True),
    ("max([lesion.size])", 8.1),
    ("[seen] + 1 month", "2026-04-05"),
    ("concat('右', '肺')", "右肺"),
    ("[age] / 0", None),
]


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    """Rules need no database."""
    return Shell(Settings(home=tmp_path / "instance"))


@pytest.mark.parametrize("on", ["python", "sqlite", pytest.param("ts", marks=NEEDS_NODE)])
@pytest.mark.parametrize(("rule", "value"), VALUES)
def test_each_back_end_gives_the_value_as_json(shell: Shell, on: str, rule: str, value: Any) -> None:
    assert shell.gives("rules", "eval", rule, *GIVEN, "--on", on) == value


def test_postgresql_is_that_of_the_instance(fresh: Shell) -> None:
    if fresh.settings.url.startswith("sqlite"):
        assert "this instance has no PostgreSQL" in fresh.fails("rules", "eval", "1", "--on", "postgresql")
        return
    for rule, value in VALUES:
        assert fresh.gives("rules", "eval", rule, *GIVEN, "--on", "postgresql") == value


def test_a_wrong_rule_is_shown_with_a_caret_and_a_suggestion(shell: Shell) -> None:
    result = shell.run("rules", "eval", "[aeg] + 1", *GIVEN)

    assert (result.exit_code, result.stdout) == (1, "")
    assert result.stderr == (
        "There is no field [aeg] here. (line 1, column 1)\n[aeg] + 1\n^^^^^\nDid you mean [age]?\n"
    )


def test_a_wrong_rule_is_told_to_a_script_as_json(shell: Shell) -> None:
    error = json.loads(shell.run("rules", "eval", "[aeg] + 1", *GIVEN, "--json").stderr)

    assert (error["error"], error["line"], error["column"], error["length"]) == ("UnknownField", 1, 1, 5)
    assert error["suggestion"] == {"zh": "是否指 [age]？", "en": "Did you mean [age]?"}


RULES = """\
# Who is old enough
[age]>=60
    and [size] > 8

如果([age] 大于 60, 1, 2)
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    path = tmp_path / "rules.txt"
    path.write_text(RULES, encoding="utf-8")
    return path


def test_the_rules_of_a_file_are_formatted_and_all_around_them_is_kept(shell: Shell, rules: Path) -> None:
    shown = shell.does("rules", "format", rules, "--lang", "zh")
    shell.does("rules", "format", rules, "--write")

    assert shown == "# Who is old enough\n[age] >= 60 且 [size] > 8\n\n如果([age] > 60, 1, 2)\n"
    assert rules.read_text("utf-8") == (
        "# Who is old enough\n[age] >= 60 and [size] > 8\n\nif([age] > 60, 1, 2)\n"
    )


def test_a_file_with_a_wrong_rule_is_not_rewritten(shell: Shell, rules: Path) -> None:
    rules.write_text(RULES + "\n[age] >\n", encoding="utf-8")
    result = shell.run("rules", "format", rules, "--write")

    assert result.exit_code == 1
    assert f"{rules}:7:8: The rule ends too early.\n[age] >\n" in result.stderr
    assert rules.read_text("utf-8").startswith("# Who is old enough\n[age]>=60\n")


def test_the_rules_of_a_file_are_checked(shell: Shell, rules: Path) -> None:
    shown = shell.does("rules", "check", rules, "--types", json.dumps(TYPES))

    assert shown == f"{rules}:2: boolean\n{rules}:5: number\n"
    assert shell.does("rules", "check", rules) == "2 rules are right.\n"


def test_a_wrong_rule_of_a_file_is_shown_at_its_line(shell: Shell, rules: Path) -> None:
    rules.write_text(RULES.replace("[size]", "[sise]"), encoding="utf-8")
    result = shell.run("rules", "check", rules, "--types", json.dumps(TYPES))
    told = json.loads(shell.run("rules", "check", rules, "--types", json.dumps(TYPES), "--json").stdout)

    assert result.exit_code == 1
    assert (
        f"{rules}:3:9: There is no field [sise] here.\n    and [sise] > 8\n        ^^^^^^\n" in result.stderr
    )
    assert [(it["line"], it.get("error"), it.get("type")) for it in told] == [
        (3, "UnknownField", None),
        (5, None, "number"),
    ]


CASES = """\
types: {age: integer, seen: date}
now: 2026-03-05T14:20
cases:
  - {expr: "[age] + 1", record: {age: 71}, gives: 72}
  - {expr: "[age] + 1", gives: missing}
  - {expr: "[seen] < today()", record: {seen: 2026-03-04}, gives: true}
  - {expr: "[aeg] + 1", error: UnknownField, at: 1, caret: "^^^^^", suggests: "Did you mean [age]?"}
"""


@pytest.mark.parametrize("on", ["python", "sqlite", pytest.param("ts", marks=NEEDS_NODE)])
def test_the_cases_of_a_file_are_run(shell: Shell, tmp_path: Path, on: str) -> None:
    file = tmp_path / "cases.yaml"
    file.write_text(CASES, encoding="utf-8")

    assert shell.does("rules", "test", file, "--on", on) == "4 cases, 0 failed.\n"


@pytest.mark.parametrize(
    ("case", "expected", "found"),
    [
        ('{expr: "[age] + 1", record: {age: 71}, gives: 73}', "73", "72.0"),
        ('{expr: "[age] > 1", gives: false}', "false", "missing"),
        ('{expr: "[age] + 1", error: UnknownField}', "UnknownField", "no error"),
        ('{expr: "[aeg] + 1", error: UnknownField, at: 2}', "at: 2", "at: 1"),
    ],
)
def test_a_case_that_fails_is_shown_with_what_came_out(
    shell: Shell, tmp_path: Path, case: str, expected: str, found: str
) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(f"{CASES}  - {case}\n", encoding="utf-8")
    result = shell.run("rules", "test", file)

    assert result.exit_code == 1
    assert f"mine-5: {case.split(chr(34))[1]}\n  expected {expected}\n  gave     {found}" in result.stdout
    assert result.stdout.endswith("5 cases, 1 failed.\n")
    told = json.loads(shell.run("rules", "test", file, "--json").stdout)
    assert (told["run"], [it["case"] for it in told["failed"]]) == (5, ["mine-5"])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("[1, 2]", "no list of `cases`"),
        ("cases: [{gives: 1}]", "it has no `expr`"),
        ("cases: [{expr: '1'}]", "either `gives` or `error`"),
        ("cases: [{expr: '1', gives: 1, give: 2}]", "it has give"),
        ("cases: [{expr: '1', record: {a: 1}, gives: 1}]", "the field a has no type"),
        ("types: {a: hologram}\ncases: [{expr: '1', gives: 1}]", "hologram is not a field type"),
        ("types: {a: date}\ncases: [{expr: '1', record: {a: soon}, gives: 1}]", "soon"),
        ("cases: [", "expected"),
    ],
)
def test_what_is_no_case_file_is_told_in_one_line(
    shell: Shell, tmp_path: Path, content: str, reason: str
) -> None:
    file = tmp_path / "wrong.yaml"
    file.write_text(content, encoding="utf-8")

    assert reason in shell.run("rules", "test", file).stderr


def test_the_cases_of_the_language_itself_pass(shell: Shell) -> None:
    files = sorted((ROOT / "tests/rules_dsl/cases").glob("*.yaml"))
    for file in files:
        if "now:" not in file.read_text("utf-8") and file.stem in ("logic", "numbers", "texts", "errors"):
            assert shell.does("rules", "test", file).endswith(" 0 failed.\n")

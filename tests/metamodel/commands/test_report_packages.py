"""Report packages on the command line: run over reports, checked, tested and formatted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.metamodel.commands.shell import Shell
from zhenshu.settings import Settings

PACKAGE = """\
# 结节
规则包 mine 版本 1.0
使用 general
术语 结节 种类 病变: 结节 | 小结节
测试 "见2个结节。": count.结节 = 2
"""


@pytest.fixture
def shell(tmp_path: Path) -> Shell:
    return Shell(Settings(home=tmp_path / "instance"))


@pytest.fixture
def package(tmp_path: Path) -> Path:
    path = tmp_path / "mine.rules"
    path.write_text(PACKAGE, encoding="utf-8")
    return path


@pytest.fixture
def reports(tmp_path: Path) -> Path:
    path = tmp_path / "reports.jsonl"
    lines = [
        {"id": "a", "text": "右肺见2个结节。"},
        {"id": "b", "text": ""},
        {"id": "c", "text": "未见结节。"},
    ]
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), encoding="utf-8")
    return path


def test_a_delivered_package_writes_labels(shell: Shell, reports: Path, tmp_path: Path) -> None:
    out = tmp_path / "gold.jsonl"

    shell.does("rules", "run", "imaging", reports, "--as", "gold", "--out", out)

    found = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    assert [it["id"] for it in found] == ["a", "b", "c"]
    assert found[0]["expect"]["count"] == {"结节": 2}
    assert found[1] == {"id": "b", "expect": {}}
    assert found[2]["expect"]["presence"]["结节"] == "无"


def test_values_come_with_their_places_and_the_package_that_read_them(
    shell: Shell, package: Path, reports: Path
) -> None:
    first = json.loads(shell.does("rules", "run", package, reports).splitlines()[0])

    count = next(it for it in first["values"] if it["family"] == "count")
    assert (count["key"], count["value"], count["spans"]) == ("结节", 2, [[3, 5]])
    assert (first["package"], first["version"], len(first["hash"])) == ("mine", "1.0", 64)


def test_a_package_is_checked_and_its_tests_run(shell: Shell, package: Path) -> None:
    assert "mine 1.0" in shell.does("rules", "check", package)
    assert "1 labels, 0 failed" in shell.does("rules", "test", package)

    package.write_text(PACKAGE.replace("= 2", "= 3"), encoding="utf-8")

    assert shell.run("rules", "test", package).exit_code == 1


def test_a_wrong_package_is_shown_with_its_place(shell: Shell, package: Path) -> None:
    package.write_text(PACKAGE.replace("种类", "种纇"), encoding="utf-8")

    result = shell.run("rules", "check", package, language="zh")

    assert result.exit_code == 1
    assert "第 4 行" in result.stderr or ":4:" in result.stderr
    assert "是否想写“种类”？" in result.stderr


def test_a_package_is_formatted_in_either_language(shell: Shell, package: Path) -> None:
    english = shell.does("rules", "format", package, "--lang", "en")

    assert english.splitlines()[:3] == ["# 结节", "package mine version 1.0", "uses general"]
    package.write_text(english, encoding="utf-8")
    assert shell.does("rules", "format", package, "--lang", "zh").splitlines()[1] == "规则包 mine 版本 1.0"


def test_an_unknown_package_is_refused(shell: Shell, reports: Path) -> None:
    assert "no rule package lungs; there are general, imaging" in shell.fails(
        "rules", "run", "lungs", reports
    )

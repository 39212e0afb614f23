"""The delivered packages: right, tested by their own snippets, and formatted without a change of meaning."""

from __future__ import annotations

import pytest

from rules_dsl.report import Compiled, check_package, format_package, load_package, run_tests
from rules_dsl.report.syntax import read
from tests.rules_dsl.report.conftest import PACKAGES

FILES = sorted(PACKAGES.glob("*/*.rules"))


def test_every_label_of_the_packages_own_snippets_comes_out(imaging: Compiled) -> None:
    total, wrong = run_tests(imaging)

    assert [(miss.test.text, miss.family, miss.key, miss.wanted, miss.got) for miss in wrong] == []
    assert len(imaging.package.tests) >= 300
    assert total >= 800


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_formatter_keeps_the_meaning_and_its_own_form(file, lang) -> None:
    text = file.read_text(encoding="utf-8")

    once = format_package(text, lang)

    assert format_package(once, lang) == once
    assert format_package(once, "zh") == format_package(text, "zh")
    assert [it.head for it in read(once)] == [it.head for it in read(text)]


def test_an_english_package_reads_like_a_chinese_one() -> None:
    chinese = "规则包 p 版本 1\n术语 结节 种类 病变: 结节 | 小结节\n修饰 无 方向 向后: 未见\n"
    english = (
        "package p version 1\nterm 结节 kind lesion: 结节 | 小结节\nmodifier absent direction forward: 未见\n"
    )

    first, second = (Compiled(check_package(text)).run("未见小结节。") for text in (chinese, english))

    assert first.of("presence") == second.of("presence") == {"结节": "无", "小结节": "无"}


def test_a_package_carries_its_tests(package) -> None:
    compiled = package(
        '规则包 p\n术语 结节 种类 病变: 结节\n测试 "见2个结节。": presence.结节 = 有 | count.结节 = 3\n'
    )

    total, wrong = run_tests(compiled)

    assert total == 2
    assert [(it.key, it.wanted, it.got) for it in wrong] == [("结节", 3, 2)]


def test_a_package_uses_another_and_adds_to_it(tmp_path) -> None:
    (tmp_path / "base.rules").write_text("规则包 base\n术语 结节 种类 病变: 结节\n", encoding="utf-8")
    mine = tmp_path / "mine.rules"
    mine.write_text("规则包 mine\n使用 base\n术语 结节: 瘤子\n", encoding="utf-8")

    findings = Compiled(load_package(mine)).run("见一瘤子。")

    assert findings.of("count")["结节"] == 1
    assert findings.package == "mine"

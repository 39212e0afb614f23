"""What is wrong with a package is told with its place, a caret and the nearest right word."""

from __future__ import annotations

import pytest

from rules_dsl import RuleError
from rules_dsl.report import check_package

CASES = [
    ("规则包 p\n术于 结节: 结节\n", "UnknownStatement", 2, 1, "术语"),
    ("规则包 p\n术语 结节 种纇 病变: 结节\n", "RuleSyntaxError", 2, 7, "种类"),
    ("规则包 p\n术语 结节 种类 病便: 结节\n", "UnknownWord", 2, 10, "病变"),
    ("规则包 p\n术语 结节 单位 mm: 结节\n", "UnknownOption", 2, 7, "种类"),
    ("规则包 p\n术语 结节\n", "ItemsMissing", 2, 4, ""),
    ("规则包 p\n术语 结节: 结节\n术语 肿块: 结节\n", "TwoMeanings", 3, 8, ""),
    ("规则包 p\n术语 小结节 属于 结结: 小结节\n术语 结节: 结节\n", "UnknownTerm", 2, 11, "结节"),
    ("规则包 p\n使用 general2\n", "UnknownPackage", 2, 4, ""),
    ("规则包 p\n使用 p\n", "CircularUse", 2, 4, ""),
    ("规则包 p\n部位 椎: /t(?=1)/\n", "BadPattern", 2, 9, ""),
    ("规则包 p\n部位 椎: /t*/\n", "BadPattern", 2, 7, ""),
    ('规则包 p\n术语 结节: "结节\n', "RuleSyntaxError", 2, 8, '"'),
    ('规则包 p\n术语 结节: 结节\n归纳 险: 高 当 "[结节大] > 3"\n', "UnknownField", 3, 12, "结节大小"),
    ('规则包 p\n术语 结节: 结节\n归纳 险: 高 当 "[结节大小] + 3"\n', "PackageError", 3, 12, ""),
    ('规则包 p\n术语 结节: 结节\n测试 "x": presense.结节 = 有\n', "UnknownWord", 3, 9, "presence"),
    ("术语 结节: 结节\n", "PackageError", 1, 1, "规则包"),
]


@pytest.mark.parametrize(("text", "name", "line", "column", "suggested"), CASES)
def test_an_error_points_at_its_place(text: str, name: str, line: int, column: int, suggested: str) -> None:
    with pytest.raises(RuleError) as raised:
        check_package(text)

    error = raised.value
    assert (type(error).__name__, error.line, error.column) == (name, line, column)
    assert suggested in error.suggestion_zh
    assert "^" in error.explain("zh")
    assert f"第 {line} 行" in error.explain("zh")
    assert f"line {line}" in error.explain("en")


def test_a_huge_package_is_refused() -> None:
    with pytest.raises(RuleError):
        check_package("规则包 p\n" + "# " + "x" * 2_000_001)

"""The report language: a package of terms and modifiers turns a report's text into findings with spans.

package = load_package(Path("seed_configs/report_packages/imaging"))    # or check_package(text)
compiled = Compiled(package)
findings = compiled.run("右肺上叶见一结节，大小约8mm。")
findings.of("count")    # {"结节": 1}; findings.values hold the spans, the rule and the because
"""

from __future__ import annotations

from rules_dsl.report.checker import check_package
from rules_dsl.report.engine import Compiled
from rules_dsl.report.errors import PackageError, RunawayRule
from rules_dsl.report.findings import Findings, Mention, Value
from rules_dsl.report.gold import as_gold, misses
from rules_dsl.report.layout import format_package
from rules_dsl.report.model import Package, PackageTest
from rules_dsl.report.packages import TestMiss, load_package, package_text, run_tests

__all__ = [
    "Compiled",
    "Findings",
    "Mention",
    "Package",
    "PackageError",
    "PackageTest",
    "RunawayRule",
    "TestMiss",
    "Value",
    "as_gold",
    "check_package",
    "format_package",
    "load_package",
    "misses",
    "package_text",
    "run_tests",
]

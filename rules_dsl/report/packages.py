"""Packages on disk: a folder with `*.rules` and `tests.yaml`, or one `.rules` file."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rules_dsl.report.checker import check_package
from rules_dsl.report.engine import Compiled
from rules_dsl.report.gold import as_gold, misses
from rules_dsl.report.model import Package, PackageTest


def package_text(path: Path) -> str:
    """The text of a package: of one file, or of all `.rules` files of its folder, package.rules first."""
    if path.is_file():
        return path.read_text(encoding="utf-8-sig")
    files = sorted(path.glob("*.rules"), key=lambda it: (it.stem != "package", it.name))
    if not files:
        raise FileNotFoundError(path)
    return "\n".join(file.read_text(encoding="utf-8-sig").rstrip("\n") for file in files) + "\n"


def load_package(
    path: Path, folders: Iterable[Path] = (), read_yaml: Callable[[str], Any] | None = None
) -> Package:
    """The checked package at `path`; those it uses lie beside it or in `folders`.

    With a reader of YAML the package has the snippets of its `tests.yaml`, too.

    Raises:
        RuleError: where it is wrong.
        FileNotFoundError: where there is none.
    """
    places = [path.parent, *folders]

    def find(code: str) -> str:
        for place in places:
            for candidate in (place / code, place / f"{code}.rules"):
                if candidate.exists():
                    return package_text(candidate)
        raise KeyError(code)

    package = check_package(package_text(path), find)
    if read_yaml is not None:
        package.tests += tests_of(path, read_yaml)
    return package


def tests_of(path: Path, read_yaml: Callable[[str], Any]) -> list[PackageTest]:
    """The labelled snippets beside the rules of a folder."""
    found: list[PackageTest] = []
    for file in sorted(path.glob("*tests.yaml")) if path.is_dir() else ():
        for number, case in enumerate(read_yaml(file.read_text(encoding="utf-8")) or (), 1):
            found.append(PackageTest(case["text"], case["expect"], case.get("id", f"{file.stem}-{number}")))
    return found


@dataclass(frozen=True)
class TestMiss:
    """A label of a package test that came out otherwise."""

    __test__ = False

    test: PackageTest
    family: str
    key: str
    wanted: Any
    got: Any


def run_tests(compiled: Compiled) -> tuple[int, list[TestMiss]]:
    """How many labels the tests of the package hold, and each that came out otherwise."""
    total, wrong = 0, []
    for test in compiled.package.tests:
        found = as_gold(compiled.run(test.text))
        for family, key, wanted, got, right in misses(test.expect, found):
            total += 1
            if not right:
                wrong.append(TestMiss(test, family, key, wanted, got))
    return total, wrong

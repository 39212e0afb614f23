"""Every error speaks both languages, and neither within the other."""

from __future__ import annotations

import ast
import importlib
import inspect
import pkgutil
import re
from collections.abc import Iterator
from types import ModuleType
from typing import TypeVar

import pytest

import forms
import metamodel
import modules
import rules_dsl
import zhenshu
from rules_dsl import RuleError
from tests.architecture.tree import ROOT, files
from zhenshu.errors import ZhenshuError

HAN = re.compile(r"[\u4e00-\u9fff]")
WORD = re.compile(r"[A-Za-z]{2,}")
VALUE_OR_CODE = re.compile(r"\{[^}]*\}|`[^`]*`")
NAMES = {  # of products, formats, protocols and units: the same in both languages
    *(
        "PostgreSQL",
        "SQLite",
        "Debian",
        "Excel",
        "REDCap",
        "CSV",
        "XML",
        "YAML",
        "JSON",
        "DOCTYPE",
        "HTTP",
        "Node.js",
    ),
    *("UTF", "GB", "MB", "CSRF", "X-CSRF-Token", "postgresql-client"),
}
E = TypeVar("E", ZhenshuError, RuleError)
Error = type[ZhenshuError] | type[RuleError]
PROSE = {
    "reason",
    "why",
    "act",
    "state",
    "action",
    "suggestion",
    "summary",
    "first",
}  # English, each has a `_zh`


def _modules_of(package: ModuleType) -> Iterator[str]:
    for module in pkgutil.walk_packages(package.__path__, f"{package.__name__}."):
        if ".migrations." not in module.name:  # Alembic alone can import its scripts
            yield module.name


def _kinds_of(root: type[E]) -> Iterator[type[E]]:
    yield root
    for kind in root.__subclasses__():
        yield from _kinds_of(kind)


def _all_errors() -> list[Error]:
    for package in (zhenshu, rules_dsl, metamodel, forms, modules):
        for name in _modules_of(package):
            importlib.import_module(name)
    found: set[Error] = {*_kinds_of(ZhenshuError), *_kinds_of(RuleError)}
    ours = [kind for kind in found if not kind.__module__.startswith("tests")]
    return sorted(ours, key=lambda kind: (kind.__module__, kind.__qualname__))


ERRORS = _all_errors()


def _english(error: Error) -> str:
    return inspect.cleandoc(vars(error).get("__doc__") or "")


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__qualname__)
def test_each_error_has_a_message_of_its_own_in_both_languages(error: Error) -> None:
    assert _english(error), "its docstring is its English message"
    assert not HAN.search(_english(error))
    told = VALUE_OR_CODE.sub("", vars(error).get("zh", ""))
    assert HAN.search(told) or told == "。", "`zh` is its Chinese message"
    for name in sorted(NAMES, key=len, reverse=True):
        told = told.replace(name, "")
    assert WORD.findall(told) == []


@pytest.mark.parametrize("error", ERRORS, ids=lambda error: error.__qualname__)
def test_words_put_into_a_chinese_message_are_chinese(error: Error) -> None:
    assert set(re.findall(r"\{(\w+)", error.zh)) & PROSE == set()


def test_who_gives_a_reason_gives_it_in_both_languages() -> None:
    names = {error.__name__ for error in ERRORS}
    one_sided = []
    for path in (
        path for room in ("platform", "metamodel", "forms", "modules") for path in files(room, ".py")
    ):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                given = {keyword.arg for keyword in node.keywords}
                if ("reason" in given) != ("reason_zh" in given):
                    one_sided.append(f"{path.relative_to(ROOT)}:{node.lineno}")
    assert one_sided == []

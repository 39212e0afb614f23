"""The page of security controls has every clause, says what is missing, and names tests that exist."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = ROOT / "docs" / "reference" / "security-controls.md"
CLAUSES = (  # GB/T 22239-2019, level three: what an application answers for
    "8.1.4.1.a",
    "8.1.4.1.b",
    "8.1.4.1.c",
    "8.1.4.1.d",
    "8.1.4.2.a-c",
    "8.1.4.2.d",
    "8.1.4.2.e-f",
    "8.1.4.2.g",
    "8.1.4.3.a",
    "8.1.4.3.b",
    "8.1.4.3.c",
    "8.1.4.3.d",
    "8.1.4.4",
    "8.1.4.7",
    "8.1.4.8",
    "8.1.4.9",
    "8.1.4.10",
    "8.1.4.11",
)
PARTS = ("**Requirement.**", "**Implemented.**", "**Partial or missing.**", "**Tests**")


@cache
def sections() -> dict[str, str]:
    """The text below each heading, by clause, in the order of the page."""
    _, *rest = re.split(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)
    return {clause: text for clause, _, text in (part.partition("\n") for part in rest)}


def named(text: str) -> list[tuple[str, str]]:
    """The files and names of the tests in a text."""
    return re.findall(r"^- `(tests/\S+\.py)::(\w+)`$", text, flags=re.MULTILINE)


@cache
def declared(path: str) -> frozenset[str]:
    """The names of the test functions in a file, which is read and not run; none if there is no file."""
    file = ROOT / path
    tree = ast.parse(file.read_text("utf-8") if file.is_file() else "")
    return frozenset(
        node.name
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    )


def test_every_clause_is_there_once_and_in_order() -> None:
    assert tuple(sections()) == CLAUSES
    assert len(re.findall(r"^## ", PAGE.read_text("utf-8"), flags=re.MULTILINE)) == len(CLAUSES)


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_clause_tells_what_it_asks_what_answers_and_what_is_missing(clause: str) -> None:
    text = sections()[clause]
    assert [part for part in PARTS if text.count(part) != 1] == []


@pytest.mark.parametrize("clause", CLAUSES)
def test_a_clause_names_tests_that_exist(clause: str) -> None:
    tests = named(sections()[clause])
    assert tests and len(tests) == sections()[clause].count("::")  # none is written so that it goes unread
    assert [f"{file}::{name}" for file, name in tests if name not in declared(file)] == []

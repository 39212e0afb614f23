"""The house stands as designed: folders, sizes of files, and what the rule languages may import."""

import ast
import platform
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.tree import ROOT, files

LONGEST_FILE = 600  # lines
RULES_MAY_IMPORT = {"ahocorasick", "lark", "medspacy", "re2", "rules_dsl", "spacy", "sqlalchemy"}


def test_the_ground_folder_does_not_shadow_pythons_own_platform() -> None:
    assert not (ROOT / "platform" / "__init__.py").exists()
    assert platform.python_version().startswith("3.")


def test_no_file_is_longer_than_its_reader_can_hold() -> None:
    sources = files(".", ".py", ".ts", ".vue", ".js", ".lark")
    lengths = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in sources}
    assert lengths
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_every_python_file_says_what_lives_there() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in files(".", ".py")
        if ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) is None
    ]
    assert silent == []


def imports(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            yield node.module


@pytest.mark.parametrize(
    "path", list(files("rules_dsl", ".py")), ids=lambda path: str(path.relative_to(ROOT))
)
def test_rule_languages_need_little(path: Path) -> None:
    allowed = RULES_MAY_IMPORT | sys.stdlib_module_names
    assert {name for name in imports(path) if name.split(".")[0] not in allowed} == set()
    assert not any(name.startswith("sqlalchemy.orm") for name in imports(path)), "Core only"

"""Files of rules: texts, in which blank lines and `#` lines part one rule from the next, and case files."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import yaml

from rules_dsl import Context, Language, RuleError
from rules_dsl.cases import Case, read_cases

FILE = click.Path(exists=True, allow_dash=True, path_type=Path)


@dataclass(frozen=True)
class WrittenRule:
    """A rule of a text file and the line on which it begins, from 1."""

    text: str
    line: int


def read_text(path: Path) -> str:
    """The text of a file; of standard input for `-`."""
    content = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise click.ClickException(f"{path}: not UTF-8: {error}") from None


def rules_in(text: str) -> Iterator[WrittenRule]:
    """The rules of a text file in their order."""
    for line, block in _blocks(text):
        if block.strip() and not block.startswith("#"):
            yield WrittenRule(block.rstrip("\n"), line)


def with_rules(text: str, change: Callable[[WrittenRule], str]) -> str:
    """The text of a file with each rule changed, all around them kept."""
    parts = []
    for line, block in _blocks(text):
        if block.strip() and not block.startswith("#"):
            written = WrittenRule(block.rstrip("\n"), line)
            block = change(written) + block[len(written.text) :]
        parts.append(block)
    return "".join(parts)


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Runs of lines that belong to one rule; comments and blank lines stand alone."""
    first, gathered = 1, ""
    for number, line in enumerate(text.splitlines(keepends=True), start=1):
        if line.strip() and not line.startswith("#"):
            first = first if gathered else number
            gathered += line
            continue
        if gathered:
            yield first, gathered
            gathered = ""
        yield number, line
    if gathered:
        yield first, gathered


def cases_in(path: Path, usual: Context) -> list[Case]:
    """The cases of a YAML file.

    Raises:
        BadCase: when it is no case file.
    """
    try:
        content = yaml.safe_load(read_text(path))
    except yaml.YAMLError as error:
        raise click.ClickException(f"{path}: {' '.join(str(error).split())}") from None
    return read_cases(content, path.stem, usual)


def located(error: RuleError, path: Path, first: int, language: Language) -> str:
    """The error at its place in the file: `rules.txt:3:8: message`, caret and suggestion."""
    hint = error.suggestion_zh if language == "zh" else error.suggestion
    place = f"{path}:{first + error.line - 1}:{error.column}"
    return "\n".join(part for part in (f"{place}: {error.message(language)}", error.caret(), hint) if part)


def error_json(error: RuleError, first: int = 1) -> dict[str, Any]:
    """An error for scripts, its place counted in the file."""
    return {
        "error": type(error).__name__,
        "line": first + error.line - 1,
        "column": error.column,
        "length": max(error.span[1] - error.span[0], 0),
        "message": {"zh": error.message("zh"), "en": error.message("en")},
        "suggestion": {"zh": error.suggestion_zh, "en": error.suggestion},
        "caret": error.caret(),
    }

"""What can be wrong with a definition, each with its place and, where one is near, a suggestion."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from zhenshu.errors import ZhenshuError

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing wrong. `path` is a JSON Pointer (RFC 6901) into the document; `code` is stable.

    A warning does not keep a definition from being published.
    """

    path: str
    code: str
    zh: str
    en: str
    suggestion: str = ""
    severity: str = "error"  # error | warning

    def to_json(self) -> dict[str, str]:
        return {
            "path": self.path,
            "code": self.code,
            "zh": self.zh,
            "en": self.en,
            "suggestion": self.suggestion,
            "severity": self.severity,
        }


def problem(
    path: Path, code: str, zh: str, en: str, suggestion: str = "", severity: str = "error"
) -> Problem:
    """A problem at `path`, given as keys and indexes."""
    return Problem(pointer(path), code, zh, en, suggestion, severity)


def pointer(path: Path) -> str:
    """The JSON Pointer of keys and indexes: ("value_sets", "a/b") is "/value_sets/a~1b"."""
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in path)


def errors_of(problems: Iterable[Problem]) -> list[Problem]:
    """Those that keep a definition from being published."""
    return [item for item in problems if item.severity == "error"]


def nearest(word: str, known: Iterable[str]) -> str:
    """The known word most like `word`, or ""."""
    return next(iter(get_close_matches(word, list(known), 1)), "")


class DefinitionInvalid(ZhenshuError):
    """The definition {code} has {count} problems, first: {first} Nothing was changed; correct them."""

    status = 422
    zh = "定义 {code} 有 {count} 个问题，首先是：{first_zh}未作任何修改，请更正。"

    def __init__(self, code: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        first = problems[0]
        shown = f"{first.en} ({first.path})."
        super().__init__(
            code=code, count=len(problems), first=shown, first_zh=f"{first.zh}（{first.path}）。"
        )

    def details(self) -> dict[str, Any]:
        return {"problems": [item.to_json() for item in self.problems]}

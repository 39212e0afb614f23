"""Whether a document can be stored as JSON at all, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, Final

from metamodel.definitions.problems import Path, Problem, problem

DEEPEST: Final = 60  # no sound document is half as deep; recursion over it stays small


def storage_problems(document: Any) -> list[Problem]:
    """Values that JSON or a database can't hold: NUL, half surrogate pairs, NaN, dates, endless nesting."""
    return [] if _is_plain(document) else list(_unstorable(document))


def _is_plain(document: Any) -> bool:
    """The quick answer for what is all right; it may doubt what is, too."""
    try:
        text = json.dumps(document, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (TypeError, ValueError, RecursionError):  # UnicodeEncodeError is a ValueError
        return False
    return "\\u0000" not in text and _depth(document) <= DEEPEST


def _depth(part: Any, deepest: int = DEEPEST) -> int:
    """How deep `part` is nested; counting stops beyond `deepest`."""
    level, parts = 0, [part]
    while parts and level <= deepest:
        parts = [item for above in parts for item in _items(above)]
        level += 1
    return level


def _items(part: Any) -> list[Any]:
    if isinstance(part, dict):
        return list(part.values())
    return part if isinstance(part, list) else []


def _unstorable(document: Any) -> Iterator[Problem]:
    waiting: list[tuple[Path, Any]] = [((), document)]
    while waiting:
        path, part = waiting.pop()
        if len(path) > DEEPEST:
            yield problem(path, "too_deep", "嵌套过深", "this is nested too deeply")
            return
        if isinstance(part, dict):
            yield from (_bad_key(path, key) for key in part if not isinstance(key, str) or not _is_text(key))
            waiting += [((*path, key), item) for key, item in part.items()]
        elif isinstance(part, list):
            waiting += [((*path, index), item) for index, item in enumerate(part)]
        elif not _is_scalar(part):
            zh, en = "含有无法存储的字符或值", "this holds a character or value that can't be stored"
            yield problem(path, "not_storable", zh, en)


def _bad_key(path: Path, key: Any) -> Problem:
    shown = ascii(key)[:60]
    return problem(path, "not_storable", f"键 {shown} 无法存储", f"the key {shown} can't be stored")


def _is_scalar(value: Any) -> bool:
    if isinstance(value, str):
        return _is_text(value)
    try:
        json.dumps(value, allow_nan=False)
    except (TypeError, ValueError):
        return False
    return True


def _is_text(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return "\0" not in text

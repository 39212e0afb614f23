"""Whether a document can be stored as JSON at all, on both databases."""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isfinite
from typing import Any, Final

import orjson

from metamodel.definitions.problems import Path, Problem, problem

DEEPEST: Final = 60  # no sound document is half as deep; recursion over it stays small


def storage_problems(document: Any) -> list[Problem]:
    """Values that JSON or a database can't hold: NUL, half surrogate pairs, NaN, dates, endless nesting."""
    return [] if _is_plain(document) else list(_unstorable(document))


def compact(value: Any) -> bytes:
    """The JSON of a value that can be stored.

    Raises:
        TypeError: for what JSON can't hold; but NaN and infinity become null.
    """
    try:
        return orjson.dumps(value, option=orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS)
    except TypeError:  # also for integers beyond 64 bits, which JSON can hold
        return json.dumps(value, ensure_ascii=False).encode()


def _is_plain(document: Any) -> bool:
    """The quick answer for what is all right; it may doubt what is, too."""
    try:
        text = compact(document)
    except (TypeError, ValueError, RecursionError):  # UnicodeEncodeError is a ValueError
        return False
    return b"\\u0000" not in text and _is_shallow(document)


def _is_shallow(part: Any) -> bool:
    """Whether `part` is not nested too deeply, and its numbers are finite."""
    level, parts = 0, [part]
    while parts and level <= DEEPEST:
        within: list[Any] = []
        for above in parts:
            kind = type(above)
            if kind is dict:
                within += above.values()
            elif kind is list:
                within += above
            elif kind is float:
                if not isfinite(above):
                    return False
            elif kind is not str and kind is not int and kind is not bool and above is not None:
                return False
        parts, level = within, level + 1
    return not parts


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

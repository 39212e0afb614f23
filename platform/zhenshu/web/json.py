"""JSON in and out: strict in what it reads, exact in what it writes."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from flask import Response

MAX_DEPTH = 64
EXACT_DIGITS = 15  # decimal digits that every IEEE double keeps

# Escapes that may decode to what no database stores: NUL, half a surrogate pair.
_SUSPICIOUS = re.compile(r"\\u(0000|[dD][89a-fA-F])")


class BadJson(ValueError):
    """The text is no JSON that is accepted here; `zh` says why in Chinese."""

    def __init__(self, en: str, zh: str) -> None:
        super().__init__(en)
        self.zh = zh


def read_json(raw: bytes) -> Any:
    """Decode UTF-8 JSON.

    Raises:
        BadJson: for broken UTF-8 or JSON, NaN or infinity, a key given twice, more than MAX_DEPTH levels,
            or a string with a NUL or half a surrogate pair.
    """
    try:
        text = raw.decode()
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise BadJson("it is not UTF-8", "不是 UTF-8 编码") from error
    except RecursionError as error:
        raise _too_deep() from error
    except json.JSONDecodeError as error:
        place = (error.lineno, error.colno)
        en, zh = "no JSON at line {}, column {}", "第 {} 行第 {} 列不是有效的 JSON"
        raise BadJson(en.format(*place), zh.format(*place)) from error
    except BadJson:
        raise
    except ValueError as error:  # an integer of thousands of digits
        raise BadJson("a number is too long", "数字过长") from error
    _check_depth(value)
    if "\\u" in text and _SUSPICIOUS.search(text):
        _check_texts(value)
    return value


def check_text(text: str) -> None:
    """
    Raises:
        BadJson: when `text` holds what PostgreSQL can't store.
    """
    if "\0" in text:
        raise BadJson("a text contains a NUL character", "文本含有空字符（NUL）")
    try:
        text.encode()
    except UnicodeEncodeError as error:
        raise BadJson("a text contains half a surrogate pair", "文本含有不完整的代理对字符") from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    result = dict(pairs)
    if len(result) != len(pairs):
        raise BadJson("an object has the same key twice", "对象中有重复的键")
    return result


def _no_constant(name: str) -> Any:
    raise BadJson(f"{name} is no JSON number", f"{name} 不是有效的 JSON 数字")


def _finite(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise BadJson("a number is too large", "数字过大")
    return number


def _too_deep() -> BadJson:
    return BadJson(f"it is nested more than {MAX_DEPTH} levels deep", f"嵌套超过 {MAX_DEPTH} 层")


def _check_depth(value: Any) -> None:
    level = [value] if isinstance(value, (dict, list)) else []
    for _ in range(MAX_DEPTH):
        if not level:
            return
        level = [child for parent in level for child in _children(parent) if isinstance(child, (dict, list))]
    raise _too_deep()


def _check_texts(value: Any) -> None:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, (dict, list)):
            pending.extend(_children(item))
            pending.extend(item if isinstance(item, dict) else ())
        elif isinstance(item, str):
            check_text(item)


def _children(container: Any) -> Iterable[Any]:
    return container.values() if isinstance(container, dict) else container


def write_json(value: Any) -> str:
    """Compact JSON with Chinese text as it is. A decimal is a number up to 15 digits, else a string."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False, default=_plain)


def json_response(value: Any, status: int = 200) -> Response:
    return Response(write_json(value), status, mimetype="application/json")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value) if len(value.as_tuple().digits) <= EXACT_DIGITS else str(value)
    if isinstance(value, (datetime, date, time)):
        return value.isoformat()
    if isinstance(value, (set, frozenset, tuple)):
        return sorted(value)
    raise TypeError(f"{type(value).__name__} is no JSON")

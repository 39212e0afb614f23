"""The tree as JSON, version 1: what is stored, and what the browser interprets."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any, Final

from rules_dsl import literals
from rules_dsl.durations import UNITS, is_too_long
from rules_dsl.errors import BadTree
from rules_dsl.limits import MAX_DEPTH, MAX_NODES
from rules_dsl.nodes import (
    Between,
    Binary,
    Call,
    Duration,
    Field,
    In,
    IsMissing,
    Literal,
    LiteralValue,
    Logic,
    Node,
    Unary,
    fold,
)

VERSION: Final = 1
Json = dict[str, Any]

_BINARY: Final = frozenset(
    {"+", "-", "*", "/", "^", "=", "<>", "<", "<=", ">", ">=", "contains", "starts with", "matches", "has"}
)


def node_to_json(node: Node) -> Json:
    """`node` as plain JSON; numbers are strings, so that no digit is lost."""
    return fold(node, _to_json)


def _to_json(node: Node, below: list[Json]) -> Json:
    match node:
        case Literal():
            return _literal_to_json(node)
        case Duration(count=count, unit=unit):
            return {"n": "duration", "count": count, "unit": unit}
        case Field(path=path):
            return {"n": "field", "path": path}
        case Unary(op=op):
            return {"n": "unary", "op": op, "item": below[0]}
        case Binary(op=op):
            return {"n": "binary", "op": op, "left": below[0], "right": below[1]}
        case Logic(op=op):
            return {"n": "logic", "op": op, "items": below}
        case In():
            return {"n": "in", "item": below[0], "options": below[1:]}
        case Between():
            return {"n": "between", "item": below[0], "low": below[1], "high": below[2]}
        case IsMissing():
            return {"n": "is missing", "item": below[0]}
        case Call(name=name):
            return {"n": "call", "name": name, "args": below}
        case _:
            raise TypeError(f"no JSON form for {type(node).__name__}")


def _literal_to_json(node: Literal) -> Json:
    value = node.value
    if isinstance(value, Decimal):
        return {"n": "number", "value": literals.write_number(value)}
    if isinstance(value, date | time):
        return {"n": node.kind, "value": value.isoformat()}
    return {"n": "missing"} if value is None else {"n": node.kind, "value": value}


def node_from_json(obj: object) -> Node:
    """The node that `obj` describes.

    Raises:
        BadTree: when `obj` is no tree of this version, or passes the limits.
    """
    return _Reader().read(obj, 1)


class _Reader:
    """Reads one tree, counting its parts."""

    def __init__(self) -> None:
        self._parts = 0

    def read(self, obj: object, depth: int) -> Node:
        self._parts += 1
        if depth > MAX_DEPTH or self._parts > MAX_NODES:
            raise BadTree(problem="it is too large", problem_zh="过大")
        if not isinstance(obj, Mapping):
            raise _wrong(obj)

        def below(key: str) -> Node:
            return self.read(obj.get(key), depth + 1)

        def several(key: str, least: int) -> tuple[Node, ...]:
            items = obj.get(key)
            if isinstance(items, str) or not isinstance(items, Sequence) or len(items) < least:
                raise _wrong(obj)
            return tuple(self.read(item, depth + 1) for item in items)

        kind = obj.get("n")
        match kind:
            case "duration":
                return _duration(obj)
            case "field":
                return Field(_string(obj, "path"))
            case "unary":
                return Unary(_one_of(obj, frozenset({"-", "not"})), below("item"))
            case "binary":
                return Binary(_one_of(obj, _BINARY), below("left"), below("right"))
            case "logic":
                return Logic(_one_of(obj, frozenset({"and", "or"})), several("items", 2))
            case "in":
                return In(below("item"), several("options", 1))
            case "between":
                return Between(below("item"), below("low"), below("high"))
            case "is missing":
                return IsMissing(below("item"))
            case "call":
                return Call(_string(obj, "name"), several("args", 0))
            case _:
                return _literal(obj)


def _duration(obj: Mapping[str, Any]) -> Duration:
    count, unit = obj.get("count"), obj.get("unit")
    if not isinstance(count, int) or isinstance(count, bool) or count < 0:
        raise _wrong(obj)
    if unit not in UNITS or is_too_long(count, str(unit)):
        raise _wrong(obj)
    return Duration(count, str(unit))


_READERS: Final[dict[str, Callable[[str], LiteralValue]]] = {
    "number": literals.read_number,
    "date": date.fromisoformat,
    "datetime": datetime.fromisoformat,
    "time": time.fromisoformat,
    "text": str,
}


def _literal(obj: Mapping[str, Any]) -> Literal:
    kind, value = obj.get("n"), obj.get("value")
    if kind == "missing":
        return Literal("missing", None)
    if kind == "boolean" and isinstance(value, bool):
        return Literal("boolean", value)
    if not isinstance(kind, str) or kind not in _READERS or not isinstance(value, str):
        raise _wrong(obj)
    try:
        read = _READERS[kind](value)
    except (ValueError, InvalidOperation):
        raise _wrong(obj) from None
    if read is None:
        raise _wrong(obj)
    return Literal(kind, read)


def _string(obj: Mapping[str, Any], key: str) -> str:
    value = obj.get(key)
    if not isinstance(value, str):
        raise _wrong(obj)
    return value


def _one_of(obj: Mapping[str, Any], allowed: frozenset[str]) -> str:
    op = _string(obj, "op")
    if op not in allowed:
        raise _wrong(obj)
    return op


def _wrong(obj: object) -> BadTree:
    shown = repr(obj)[:80]
    return BadTree(problem=f"{shown} is no part of a rule", problem_zh=f"{shown} 不是规则的组成部分")

"""A rule of ours as REDCap logic, where REDCap can say the same."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time

from metamodel.exchange.report import Text, both
from rules_dsl import RuleError, parse
from rules_dsl.nodes import Between, Binary, Call, Field, In, IsMissing, Literal, Logic, Node, Unary

_FUNCTIONS = {"if": "if", "round": "round", "abs": "abs", "sqrt": "sqrt", "min": "min", "max": "max",
              "sum": "sum", "mean": "mean", "ln": "log"}  # fmt: skip
_UNITS = {"y", "M", "d", "h", "m", "s"}


class _NotInRedcap(Exception):
    """What REDCap's logic has no word for."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.reason = both(zh, en)


def redcap_text(rule: str, types: Mapping[str, str]) -> tuple[str, Text | None]:
    """The logic, or "" and the reason why REDCap can't say it. `types` gives field types by code."""
    try:
        return _Emitter(types).text(parse(rule).root), None
    except _NotInRedcap as error:
        return "", error.reason
    except RuleError as error:
        return "", both(error.message("zh"), error.message("en"))


class _Emitter:
    def __init__(self, types: Mapping[str, str]) -> None:
        self._types = types

    def text(self, node: Node) -> str:
        match node:
            case Literal():
                return _literal(node)
            case Field(path=path):
                return self._field(path)
            case Unary(op="-", item=item):
                return f"-({self.text(item)})"
            case Logic(op=op, items=items):
                return f" {op} ".join(f"({self.text(item)})" for item in items)
            case Binary():
                return self._binary(node)
            case In(item=item, options=options):
                return " or ".join(f"({self.text(item)} = {self.text(option)})" for option in options)
            case Between(item=item, low=low, high=high):
                return f"({self.text(item)} >= {self.text(low)}) and ({self.text(item)} <= {self.text(high)})"
            case IsMissing(item=item):
                return f'{self.text(item)} = ""'
            case Unary(op="not", item=IsMissing(item=item)):
                return f'{self.text(item)} <> ""'
            case Call():
                return self._call(node)
        raise _NotInRedcap("含有 REDCap 没有的运算", "it uses something that REDCap's logic has no word for")

    def _field(self, path: str) -> str:
        if "." in path or path not in self._types:
            raise _NotInRedcap(f"跨记录类型引用 {path}", f"it refers to {path} in another record type")
        return f"[{path}]"

    def _binary(self, node: Binary) -> str:
        left, right = node.left, node.right
        if node.op == "has" and isinstance(left, Field) and isinstance(right, Literal):
            return f"{self._field(left.path)[:-1]}({right.value})] = '1'"
        if (
            node.op in {"=", "<>"}
            and isinstance(left, Field)
            and isinstance(right, Literal)
            and right.kind == "boolean"
        ):
            return f"{self._field(left.path)} {node.op} '{int(bool(right.value))}'"
        if node.op in {"=", "<>", "<", "<=", ">", ">=", "+", "-", "*", "/"}:
            return (
                f"({self.text(left)}) {node.op} ({self.text(right)})"
                if not _plain(left, right)
                else (f"{self.text(left)} {node.op} {self.text(right)}")
            )
        if node.op == "^":
            return f"({self.text(left)})^({self.text(right)})"
        raise _NotInRedcap(f"REDCap 没有运算 {node.op}", f"REDCap has no “{node.op}”")

    def _call(self, node: Call) -> str:
        if node.name == "today" and not node.args:
            return '"today"'
        if node.name == "datediff" and isinstance(node.args[2], Literal) and node.args[2].value in _UNITS:
            start, end = self.text(node.args[0]), self.text(node.args[1])
            return f'datediff({start}, {end}, "{node.args[2].value}", true)'
        if node.name not in _FUNCTIONS:
            raise _NotInRedcap(f"REDCap 没有函数 {node.name}", f"REDCap has no function {node.name}")
        arguments = ", ".join(self.text(item) for item in node.args)
        return f"{_FUNCTIONS[node.name]}({arguments})"


def _plain(*nodes: Node) -> bool:
    return all(isinstance(node, Literal | Field | Call) for node in nodes)


def _literal(node: Literal) -> str:
    value = node.value
    if value is None:
        return '""'
    if isinstance(value, bool):
        return f"'{int(value)}'"
    if isinstance(value, datetime):
        return f"'{value:%Y-%m-%d %H:%M:%S}'"
    if isinstance(value, date | time):
        return f"'{value.isoformat()}'"
    if isinstance(value, str):
        if "'" in value and '"' in value:
            raise _NotInRedcap("文本同时含单双引号", "a text holds both kinds of quotes")
        return f'"{value}"' if "'" in value else f"'{value}'"
    return format(value, "f")

"""The checked rule as JSON, version 1: what the browser runs.

    {"version": 1, "type": "boolean", "reads": ["age", "lesion", "lesion.size"], "body": {"k": ...}}

`reads` are the paths that a rule's value depends on, from the rule's own record: a field, or related records
and what is read of each. `body` is one node, and each node is a kind `k` with its parts:

    constant t v            field t path out          reason path out        moment name
    double item             midnight item             written item           negative item
    shifted item months seconds                       arithmetic op left right
    exactly of op left right                          nearly op left right
    one_of item values      text_test op item part    matches item pattern   holds item code
    combined op items       not item                  absent item
    conditional condition then otherwise              first_present items
    apply name arguments literals                     of_values kind items
    of_records kind path out body by

`t` is the type of a value; `out` counts the records to leave outward, 0 for the innermost. `of` is `number`,
`text` or `value` (all else). A node has `s`, its start and end in the rule, where it was written there.

Numbers of up to 15 significant digits are JSON numbers, longer ones strings; dates and times are ISO 8601
(`2026-03-05`, `2026-03-05T14:20:00`, `14:20:00`); a missing value is null. Patterns: see `pattern_tree`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields
from datetime import date, time
from decimal import Decimal
from typing import Any, Final

from rules_dsl.checker import analyse
from rules_dsl.errors import BrowserCannotRun
from rules_dsl.literals import plain_digits
from rules_dsl.pattern_tree import pattern_tree
from rules_dsl.patterns import Pattern
from rules_dsl.tree import Tree
from rules_dsl.typed import (
    Absent,
    Apply,
    Arithmetic,
    Combined,
    Conditional,
    Constant,
    Double,
    Exactly,
    FirstPresent,
    Holds,
    Matches,
    Midnight,
    Moment,
    Nearly,
    Negative,
    Not,
    OfRecords,
    OfValues,
    OneOf,
    Reason,
    Reference,
    Shifted,
    TextTest,
    Typed,
    Written,
)
from rules_dsl.types import NUMERIC, TEXTUAL, FieldTypes, RuleType, TypeResolver
from rules_dsl.values import Missing

PROGRAM_VERSION: Final = 1
EXACT_DIGITS: Final = 15

Json = dict[str, Any]

KINDS: Final[dict[type[Typed], str]] = {
    Constant: "constant",
    Reference: "field",
    Reason: "reason",
    Moment: "moment",
    Double: "double",
    Midnight: "midnight",
    Shifted: "shifted",
    Written: "written",
    Negative: "negative",
    Arithmetic: "arithmetic",
    Exactly: "exactly",
    Nearly: "nearly",
    OneOf: "one_of",
    TextTest: "text_test",
    Matches: "matches",
    Holds: "holds",
    Combined: "combined",
    Not: "not",
    Absent: "absent",
    Conditional: "conditional",
    FirstPresent: "first_present",
    Apply: "apply",
    OfValues: "of_values",
    OfRecords: "of_records",
}
_OF_TYPED: Final = frozenset(each.name for each in fields(Typed))


def compile_browser(tree: Tree, types: FieldTypes | TypeResolver) -> Json:
    """The program of `tree` for fields of these `types`.

    Raises:
        RuleTypeError: when the rule does not fit the types.
        BrowserCannotRun: when it calls a function that only the server runs.
    """
    return program(analyse(tree, types), tree.text)


def program(typed: Typed, text: str = "") -> Json:
    """The program of a checked rule; `text` is the rule as written, for the place of an error.

    Raises:
        BrowserCannotRun: when it calls a function that only the server runs.
    """
    writer = _Writer(text)
    body = writer.node(typed)
    return {
        "version": PROGRAM_VERSION,
        "type": typed.type.value,
        "reads": sorted(writer.reads),
        "body": body,
    }


class _Writer:
    """Writes one program and gathers what it reads; `_around` are the records that a node is among."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._around = [""]
        self.reads: set[str] = set()

    def node(self, node: Typed) -> Json:
        place = {} if node.span is None else {"s": list(node.span)}
        return {"k": KINDS[type(node)], **self._parts(node), **place}

    def _parts(self, node: Typed) -> Json:
        match node:
            case Constant(value=value):
                return {"t": node.type.value, "v": as_json(value)}
            case Reference(path=path, outward=outward):
                return {"t": node.type.value, **self._read(path, outward)}
            case Reason(path=path, outward=outward):
                return self._read(path, outward)
            case Exactly(left=left):
                return {"of": _kind_of_values(left.type), **self._own(node)}
            case Apply(function=function, arguments=arguments, literals=literals):
                if not function.browser:
                    raise self._refused(node)
                return {"name": function.name, "arguments": self._written(arguments), "literals": [*literals]}
            case OfRecords():
                return self._of_records(node)
            case _:
                return self._own(node)

    def _own(self, node: Typed) -> Json:
        """Every part of a node under its own name."""
        return {
            each.name: self._written(getattr(node, each.name))
            for each in fields(node)
            if each.name not in _OF_TYPED
        }

    def _written(self, part: Any) -> Any:
        if isinstance(part, Typed):
            return self.node(part)
        if isinstance(part, Pattern):
            return pattern_tree(part)
        if isinstance(part, Sequence) and not isinstance(part, str):
            return [self._written(item) for item in part]
        return as_json(part)

    def _read(self, path: str, outward: int) -> Json:
        self.reads.add(self._around[-1 - outward] + path)
        return {"path": path, "out": outward}

    def _of_records(self, node: OfRecords) -> Json:
        where = self._read(node.path, node.outward)
        self._around.append(f"{self._around[-1 - node.outward]}{node.path}.")
        inner = {"body": self._written(node.body), "by": self._written(node.by)}
        self._around.pop()
        return {"kind": node.kind, **where, **inner}

    def _refused(self, node: Apply) -> BrowserCannotRun:
        function = node.function
        return BrowserCannotRun(
            self._text,
            node.span or (0, 0),
            "Let the server calculate it, and use its result here.",
            "请由服务器计算，在此使用其结果。",
            reason=f"{function.name} runs on the server only",
            reason_zh=f"函数 {function.zh} 仅在服务器上运行",
        )


def _kind_of_values(compared: RuleType) -> str:
    if compared in NUMERIC:
        return "number"
    return "text" if compared in TEXTUAL else "value"


def as_json(value: Any) -> Any:
    """A value of the language as programs and the browser's records write it."""
    if isinstance(value, Missing):
        return {"missing": value.code}
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    return _number(value)


def _number(value: int | Decimal) -> int | float | str:
    digits = "".join(map(str, Decimal(value).as_tuple().digits)).strip("0")
    if len(digits) > EXACT_DIGITS:
        return plain_digits(value)
    return value if isinstance(value, int) else float(value)


__all__ = ["KINDS", "PROGRAM_VERSION", "as_json", "compile_browser", "program"]

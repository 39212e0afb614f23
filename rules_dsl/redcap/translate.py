"""REDCap logic to a rule of ours: read by its own grammar, every part translated as soon as it is read."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Final

from lark import Lark, Token
from lark.exceptions import UnexpectedInput, VisitError
from lark.visitors import Transformer_NonRecursive

from rules_dsl.errors import NotTranslatable
from rules_dsl.limits import MAX_DEPTH, check_text, too_deep
from rules_dsl.nodes import Binary, Field, Literal, Logic, Node, Unary
from rules_dsl.redcap.comparisons import compared
from rules_dsl.redcap.functions import called
from rules_dsl.redcap.lookup import RedcapLookup
from rules_dsl.redcap.parts import Part, as_condition, as_number, condition, number, text
from rules_dsl.syntax_errors import explain
from rules_dsl.tree import Tree, from_node
from rules_dsl.types import RuleType
from rules_dsl.words import canonical_operator

GRAMMAR: Final = Path(__file__).with_name("grammar.lark")
_VARIABLE: Final = re.compile(r"(?P<name>[A-Za-z_][A-Za-z0-9_]*)(\((?P<code>[^()]*)\))?(:(?P<modifier>.+))?")


def translate_redcap(logic: str, lookup: RedcapLookup) -> Tree:
    """REDCap's branching logic or calculation `logic` as a rule of ours.

    REDCap's blanks keep their meaning: `= ''` becomes `is missing`, `<>` becomes missing or different. Codes
    of choices become text, texts used as numbers `number(...)`.

    Raises:
        RuleSyntaxError: when it is no REDCap logic.
        NotTranslatable: when it has no counterpart; `reason` says why.
        RuleTooLarge: when it passes the limits.
    """
    check_text(logic)
    try:
        part: Part = _Translator(logic, lookup).transform(_lark().parse(logic))
    except UnexpectedInput as error:
        raise explain(logic, error) from None
    except VisitError as error:
        raise _placed(error.orig_exc, logic) from None
    if part.checkbox is not None:
        return from_node(as_condition(part))
    return from_node(part.node)


def _placed(error: Exception, logic: str) -> Exception:
    """A refusal from deep below, with the logic that it is about."""
    if isinstance(error, NotTranslatable) and not error.text:
        return NotTranslatable(error.reason, error.reason_zh, logic, (0, len(logic)))
    return error


@cache
def _lark() -> Lark:
    return Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer="basic", maybe_placeholders=True)


class _Translator(Transformer_NonRecursive[Token, Any]):
    """One callback per rule of REDCap's grammar, each giving a `Part`."""

    def __init__(self, logic: str, lookup: RedcapLookup) -> None:
        super().__init__(visit_tokens=False)
        self._logic = logic
        self._lookup = lookup

    def _sized(self, node: Node) -> Node:
        if node.depth > MAX_DEPTH:
            raise too_deep(self._logic, (0, 0), node.depth)
        return node

    def start(self, children: list[Any]) -> Any:
        return children[0]

    def group(self, children: list[Any]) -> Any:
        return children[0]

    def options(self, children: list[Any]) -> list[Any]:
        return children

    def number(self, children: list[Any]) -> Part:
        return number(Decimal(str(children[0])))

    def text(self, children: list[Any]) -> Part:
        return text(str(children[0])[1:-1])

    def word(self, children: list[Any]) -> Part:
        name = str(children[0])
        if name.lower() in ("true", "false"):
            return condition(Literal("boolean", name.lower() == "true"))
        if name.lower() in ("today", "now"):
            return text(name)
        raise NotTranslatable(f"{name} stands without brackets", f"{name} 没有写在方括号中")

    def logic(self, children: list[Any]) -> Part:
        op = "and" if children[1].type == "AND" else "or"
        items = tuple(as_condition(child) for child in children[::2])
        return condition(self._sized(Logic(op, items)))

    def comparison(self, children: list[Any]) -> Part:
        left, op, right = children
        return condition(self._sized(compared(canonical_operator(str(op)), left, right)))

    def arithmetic(self, children: list[Any]) -> Part:
        left, op, right = children
        node = Binary(str(op), as_number(left), as_number(right))
        return Part(self._sized(node), RuleType.NUMBER)

    def negative(self, children: list[Any]) -> Part:
        return Part(self._sized(Unary("-", as_number(children[1]))), RuleType.NUMBER)

    def positive(self, children: list[Any]) -> Part:
        return Part(as_number(children[1]), RuleType.NUMBER)

    def call(self, children: list[Any]) -> Part:
        part = called(str(children[0]), children[1] or [])
        self._sized(part.node)
        return part

    def reference(self, children: list[Any]) -> Part:
        """`[variable]`, `[checkbox(code)]` or `[event][variable]`."""
        names = [str(child)[1:-1].strip() for child in children]
        smart = next((name for name in names if "-" in name.partition("(")[0] or name.isdigit()), None)
        if smart is not None or len(names) > 2:
            shown = "".join(f"[{name}]" for name in names)
            raise NotTranslatable(
                f"{shown} depends on the event, instance or user at hand",
                f"{shown} 取决于当前事件、实例或用户",
            )
        event = names[0] if len(names) == 2 else None
        if event is not None and not self._lookup.has_event(event):
            raise NotTranslatable(f"there is no event {event}", f"没有事件 {event}")
        return self._variable(names[-1], event)

    def _variable(self, written: str, event: str | None) -> Part:
        match = _VARIABLE.fullmatch(written)
        if match is None or match["modifier"] not in (None, "value"):
            raise NotTranslatable(f"[{written}] is no plain variable", f"[{written}] 不是普通变量")
        found = self._lookup.variable(match["name"], event)
        if found is None:
            raise NotTranslatable(f"there is no variable {match['name']}", f"没有变量 {match['name']}")
        code = match["code"]
        if code is not None and found.type is not RuleType.CHOICES:
            raise NotTranslatable(f"{match['name']} is no checkbox", f"{match['name']} 不是复选框")
        return Part(Field(found.path), found.type, code)

"""The vocabulary for an editor: how a text falls into tokens, and which words and functions it may hold.

All of it is taken from the grammar, the words and the registry of functions, so that no editor repeats them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from lark import Lark

from rules_dsl.durations import UNITS, write_duration
from rules_dsl.errors import Language
from rules_dsl.functions import FUNCTIONS, Function, Parameter
from rules_dsl.parser import GRAMMAR
from rules_dsl.words import OPERATORS, WORDS

_KINDS: Final = {
    "field": ("FIELD",),
    "name": ("NAME", "CHINESE_NAME"),
    "text": ("TEXT",),
    "number": ("NUMBER",),
    "moment": ("MOMENT",),
    "duration": ("DURATION",),
    "constant": ("TRUE", "FALSE"),
    "operator": ("COMPARE", "PLUS", "MINUS", "TIMES", "DIVIDE", "POWER"),
    "open": ("_LPAR",),
    "close": ("RPAR",),
    "comma": ("_COMMA",),
}
_KIND_OF: Final = {terminal: kind for kind, terminals in _KINDS.items() for terminal in terminals}


@dataclass(frozen=True)
class Token:
    """A kind of token and its regular expression, which JavaScript reads as Python does.

    The kinds are those of `_KINDS`, else `keyword`, or `space`.
    """

    kind: str
    pattern: str
    ignores_case: bool

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "pattern": self.pattern, "ignores_case": self.ignores_case}


@cache
def tokens() -> tuple[Token, ...]:
    """In the order in which the lexer tries them: the first that fits is the token."""
    lark = Lark(GRAMMAR.read_text(encoding="utf-8"), parser="lalr", lexer="basic", maybe_placeholders=True)
    ignored = set(lark.ignore_tokens)
    ordered = sorted(
        lark.terminals,
        key=lambda it: (-it.priority, -it.pattern.max_width, -len(it.pattern.value), it.name),
    )
    return tuple(
        Token(
            "space" if terminal.name in ignored else _KIND_OF.get(terminal.name, "keyword"),
            terminal.pattern.to_regexp() if terminal.pattern.type == "str" else terminal.pattern.value,
            "i" in terminal.pattern.flags,
        )
        for terminal in ordered
    )


def vocabulary() -> dict[str, Any]:
    """Tokens, words, units and functions in both languages, operators with their Chinese word, as JSON."""
    return {
        "tokens": [token.to_json() for token in tokens()],
        "words": [{"word": word, **spelled} for word, spelled in WORDS.items()],
        "operators": [{"operator": op, "zh": word} for word, op in OPERATORS.items() if _is_chinese(word)],
        "units": [
            {"unit": unit, "zh": _unit_word(unit, "zh"), "en": _unit_word(unit, "en")}
            for unit in sorted(UNITS)
        ],
        "functions": [_described(function) for function in FUNCTIONS],
    }


def _described(function: Function) -> dict[str, Any]:
    return {
        "name": function.name,
        "zh": function.zh,
        "parameters": [_parameter(parameter) for parameter in function.parameters],
        "result": function.result.name.lower() if function.result else "",
        "doc": {"zh": function.doc_zh, "en": function.doc},
        "example": function.example,
        "gives": function.gives,
    }


def _parameter(parameter: Parameter) -> dict[str, Any]:
    return {
        "name": parameter.name,
        "zh": parameter.zh,
        "optional": parameter.default is not None,
        "repeats": parameter.repeats,
        "words": list(parameter.words or ()),
    }


def _unit_word(unit: str, language: Language) -> str:
    """As it stands behind a number: `months`, `个月`."""
    return write_duration(2, unit, language).removeprefix("2").strip()


def _is_chinese(word: str) -> bool:
    return all("\u3400" <= char <= "\u9fff" for char in word)

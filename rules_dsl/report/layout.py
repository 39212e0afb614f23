"""A package in its standard form, with English or Chinese words; comments and blank lines stay."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Final

from rules_dsl.errors import Language
from rules_dsl.report.syntax import Item, Statement, Written, blocks, read
from rules_dsl.report.words import DIRECTIONS, HEADS, KINDS, OPTIONS, STATES, canonical

WIDTH: Final = 100
_PLAIN: Final = re.compile(r"[^\s:：|｜,，、\"“”#/=＝]+")
_KEYWORDS: Final = frozenset(
    word for table in (HEADS, OPTIONS) for spelled in table.values() for word in spelled.values()
) | {"when", "当"}
_WORDS: Final[dict[str, Mapping[Any, dict[Language, str]]]] = {"kind": KINDS, "direction": DIRECTIONS}


def format_package(text: str, lang: Language = "zh") -> str:
    """The same package, each statement as the formatter writes it.

    Raises:
        RuleSyntaxError: where the text can't be read.
    """
    statements = read(text)
    parts, at = [], 0
    for (start, end), statement in zip(blocks(text), statements, strict=True):
        comment = re.search(r"[ \t]#[^\n\"]*$", text[start:end])
        parts += [text[at:start], _printed(statement, lang), comment.group() if comment else ""]
        at = end
    parts.append(text[at:])
    return "".join(parts)


def _printed(statement: Statement, lang: Language) -> str:
    head = HEADS[statement.head][lang]
    name = statement.name
    if statement.head == "modifier" and (state := canonical(STATES, name.text)):
        shown = STATES[state][lang]
    else:
        shown = _word(name)
    line = f"{head} {shown}"
    for option, values in statement.options.items():
        line += f" {OPTIONS[option][lang]} " + ", ".join(_value(option, it, lang) for it in values)
    if statement.items is None:
        return line
    return _wrapped(line + ":", [_item(it, lang) for it in statement.items])


def _value(option: str, written: Written, lang: Language) -> str:
    table = _WORDS.get(option)
    key = canonical(table, written.text) if table else None
    return table[key][lang] if table and key else _word(written)


def _item(item: Item, lang: Language) -> str:
    text = _word(item.word)
    if item.value:
        text += f" = {_word(item.value)}"
    if item.when:
        text += f" {'when' if lang == 'en' else '当'} {_quoted(item.when.text)}"
    return text


def _word(written: Written) -> str:
    if written.is_pattern:
        return f"/{written.text}/"
    if _PLAIN.fullmatch(written.text) and written.text not in _KEYWORDS:
        return written.text
    return _quoted(written.text)


def _quoted(text: str) -> str:
    return '"' + text.replace('"', '""') + '"'


def _wrapped(head: str, items: list[str]) -> str:
    """Items on the line of the head while they fit, then on indented lines; wide characters count two."""
    lines, line = [], head
    for number, item in enumerate(items):
        part = item if number == len(items) - 1 else f"{item} |"
        if _columns(line) + 1 + _columns(part) > WIDTH and line not in ("   ", head):
            lines.append(line)
            line = "   "
        line += f" {part}"
    return "\n".join([*lines, line])


def _columns(text: str) -> int:
    return sum(2 if ord(char) > 0x2E7F else 1 for char in text)

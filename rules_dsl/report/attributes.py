"""Density, change against the prior, and the words of closed fields, each tied to its lesion."""

from __future__ import annotations

import re
from typing import Final

from rules_dsl.report.findings import Mention, Value
from rules_dsl.report.lexicon import CHANGE, CUE, DENSITY, ENUM, STOP, TERM, Token
from rules_dsl.report.mentions import Scanned
from rules_dsl.report.model import EnumValue

_PRIOR: Final = re.compile(
    r"较前|较.{0,8}片|较上|较旧|与.{0,12}(?:比|相仿|相似)|对比|比较|前片|前次|上次|随访|复查|原.{0,6}片|治疗后|较\d|同前|如前|新|原(?![发因位则始])|已"
)
_INSIDE: Final = re.compile(r"(?:其内|内部|内见|内可见|周围|周边|邻近|伴|成分)[^,]{0,4}$")
_SEVERITY: Final = re.compile(r"(极?轻度?[-~至]中度?|中度?[-~至]重度?|轻微|轻度|中度|重度|极重度|轻|中|重)")
_SEVERITY_AFTER: Final = re.compile(r"\s*\(?(轻微|轻度|中度|重度|轻|中|重)度?\)?(?=[,)。;\s]|$)")


def attach_attributes(scanned: Scanned, carried: Mention | None) -> list[Value]:
    """Set density and change of the mentions, and return the values of closed fields."""
    values: list[Value] = []
    for token in scanned.tokens:
        if DENSITY in token.kinds:
            _density(scanned, token)
        if CHANGE in token.kinds:
            _change(scanned, token, carried)
        if ENUM in token.kinds:
            values += [_enum(it.value, token) for it in token.entries if it.kind == ENUM]
    if scanned.holds("轻") or scanned.holds("中") or scanned.holds("重"):
        values += _severities(scanned)
    return values


def _density(scanned: Scanned, token: Token) -> None:
    start, end = scanned.clause_span(scanned.clause_of(token.start))
    text = scanned.text
    if text[token.end : token.end + 2] == "成分" or text.startswith(("强化", "液体"), token.end):
        return
    after = next((it for it in scanned.mentions if token.start <= it.start < end and _bears(it)), None)
    if (
        after is not None
        and after.start - token.end <= 14
        and not _interrupted(scanned, token.end, after.start)
    ):
        target: Mention | None = after
        if after.term.density and after.start == token.start:
            return
    else:
        before = [it for it in scanned.mentions if it.end <= token.start and _bears(it)]
        target = before[-1] if before else None
        if target is not None and _INSIDE.search(text, start, token.start):
            target = None
    if target is not None and target.density is None and target.state != "无":
        target.density = token.get(DENSITY)
        target.density_span = (token.start, token.end)


def _bears(mention: Mention) -> bool:
    return mention.term.kind == "lesion"


def _interrupted(scanned: Scanned, start: int, end: int) -> bool:
    return any(start <= it.start < end and (TERM in it.kinds or STOP in it.kinds) for it in scanned.tokens)


def _change(scanned: Scanned, token: Token, carried: Mention | None) -> None:
    value = token.get(CHANGE)
    start, end = scanned.clause_span(scanned.clause_of(token.start))
    text = scanned.text
    if value == "新发":
        target = next((it for it in scanned.mentions if token.end <= it.start < end), None)
        if target is None:
            target = _before(scanned, token, start, carried)
    else:
        negated = _negated(scanned, start, token)
        gone = value == "消失" and not negated and _near_lesion(scanned, start, token)
        if negated and value in ("增大", "缩小", "消失"):
            value = "稳定"
        elif (value == "消失" and not gone) or (
            value != "稳定"
            and not gone
            and not _PRIOR.search(text, max(scanned.sentence.start, start - 20), end)
        ):
            return
        target = _before(scanned, token, start, carried)
        if target is None:
            target = next((it for it in scanned.mentions if token.end <= it.start < end), None)
    if target is not None and target.change is None:
        target.change, target.change_span = value, (token.start, token.end)


def _negated(scanned: Scanned, start: int, token: Token) -> bool:
    return any(
        start <= it.start
        and it.end <= token.start
        and token.start - it.end <= 4
        and it.get(CUE).state == "无"
        for it in scanned.tokens
        if CUE in it.kinds
    )


def _near_lesion(scanned: Scanned, start: int, token: Token) -> bool:
    """Whether the word follows its lesion at once: 结节已消失, but 淋巴门消失."""
    before = [it for it in scanned.mentions if start <= it.start and it.end <= token.start]
    return bool(before) and token.start - before[-1].end <= 4


def _before(scanned: Scanned, token: Token, start: int, carried: Mention | None) -> Mention | None:
    """The lesion that a change speaks of: of its clause, else the last of the clauses before."""
    span = (token.start, token.end)
    before = [it for it in scanned.mentions if it.end <= token.start and (it.state != "无" or it.cue == span)]
    here = [it for it in before if it.start >= start]
    for candidates in (here, before):
        lesions = [it for it in candidates if it.term.kind == "lesion"]
        if lesions:
            return lesions[-1] if candidates is here else _first_of_clause(lesions)
        if candidates:
            return _first_of_clause(candidates)
    return carried


def _first_of_clause(mentions: list[Mention]) -> Mention:
    last = mentions[-1].clause
    return next(it for it in mentions if it.clause == last)


def _enum(value: EnumValue, token: Token) -> Value:
    return Value("enum", value.field, value.value, ((token.start, token.end),), f"枚举 {value.field}")


def _severities(scanned: Scanned) -> list[Value]:
    """轻度狭窄 is 狭窄程度 = 轻度; 静脉曲张（重度） alike."""
    found = []
    for mention in scanned.mentions:
        if mention.state == "无":
            continue
        start, end = scanned.clause_span(mention.clause)
        window = scanned.text[max(start, mention.start - 6) : mention.start]
        before = list(_SEVERITY.finditer(window))
        match = before[-1] if before and len(window) - before[-1].end() <= 2 else None
        if match is None:
            match = _SEVERITY_AFTER.match(scanned.text, mention.end, min(end, mention.end + 6))
        if match is None:
            continue
        base = match.start() if match.re is _SEVERITY_AFTER else max(start, mention.start - 6) + match.start()
        text = match.group(1)
        text = text if "度" in text or text == "轻微" else f"{text}度"
        names = {mention.term.name, *mention.term.parents}
        found += [
            Value("enum", f"{name}程度", text, ((base, base + len(match.group(1))),), f"程度 {name}")
            for name in sorted(names)
        ]
    return found

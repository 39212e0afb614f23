"""Histology class, behaviour and differentiation, TNM, Gleason, nodes and immunohistochemistry."""

from __future__ import annotations

import re
from typing import Any, Final

from rules_dsl.report.findings import Mention, Span, Value
from rules_dsl.report.model import HistologyClass
from rules_dsl.report.numerals import integer

_TNM: Final = re.compile(
    r"(?<![a-z])(?P<prefix>[cpyram]{0,3})\s*(?P<t>t(?:is|x|1mi|[0-4][a-d]?))\s*(?:\(m\)|\(\d\))?\s*(?P<n>n(?:x|[0-3][a-c]?))?"
    r"(?:\([^)]{0,9}\))?\s*(?P<m>m(?:x|[01][a-c]?))?(?![a-z0-9])"
)
_DIFF: Final = re.compile(r"(?P<a>[高中低])(?:\s*[-~、至或]?\s*(?P<b>[高中低]))?\s*分化|未分化")
_LEVEL: Final = re.compile(r"(高|中|低)级别")
_NUMBERED: Final = re.compile(r"[,\s(]*(?:组织学)?([ⅠⅡⅢ]|i{1,3})级")
_HISTOLOGIC: Final = re.compile(r"组织学(?:分级)?[:为]?\s*([ⅠⅡⅢ1-3])级")
_GLEASON: Final = re.compile(r"gleason[^\d]{0,8}(\d)\s*\+\s*(\d)(?:\s*[=为]\s*(\d+))?")
_ISUP: Final = re.compile(r"(?:分级分组|分组|isup|预后分组|grade\s*group)[^\d一二三四五ⅠⅡⅢⅣⅤ]{0,6}([1-5])")
_NODES: Final = re.compile(r"\(?\s*(\d{1,3})\s*/\s*(\d{1,3})\s*\)?")
_MARKER: Final = re.compile(
    r"(?<![a-z0-9])(?P<name>[a-z][a-z0-9]*(?:-[a-z0-9]+)*|c-?erbb-?2)\s*(?:\(\s*(?P<value>[-+±]|[0-3]\s?\+|\+{2,3}|阴性|阳性|弱阳性|(?:约|>|<)?\s*\d+(?:\.\d+)?%?\s*\+?|\+\s*,?\s*(?:约|>|<)?\s*\d+%|部分\+|灶\+|弱\+)\s*\)|(?P<word>阴性|阳性|弱阳性))"
)
_KI67: Final = re.compile(r"ki-?67[^\d,;]{0,14}?([<>])?\s*(\d+)\s*%?(?:\s*[-~]\s*(\d+))?\s*%")
_SIGNS: Final = {
    "-": "阴性",
    "+": "阳性",
    "±": "可疑",
    "阴性": "阴性",
    "阳性": "阳性",
    "弱阳性": "弱阳性",
    "部分+": "阳性",
    "灶+": "阳性",
    "弱+": "弱阳性",
}
_STAGE: Final = re.compile(r"(?<![a-z0-9])([ⅠⅡⅢⅣ]|iv|i{1,3})\s*([abc])?\s*([1-3])?\s*期")
_ROMANS: Final = {"i": "Ⅰ", "ii": "Ⅱ", "iii": "Ⅲ", "iv": "Ⅳ"}
_NONE_SEEN: Final = frozenset(
    ("恶性", "肿瘤", "癌", "恶性肿瘤", "癌细胞", "异型细胞", "恶性细胞", "转移癌", "肿瘤细胞")
)


def pathology(
    text: str, original: str, mentions: list[Mention], classes: dict[str, HistologyClass]
) -> list[Value]:
    """All values of this kind in the report."""
    values = _histology(text, mentions, classes)
    values += _tnm(text)
    values += _scores(text)
    values += _markers(text, original)
    return values


def _histology(text: str, mentions: list[Mention], classes: dict[str, HistologyClass]) -> list[Value]:
    named = [it for it in mentions if it.term.name in classes]
    chosen = next((it for it in named if it.asserted), None)
    found: list[Value] = []
    if chosen is not None:
        cls = classes[chosen.term.name]
        span = (chosen.start, chosen.end)
        malignant = cls.behaviour
        if chosen.state == "可疑" and malignant == "恶性":
            malignant = "可疑恶性"
        found += [_value("hist", "type", cls.name, span), _value("hist", "malignant", malignant, span)]
    elif any(it.term.name in _NONE_SEEN and it.state == "无" for it in mentions):
        clear = next(it for it in mentions if it.term.name in _NONE_SEEN and it.state == "无")
        found.append(_value("hist", "malignant", "未见恶性", (clear.start, clear.end)))
    if match := _DIFF.search(text):
        parts = [it for it in match.group("a", "b") if it]
        found.append(_value("hist", "diff", "-".join(parts) + "分化" if parts else "未分化", match.span()))
    if match := _LEVEL.search(text):
        found.append(_value("hist", "grade", match.group(), match.span()))
    elif chosen is not None and (match := _numbered_grade(text, chosen)):
        found.append(_value("hist", "grade", integer(match.group(1)), match.span(1)))
    return found


def _numbered_grade(text: str, chosen: Mention) -> re.Match[str] | None:
    """浸润性导管癌Ⅱ级, 组织学Ⅱ级: the grade of the class itself."""
    return _NUMBERED.match(text, chosen.end) or _HISTOLOGIC.search(text)


def _tnm(text: str) -> list[Value]:
    found = []
    for match in _TNM.finditer(text):
        t, n, m = match.group("t", "n", "m")
        if n is None:
            continue
        value = match.group("prefix") + _upper(t) + _upper(n) + (_upper(m) if m else "")
        found.append(_value("tnm", "tnm", value, match.span()))
        break
    if stage := _STAGE.search(text):
        roman = _ROMANS.get(stage.group(1), stage.group(1))
        written = f"{roman}{(stage.group(2) or '').upper()}{stage.group(3) or ''}"
        found.append(_value("enum", "分期", written, stage.span()))
    return found


def _upper(part: str) -> str:
    return part[0].upper() + ("X" if part[1:] == "x" else part[1:])


def _scores(text: str) -> list[Value]:
    found = []
    if match := _GLEASON.search(text):
        total = match.group(3) or int(match.group(1)) + int(match.group(2))
        found.append(_value("num", "Gleason", int(total), match.span()))
        if group := _ISUP.search(text):
            found.append(_value("grade", "ISUP", group.group(1), group.span()))
    if "淋巴结" in text:
        positive = total = 0
        spans: list[Span] = []
        for match in _NODES.finditer(text):
            if (
                int(match.group(2)) < int(match.group(1))
                or "淋巴结" not in text[max(0, match.start() - 40) : match.end() + 8]
            ):
                continue
            positive, total = positive + int(match.group(1)), total + int(match.group(2))
            spans.append(match.span())
        if spans:
            found += [
                _value("num", "阳性淋巴结", positive, *spans),
                _value("num", "送检淋巴结", total, *spans),
            ]
    return found


def _markers(text: str, original: str) -> list[Value]:
    found = []
    for match in _MARKER.finditer(text):
        name = original[match.start("name") : match.end("name")]
        written = (match.group("value") or match.group("word")).replace(" ", "")
        value: Any = _SIGNS.get(written)
        if written == "0":
            value = "0"
        elif value is None:
            value = written.rstrip("+") + "+" if written[:1] in "0123" and "%" not in written else "阳性"
            if written in ("++", "+++"):
                value = f"{len(written)}+"
        if percent := re.search(r"(\d+(?:\.\d+)?)%", written):
            share = float(percent.group(1))
            found.append(
                _value("num", f"{name}%", int(share) if share == int(share) else share, match.span())
            )
        found.append(_value("enum", name, value, match.span()))
    if ki67 := _KI67.search(text):
        low, high = int(ki67.group(2)), ki67.group(3)
        number: Any = [low, int(high)] if high else low
        if ki67.group(1):
            number = {"lt" if ki67.group(1) == "<" else "gt": low}
        found += [_value("num", name, number, ki67.span()) for name in ("Ki-67", "Ki-67%", "Ki67", "Ki67%")]
    return found


def _value(family: str, key: str, value: Any, *spans: Span) -> Value:
    return Value(family, key, value, spans, "病理")

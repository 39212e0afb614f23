"""Sizes in mm and their lesions; earlier sizes, distances and measures of organs are left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from rules_dsl.report.findings import Mention, Size, Span
from rules_dsl.report.mentions import Scanned

_NUMBER: Final = r"\d+(?:\.\d+)?"
_UNIT: Final = r"(?:mm|cm|毫米|厘米|公分|㎜|㎝)"
SIZE: Final = re.compile(
    rf"(?P<bound><|>|≤|≥|小于|不足|大于|超过|不超过|未超过|不大于)?[约为]?\s*(?P<dims>{_NUMBER}\s*{_UNIT}?"
    rf"(?:\s*(?:x|乘|~|-|至|到|/)\s*{_NUMBER}\s*{_UNIT}?){{0,3}})(?<=[m米分㎜㎝])(?![a-z0-9²³/³h])"
)
_PART: Final = re.compile(rf"({_NUMBER})\s*({_UNIT}?)")
_LESS: Final = frozenset({"<", "≤", "小于", "不足", "不超过", "未超过", "不大于"})
_PREVIOUS: Final = re.compile(
    r"(?:原|前片|前次|上次|旧片|先前|既往|较前|此前|\d{4}[-年.]|治疗前|术前|曾|前者|由|自|从)[^,;]{0,12}$"
)
_NOT_SIZE: Final = re.compile(
    r"(?:距|间距|相距|距离|厚|深|内径|管径|管腔|外径|瘤颈|颈宽|移位|右移|左移|右偏|左偏|短径|层距|宽|高约|增强后|退缩|长度|间隙|误差|间隔|直肠系膜|最窄|移动度)"
    r"[^,;]{0,10}$"
)
_FOLLOWS: Final = re.compile(r"[的大小左右不等]*\s*[^,;。、及和]{0,8}$")
_FILLER: Final = re.compile(r"[\s约为是:大小体积测值径线长最直()]*$")
_ANOTHER: Final = re.compile(r"\s*(?:、|及|和)[约为]?\s*$")
_STARTS: Final = re.compile(
    r"\s*(?:其?中?(?:最|较)?大(?:者|小|的)?|大小|直径|长径|最大径|体积|约|范围|其|病灶|均|分别)"
)
_OF_A_LESION: Final = re.compile(r"大者|最大|较大|大的|其一|位于|病灶")
_MM: Final = {"cm": 10.0, "厘米": 10.0, "公分": 10.0, "㎝": 10.0}


def may_hold_sizes(text: str) -> bool:
    """Whether a text has a unit of length at all."""
    return any(unit in text for unit in ("mm", "cm", "米", "公分", "㎜", "㎝"))


def read_size(match: re.Match[str]) -> Size:
    """The values of one match in mm; the last unit holds for the factors without one."""
    parts = _PART.findall(match.group("dims"))
    unit = next((unit for _, unit in reversed(parts) if unit), "mm")
    values = []
    for number, own in reversed(parts):
        unit = own or unit
        values.append(round(float(number) * _MM.get(unit, 1.0), 4))
    bound = match.group("bound")
    return Size(
        match.start(),
        match.end(),
        tuple(reversed(values)),
        None if bound is None else "lt" if bound in _LESS else "gt",
    )


def attach_sizes(scanned: Scanned, consumed: Sequence[Span], carried: Mention | None) -> None:
    """Give each size of the sentence to its lesion; `carried` is the last lesion of the sentence before."""
    before: Mention | str | None = None
    last_end = scanned.sentence.start
    for match in SIZE.finditer(scanned.text, scanned.sentence.start, scanned.sentence.end):
        size = read_size(match)
        between = scanned.text[last_end : size.start]
        if last_end > scanned.sentence.start and before is not None and _ANOTHER.fullmatch(between):
            owner = before
        elif any(start < size.end and size.start < end for start, end in consumed):
            owner = "none"
        else:
            owner = _owner(scanned, size, last_end, carried) or "none"
        if isinstance(owner, Mention):
            owner.sizes.append(size)
        before, last_end = owner, size.end


def _owner(scanned: Scanned, size: Size, last_end: int, carried: Mention | None) -> Mention | None:
    start, end = scanned.clause_span(scanned.clause_of(size.start))
    context = scanned.text[max(start, last_end if last_end < size.start else start) : size.start]
    if scanned.text[size.start - 1] in "(":
        context = scanned.text[max(start, last_end) : size.start]
    if _PREVIOUS.search(context) and not re.search(r"(?:现|至|为|今)约?$", context):
        size.previous = True
    elif _NOT_SIZE.search(context) or scanned.text.startswith("处", size.end):
        return None
    lesions = [it for it in scanned.mentions if it.term.kind in ("lesion", "diagnosis") and it.state != "无"]
    following = next((it for it in lesions if it.start >= size.end), None)
    in_clause = [it for it in lesions if start <= it.start and it.end <= size.start]
    if following is not None and following.start < end and not size.previous:
        gap = scanned.text[size.end : following.start]
        near = _FOLLOWS.match(gap) is not None and len(gap) <= 8 and "、" not in gap
        if near and (not in_clause or gap.startswith(("的", "大小")) or size.start - in_clause[-1].end > 3):
            return following
    if in_clause:
        return _best(in_clause)
    if _is_organ_measure(scanned, start, size.start):
        return None
    earlier = [it for it in lesions if it.end <= size.start]
    if earlier:
        return _best_of_last_clause(earlier)
    if carried is not None and size.start - scanned.sentence.start < 40:
        opening = scanned.text[scanned.sentence.start : size.start]
        if _STARTS.match(opening) or scanned.text[size.start - 1] in "(":
            return carried
    return None


def _best(mentions: list[Mention]) -> Mention:
    """The nearest lesion; a diagnosis bears a size only where no lesion is named."""
    lesions = [it for it in mentions if it.term.kind == "lesion"]
    return (lesions or mentions)[-1]


def _best_of_last_clause(mentions: list[Mention]) -> Mention:
    asserted = [it for it in mentions if it.term.kind == "lesion"]
    return (asserted or mentions)[-1]


def _is_organ_measure(scanned: Scanned, start: int, at: int) -> bool:
    """Whether the size is that of the organ named right before it: 脾脏大小约11cm."""
    for run in reversed(scanned.runs):
        if run.end <= at and run.start >= start:
            if _OF_A_LESION.search(scanned.text, start, at):
                return False
            return run.organ and _FILLER.fullmatch(scanned.text[run.end : at]) is not None
    return False

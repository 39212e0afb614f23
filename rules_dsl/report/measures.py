"""Numbers with a name: CT值, PR间期, 短径, 距门齿, 狭窄 60%-70%, converted to the unit of their field."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from typing import Any, Final

import ahocorasick

from rules_dsl.report.findings import Mention, Span, Value
from rules_dsl.report.mentions import Scanned
from rules_dsl.report.model import Grade, NumberField, Package
from rules_dsl.report.numerals import roman_to_arabic
from rules_dsl.report.segments import LONGEST
from rules_dsl.report.sizes import SIZE, read_size

_FILLER: Final = r"[^\d<>≤≥,;。+\n-]{0,9}?"
NUMBER: Final = re.compile(
    _FILLER + r"(?P<bound>[<>≤≥]|小于|大于|低于|高于)?\s*(?<![a-z])(?P<a>[-+]?\d+(?:\.\d+)?)\s*"
    r"(?P<ua>[a-zμ%‰°㎜㎝]+|毫米|厘米|毫秒|秒)?"
    r"(?:\s*(?:-|~|至|到)\s*(?P<b>[-+]?\d+(?:\.\d+)?)\s*(?P<ub>[a-zμ%‰°㎜㎝]+|毫米|厘米|毫秒|秒)?)?"
)
_FACTORS: Final[dict[str, dict[str, float]]] = {
    "mm": {"mm": 1, "cm": 10, "毫米": 1, "厘米": 10, "㎜": 1, "㎝": 10},
    "cm": {"mm": 0.1, "cm": 1, "毫米": 0.1, "厘米": 1, "㎜": 0.1, "㎝": 1},
    "ms": {"ms": 1, "s": 1000, "毫秒": 1, "秒": 1000},
    "hu": {"hu": 1, "h": 1},
    "%": {"%": 1},
    "mv": {"mv": 1},
}
OWN_SUBJECT: Final = 6  # a longer opening of a clause names a subject of its own
_LESS: Final = frozenset({"<", "≤", "小于", "低于"})
_DIMENSION: Final = re.compile(
    r"(?P<dim>内径|直径|管径|外径|最宽处?|宽度|宽|最厚处?|厚度|厚|最深处?|深度|深|短径|前后径|上下径|左右径|横径|长度|高度)"
    r"[约为是:达\s可及增宽]*$"
)
_SAME_DIMENSION: Final[dict[str, tuple[str, ...]]] = {
    "宽": ("宽", "宽度", "内径", "直径"),
    "宽度": ("宽度", "宽", "内径"),
    "最宽": ("直径", "宽", "宽度", "内径"),
    "内径": ("内径", "直径", "宽"),
    "直径": ("直径", "内径"),
    "管径": ("管径", "内径", "直径"),
    "外径": ("外径", "直径"),
    "厚": ("厚", "厚度"),
    "厚度": ("厚度", "厚"),
    "最厚": ("厚度", "厚"),
    "深": ("深度", "深"),
    "深度": ("深度", "深"),
    "最深": ("深度", "深"),
}
_DISTANCE: Final = re.compile(r"距离?([\u4e00-\u9fff]{1,7}?)(?:的距离)?[约为是:]*$")
_PERCENT: Final = re.compile(
    r"[^\d,;]{0,8}?,?[^\d,;]{0,5}?(?P<bound>[<>≤≥]|小于|大于)?\s*(\d+(?:\.\d+)?)%?(?:\s*(?:-|~|至)\s*(\d+(?:\.\d+)?))?\s*%"
)


def plain(number: float) -> int | float:
    """A whole number as int."""
    rounded = round(number, 4)
    return int(rounded) if rounded == int(rounded) else rounded


class Fields:
    """The names of number fields and gradings, found by an automaton of their own."""

    def __init__(self, package: Package) -> None:
        words: dict[str, list[NumberField | Grade]] = {}
        fields: list[NumberField | Grade] = [*package.numbers, *package.grades]
        for field in fields:
            for word in field.words:
                words.setdefault(word, []).append(field)
        self._any = bool(words)
        self._automaton = ahocorasick.Automaton()
        for word, meant in words.items():
            self._automaton.add_word(word, (len(word), meant))
        if self._any:
            self._automaton.make_automaton()
        self._grades = {
            grade.name: re.compile(
                rf"[^\d,;a-zⅠ-Ⅹ]{{0,6}}?[(:\s-]*(?P<value>{grade.values})(?![\dx.%]|mm|cm)"
            )
            for grade in package.grades
        }
        self._defaults = [grade for grade in package.grades if grade.default_for]

    def read(self, text: str) -> tuple[list[Value], list[Span]]:
        """All numbers and grades with a name, and the spans they take, which are then no sizes."""
        values: list[Value] = []
        spans: list[Span] = []
        graded: list[Span] = []
        for end, (size, fields) in self._automaton.iter_long(text) if self._any else ():
            start = end + 1 - size
            if _goes_on(text, start):
                continue
            for field in fields:
                if isinstance(field, Grade):
                    if match := self._grades[field.name].match(text, end + 1):
                        graded.append((start, match.end()))
                        values.append(_grade(field, match.group("value"), (start, match.end("value"))))
                elif value := _number(text, field, start, end + 1):
                    values.append(value)
                    spans.append(value.spans[0])
        values += self._unnamed(text, graded)
        return values, spans

    def _unnamed(self, text: str, graded: list[Span]) -> Iterable[Value]:
        if not self._defaults or "类" not in text:
            return
        grade = next((it for it in self._defaults if any(organ in text for organ in it.default_for)), None)
        if grade is None:
            return
        starts = [start for start, _ in graded]
        for match in _UNNAMED.finditer(text):
            at = bisect_right(starts, match.start()) - 1
            if at >= 0 and match.start() < graded[at][1]:
                continue
            yield _grade(grade, match.group(1), match.span())


_UNNAMED: Final = re.compile(r"(?<![a-z0-9.])([0-6ⅠⅡⅢⅣⅤⅥ]\s*[a-c]?)\s*类(?!型)")


_PREFIX: Final = re.compile(r"^(?:LR|TR)-?")


def _grade(grade: Grade, written: str, span: Span) -> Value:
    value = _PREFIX.sub("", roman_to_arabic(written.replace(" ", "")).upper())
    return Value("grade", grade.name, value, (span,), f"分级 {grade.name}")


def _number(text: str, field: NumberField, start: int, end: int) -> Value | None:
    if field.near and not _is_near(text, field.near, start, end):
        return None
    match = NUMBER.match(text, end)
    if match is None:
        return None
    unit = (field.unit or "").lower()
    written = match.group("ub") or match.group("ua")
    factors = _FACTORS.get(unit)
    factor = 1.0
    if factors is not None:
        if written is None and unit in ("mm", "cm", "%", "hu"):
            return None
        if written is not None:
            known = factors.get(written)
            if known is None:
                return None
            factor = known
    if text[match.end() : match.end() + 1] == "x" and unit in ("mm", "cm"):
        return None
    return Value("num", field.name, _as_number(match, factor), ((start, match.end()),), f"数值 {field.name}")


def _is_near(text: str, near: tuple[str, ...], start: int, end: int) -> bool:
    """Whether a measure is of what `near` names: in its clause, or before it if that has no subject."""
    earliest = max(0, start - LONGEST)
    opening = max(earliest, *(text.rfind(mark, earliest, start) + 1 for mark in "。;\n"))
    comma = text.rfind(",", opening, start) + 1 or opening
    if any(word in text[comma:end] or word in text[end : _clause_end(text, end)] for word in near):
        return True
    if start - comma > OWN_SUBJECT:
        return False
    return any(word in text[opening:start] for word in near)


def _goes_on(text: str, start: int) -> bool:
    """Whether a word in ASCII begins inside a longer one: the RI of MRI."""
    before = text[max(0, start - 1) : start]
    return before.isascii() and before.isalpha() and text[start].isascii() and text[start].isalpha()


def _clause_end(text: str, start: int) -> int:
    ends = [at for mark in ",。;\n" if (at := text.find(mark, start, start + 24)) >= 0]
    return min([*ends, start + 24])


def _as_number(match: re.Match[str], factor: float) -> Any:
    low = plain(float(match.group("a")) * factor)
    if match.group("b") is not None:
        return [low, plain(float(match.group("b").lstrip("+")) * factor)]
    if bound := match.group("bound"):
        return {"lt" if bound in _LESS else "gt": low}
    return low


def dimensions(scanned: Scanned) -> tuple[list[Value], list[Span]]:
    """Measures named by what they measure: 门静脉内径, 峡部厚, 距乳头; with the spans they take."""
    values: list[Value] = []
    spans: list[Span] = []
    for match in SIZE.finditer(scanned.text, scanned.sentence.start, scanned.sentence.end):
        start, _ = scanned.clause_span(scanned.clause_of(match.start()))
        before = scanned.text[start : match.start()]
        if distance := _DISTANCE.search(before):
            values += _distance(match, distance.group(1), start + distance.start())
            spans.append(match.span())
        elif (dim := _DIMENSION.search(before)) and "x" not in match.group("dims"):
            values += _dimension(scanned, match, dim.group("dim").removesuffix("处"), start + dim.start())
    return values, spans


def _distance(match: re.Match[str], what: str, start: int) -> list[Value]:
    size = read_size(match)
    found = []
    for unit, factor in (("mm", 1.0), ("cm", 0.1)):
        numbers = [plain(it * factor) for it in size.values]
        value: Any = numbers[0] if len(numbers) == 1 else numbers
        if size.bound:
            value = {size.bound: numbers[-1]}
        found.append(Value("num", f"距{what}{unit}", value, ((start, match.end()),), "距离"))
    return found


def _dimension(scanned: Scanned, match: re.Match[str], dim: str, at: int) -> list[Value]:
    mentions = [it for it in scanned.mentions if it.end <= at]
    if dim == "直径" and any(it.term.kind == "lesion" for it in scanned.mentions):
        return []
    size = read_size(match)
    numbers = [plain(it) for it in size.values]
    value: Any = numbers[0] if len(numbers) == 1 else numbers
    if size.bound:
        value = {size.bound: numbers[-1]}
    subjects = set()
    runs = [run for run in scanned.runs if run.end <= at and run.has_site]
    if runs:
        subjects |= set(run_names(runs[-1].names)) | set(run_names(runs[-1].written))
    if mentions:
        subjects |= {mentions[-1].term.name, *mentions[-1].term.parents}
    names = _SAME_DIMENSION.get(dim, (dim,))
    return [
        Value("num", f"{subject}{name}mm", value, ((at, match.end()),), "径线")
        for subject in sorted(subjects)
        for name in names
    ]


def run_names(parts: list[str]) -> list[str]:
    """A place and the places it lies in: 左前降支近段 is also 左前降支; without its side, too."""
    found = []
    for end in range(len(parts), 0, -1):
        found.append("".join(parts[:end]))
    if len(parts) > 1 and parts[0] in _SIDES:
        found += ["".join(parts[1:end]) for end in range(len(parts), 1, -1)]
    return found


_SIDES: Final = frozenset(("左", "右", "左侧", "右侧", "双", "双侧", "两", "两侧"))


def percentages(
    scanned: Scanned, mention: Mention, keys_of: Callable[[Mention], Iterable[str]]
) -> list[Value]:
    """A share that follows its concept: 管腔狭窄约60%-70%."""
    match = _PERCENT.match(scanned.text, mention.end, scanned.sentence.end)
    if match is None or mention.state == "无":
        return []
    low = plain(float(match.group(2)))
    value: Any = [low, plain(float(match.group(3)))] if match.group(3) else low
    if match.group("bound"):
        value = {"lt" if match.group("bound") in _LESS else "gt": low}
    return [
        Value("num", f"{key}%", value, ((mention.start, match.end()),), f"百分比 {key}")
        for key in keys_of(mention)
    ]

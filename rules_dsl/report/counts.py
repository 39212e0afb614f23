"""How many: 见2个, 三枚, 2-3枚, 十余, 数枚, 多发, 各见两枚, 分别见一."""

from __future__ import annotations

import re
from typing import Any, Final

from rules_dsl.report.findings import Mention
from rules_dsl.report.lexicon import TERM
from rules_dsl.report.mentions import Scanned
from rules_dsl.report.numerals import CHINESE, integer

MANY: Final = "多发"
_CLASSIFIER: Final = r"(?:个|枚|处|颗|粒|发|团|灶|块|枝|根|座|例|条|只|片)"
_N: Final = rf"(?:\d+|{CHINESE}+)"
_NUMBER: Final = (
    rf"(?P<least>至少|不少于|≥|>)?(?:约|共|计|近)?(?P<n>{_N})"
    rf"(?:(?:-|~|至|到|、|或)(?P<m>{_N}))?(?P<more>余|多|来)?"
)
BEFORE: Final = re.compile(rf"(?<![第\d.TtＴ]){_NUMBER}\s*{_CLASSIFIER}")
AFTER: Final = re.compile(rf"(?:影|灶|样)?\s*(?:共|约|计|各|:|\()*\s*{_NUMBER}\s*{_CLASSIFIER}")
_BARE: Final = re.compile(
    r"(?:见|及|有|示|现|分别|各|各见|呈)(?P<n>[一两二三四五六七八九单]|\d(?!\d|\.))(?![侧些般致定级度期支点型类段月年区\d.x*-])"
)
_LONE: Final = re.compile(r"(?:单发|孤立性?)")
_MANY: Final = re.compile(
    r"多发|数枚|数个|数处|数颗|数粒|多个|多枚|多处|多粒|散在|若干|几枚|几个|几处|数十|弥漫|多灶|众多|无数|满布|成簇|簇状|数块"
)
_MANY_AFTER: Final = re.compile(
    r"(?:影|灶)?\s*(?:为|呈|共|\()?\s*(?:多发|数枚|多枚|多个|数个|散在|数处|多处|弥漫)|\s*,\s*多发(?=[,。;]|$)"
)
_HINT: Final = re.compile(r"[\d零〇一二两俩仨三四五六七八九十百廿卅单孤多数散若几弥众无满成簇]")
_EACH: Final = re.compile(r"各(?:自)?(?:可?见|有|探及|发现|示)?|分别(?:可?见|有|探及|发现|示)")
_CLOCK: Final = re.compile(r"\d{1,2}(?:点|:00)")
_PAIR: Final = re.compile(rf"^({CHINESE})({CHINESE})$")
_SIDE_COUNT: Final = re.compile(
    rf"[左右][侧肺肾乳叶]?(?:有|见|可见)?\s*{_NUMBER}\s*{_CLASSIFIER}(?=[,、;。(]|$)"
)
_SAME: Final = re.compile(r"(?:^|,)\s*(?:该|此|上述|其|余|原|所见|较大|最大|大者|前述)")


def set_counts(scanned: Scanned) -> None:
    """Give each mention the count that its clause states; a mention that is absent counts 0 in the merge."""
    counted = 0  # up to where numbers follow a mention that they count
    for mention in scanned.mentions:
        if mention.term.kind == "procedure":
            continue
        window, offset = _window(scanned, mention, counted)
        found = _before(scanned, mention, window, offset) or _after(scanned, mention)
        if found is None:
            continue
        mention.count, mention.count_span = found
        if found[1][0] >= mention.end:
            counted = found[1][1]
    _count_by_side(scanned)


def _count_by_side(scanned: Scanned) -> None:
    """双肾结石，左侧3枚，右侧1枚: numbers of a side alone, for a lesion that has none."""
    lesion: Mention | None = None
    for mention in scanned.mentions:
        if mention.term.kind == "lesion" and mention.state != "无":
            lesion = mention
    if lesion is None or lesion.count is not None:
        return
    found = list(_SIDE_COUNT.finditer(scanned.text, lesion.end, scanned.sentence.end))
    counts = [value for match in found if (value := _value(match)) is not None]
    if counts:
        lesion.count, lesion.count_span = add_counts(counts), (found[0].start(), found[-1].end())


def _window(scanned: Scanned, mention: Mention, counted: int) -> tuple[str, int]:
    start, _ = scanned.clause_span(mention.clause)
    for token in scanned.tokens:
        if start < token.end <= mention.start and (term := token.get(TERM)) and term.kind == "lesion":
            start = token.end
    if counted <= mention.start:
        start = max(start, counted)
    return scanned.text[start : mention.start], start


def _before(
    scanned: Scanned, mention: Mention, window: str, offset: int
) -> tuple[Any, tuple[int, int]] | None:
    if _HINT.search(window) is None:
        return None
    many = list(_MANY.finditer(window))
    numbers = list(BEFORE.finditer(window))
    bare = list(_BARE.finditer(window))
    lone = _LONE.search(window)
    best = max([*many[-1:], *numbers[-1:], *bare[-1:]], key=lambda it: it.end(), default=None)
    if best is None:
        return (1, (lone.start() + offset, lone.end() + offset)) if lone else None
    span = (best.start() + offset, best.end() + offset)
    if best in many:
        return MANY, span
    value = _value(best)
    if value is None:
        return None
    each = _EACH.search(window)
    if each and isinstance(value, int) and each.start() <= best.start() + 2:
        value *= _places(scanned, mention, window[: each.start()], offset, each.start() + offset)
    return value, span


def _after(scanned: Scanned, mention: Mention) -> tuple[Any, tuple[int, int]] | None:
    text, end = scanned.text, scanned.sentence.end
    if (match := _MANY_AFTER.match(text, mention.end, end)) and not any(
        match.end() <= it.start <= match.end() + 4 for it in scanned.mentions
    ):
        return MANY, match.span()
    match = AFTER.match(text, mention.end, end)
    value = _value(match) if match else None
    return None if match is None or value is None else (value, match.span())


def _value(match: re.Match[str]) -> Any:
    facts = match.groupdict()
    low = integer(facts["n"])
    if low is None or low > 999:
        return None
    if pair := _PAIR.match(facts["n"]):
        first, second = integer(pair.group(1)), integer(pair.group(2))
        if first and second and second == first + 1:  # 两三枚
            return {"min": first, "max": second}
    if facts.get("m"):
        return {"min": low, "max": integer(facts["m"])}
    if facts.get("least") or facts.get("more"):
        return {"min": low}
    return low


def _places(scanned: Scanned, mention: Mention, before: str, offset: int, each: int) -> int:
    """In how many places: A及B各见 is 2, 双侧 is 2, 2点、5点及9点 is 3."""
    clock = _CLOCK.findall(before)
    if clock:
        return len(clock)
    runs = [run for run in scanned.runs if offset <= run.start and run.end <= each]
    if not runs:
        runs = mention.runs
    return max(1, sum(2 if run.side == "双" else 1 for run in runs))


def is_the_same(scanned: Scanned, mention: Mention) -> bool:
    """Whether the mention speaks of a lesion already named: 该结节, 结节边界清."""
    start, _ = scanned.clause_span(mention.clause)
    return _SAME.match(scanned.text, max(start - 1, 0)) is not None


def add_counts(counts: list[Any]) -> Any:
    """All counts of one concept together."""
    if MANY in counts:
        return MANY
    low = sum(it["min"] if isinstance(it, dict) else it for it in counts)
    bounded = [it for it in counts if isinstance(it, dict)]
    if not bounded:
        return low
    if any("max" not in it for it in bounded):
        return {"min": low}
    return {"min": low, "max": sum(it["max"] if isinstance(it, dict) else it for it in counts)}

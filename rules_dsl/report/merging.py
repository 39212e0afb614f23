"""All mentions of a report -> one value for each concept: state, count, largest size, side, site, ..."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, Final

from rules_dsl.report.counts import MANY, add_counts
from rules_dsl.report.findings import Mention, Run, Value
from rules_dsl.report.measures import plain, run_names
from rules_dsl.report.model import State

_STRENGTH: Final[dict[State, int]] = {"有": 0, "可疑": 1, "既往": 2, "假设": 3, "家族": 4, "无": 5}
_NUMBERED: Final = re.compile(r"[CTLS]\d{1,2}(?:[/-][CTLS]?\d{1,2})?")
_OTHER_SIDE: Final = {"左侧": "左", "右侧": "右", "双侧": "双", "两侧": "双", "左": "左侧", "右": "右侧"}


def names_of(mention: Mention) -> list[str]:
    """The concept, what it is a kind of, and the words used: 低密度影 answers to its own name, too."""
    names = [mention.term.name]
    whole = mention.term.kind == "diagnosis" and mention.head is None
    if mention.state != "无" or not whole:  # 未见脑出血 does not say that there is no 出血
        names += mention.term.parents
    written = mention.joined or mention.written
    if written not in names and written.upper() != mention.term.name.upper():
        names.append(written)
    return names


def keys_of(mention: Mention) -> list[str]:
    """The names a mention answers to: its concept, what that is a kind of, and both at their place."""
    names = names_of(mention)
    found = list(names)
    for run in mention.runs:
        places = set(run_names(run.names)) | set(run_names(run.written))
        places |= {_other(place) for place in places}
        found += [place + name for place in sorted(places) for name in names]
    return found


def _other(place: str) -> str:
    for side, other in _OTHER_SIDE.items():
        if place.startswith(side):
            return other + place[len(side) :]
    return place


def merged(mentions: list[Mention]) -> list[Value]:
    """One value per family and concept."""
    by_concept: dict[str, list[Mention]] = {}
    for mention in mentions:
        for name in dict.fromkeys(names_of(mention)):
            by_concept.setdefault(name, []).append(mention)
    values: list[Value] = []
    done: dict[tuple[int, ...], list[Value]] = {}
    for name, group in by_concept.items():
        same = tuple(map(id, group))
        if (known := done.get(same)) is None:
            known = done[same] = [_presence(name, group)]
            _of_concept(known, name, group)
            values += known
        else:  # another name of the same mentions: only the keys differ
            values += [it._replace(key=it.key.replace(known[0].key, name, 1)) for it in known]
    return values


def placed(mentions: list[Mention]) -> list[Value]:
    """The state of each concept at each place: 右侧胸腔积液 有, 左侧胸腔积液 无."""
    by_key: dict[str, list[Mention]] = {}
    for mention in mentions:
        for key in dict.fromkeys(keys_of(mention)[len(names_of(mention)) :]):
            by_key.setdefault(key, []).append(mention)
    return [_presence(key, group) for key, group in by_key.items()]


def _presence(key: str, group: list[Mention]) -> Value:
    chosen = group[0] if len(group) == 1 else min(group, key=lambda it: _STRENGTH[it.state])
    spans = [(chosen.start, chosen.end)]
    if chosen.head:
        spans.insert(0, chosen.head)
    if chosen.cue:
        spans.append(chosen.cue)
    because = f"{chosen.written}：{chosen.state}"
    return Value("presence", key, chosen.state, tuple(spans), chosen.term.rule, because)


def _of_concept(values: list[Value], name: str, group: list[Mention]) -> None:
    asserted = [it for it in group if it.asserted]
    counted = _count(asserted)
    if counted is not None:
        spans = tuple(it.count_span for it in asserted if it.count_span)
        values.append(_value("count", name, counted, spans, asserted[0]))
    elif not asserted and all(it.state == "无" for it in group):
        values.append(_value("count", name, 0, tuple((it.start, it.end) for it in group), group[0]))
    values += _largest(name, asserted)
    placed = [it for it in group if it.state in ("有", "可疑", "既往")]
    sides = {it.side for it in placed if it.side}
    if sides:
        side = sides.pop() if len(sides) == 1 else "双"
        runs = tuple((run.start, run.end) for it in placed for run in it.runs if run.side)
        values.append(_value("side", name, side, runs, placed[0]))
    sites = list(dict.fromkeys(site for it in placed for run in it.runs if (site := _site(run))))
    if sites:
        runs = tuple((run.start, run.end) for it in placed for run in it.runs)
        values.append(_value("site", name, sites, runs, placed[0]))
    for family, attribute in (("density", "density"), ("change", "change")):
        for mention in group if family == "change" else placed:
            if (found := getattr(mention, attribute)) is not None:
                span = getattr(mention, f"{attribute}_span")
                values.append(_value(family, name, found, (span,), mention))
                break
    section = next((it for it in group if it.section), None)
    if section is not None:
        values.append(
            _value("enum", f"{name}.section", section.section, ((section.start, section.end),), section)
        )


def _value(family: str, key: str, value: Any, spans: Iterable[Any], mention: Mention) -> Value:
    return Value(family, key, value, tuple(spans), mention.term.rule)


def _site(run: Run) -> str | None:
    """The canonical place; a numbered one (S6, T10, L4/5) stands by its number alone."""
    if not run.has_site:
        return None
    return next((name for name in run.names if _NUMBERED.fullmatch(name)), run.text)


def _count(asserted: list[Mention]) -> Any:
    """The stated counts of one section together; else 1 for each lesion that stands alone with its place."""
    for section in dict.fromkeys(it.section for it in asserted):
        counts = [it.count for it in asserted if it.section == section and it.count is not None]
        if counts:
            return add_counts(counts)
    lone = [it for it in asserted if it.term.kind == "lesion" and (it.sizes or it.runs) and it.side != "双"]
    if not lone:
        return None
    places = {tuple(run.text for run in it.runs) for it in lone}
    return len(places) if len(places) > 1 else 1


def _largest(name: str, asserted: list[Mention]) -> list[Value]:
    sizes = [size for it in asserted if it.sizes for size in it.sizes if not size.previous]
    if not sizes:
        return []
    top = max(sizes, key=lambda it: (it.bound is None, max(it.values)))
    largest = plain(max(top.values))
    value: Any = {top.bound: largest} if top.bound else largest
    found = [_value("max_mm", name, value, ((top.start, top.end),), asserted[0])]
    previous = [size for it in asserted for size in it.sizes if size.previous]
    if previous and not any(it.change for it in asserted):
        before = max(max(it.values) for it in previous)
        now = max(top.values)
        change = "稳定" if abs(now - before) < 0.5 else "增大" if now > before else "缩小"
        spans = ((top.start, top.end), (previous[0].start, previous[0].end))
        because = f"{plain(before)} mm → {plain(now)} mm"
        found.append(Value("change", name, change, spans, asserted[0].term.rule, because))
    return found


__all__ = ["MANY", "keys_of", "merged", "placed"]

"""Negation, uncertainty, history, family and hypothesis: medspaCy's ConText over the words of one sentence.

Where a modifier reaches is decided here, by the rules of Chinese reports; ConText limits modifiers of one
kind by one another and pairs them with their targets.
"""

from __future__ import annotations

import re
from typing import Final

from medspacy.context import ConTextGraph, ConTextModifier, ConTextRule

from rules_dsl.report.findings import Mention
from rules_dsl.report.lexicon import CHANGE, CUE, ENUM, JOIN, SIDE, SITE, STOP, TERM, Token
from rules_dsl.report.mentions import Scanned
from rules_dsl.report.model import Modifier, State

PRIORITY: Final[tuple[State, ...]] = ("家族", "假设", "无", "可疑", "既往", "有")
BACKWARD_GAP: Final = 9
_LIST_GAP: Final = re.compile(r"[\s()]*(?:、|及|和|或|与|以及|及其|/|并|伴)?[\s()]*")
_OWN_MATTER: Final = re.compile(r"[\s的等征象影灶改变性表现明显异常确切]*")
_QUESTION: Final[Modifier] = Modifier("可疑", "backward", ("?",))
_RULES: Final[dict[tuple[State, str], ConTextRule]] = {}


class _Target:
    """A mention as ConText sees it: a span with a label."""

    __slots__ = ("end", "label_", "mention", "start")

    def __init__(self, mention: Mention) -> None:
        self.start, self.end, self.label_, self.mention = mention.start, mention.end, "TERM", mention


def set_states(scanned: Scanned) -> None:
    """Give each mention its state, by the first of PRIORITY that reaches it."""
    cues = [(it, modifier) for it in scanned.tokens if (modifier := it.get(CUE)) is not None]
    if not scanned.mentions or not (cues or scanned.sentence.question):
        return
    modifiers = []
    for token, _ in cues:
        for entry in token.entries:
            if entry.kind == CUE and (made := _modifier(scanned, token, entry.value)):
                modifiers.append(made)
    if scanned.sentence.question:
        end = scanned.sentence.end
        mark = Token(end, end + 1, ())
        if made := _backward(scanned, mark, _QUESTION):
            modifiers.append(made)
    graph = ConTextGraph([_Target(it) for it in scanned.mentions], modifiers)
    if len(modifiers) > 1:
        graph.update_scopes()
    graph.apply_modifiers()
    for target, modifier in graph.edges:
        _apply(target.mention, modifier)


def _apply(mention: Mention, modifier: ConTextModifier) -> None:
    state: State = modifier.category
    if mention.cue is None or PRIORITY.index(state) < PRIORITY.index(mention.state):
        mention.state = state
        mention.cue = modifier.modifier_span


def _rule(modifier: Modifier, direction: str) -> ConTextRule:
    key = (modifier.state, direction)
    if key not in _RULES:
        _RULES[key] = ConTextRule(modifier.state, modifier.state, direction=direction.upper())
    return _RULES[key]


def _modifier(scanned: Scanned, token: Token, modifier: Modifier) -> ConTextModifier | None:
    if modifier.direction == "forward":
        return _forward(scanned, token, modifier)
    if modifier.direction == "backward":
        return _backward(scanned, token, modifier)
    if not _ends_clause(scanned, token):
        reach = _forward_end(scanned, token, modifier.state)
        if any(token.end <= it.start < reach for it in scanned.mentions):
            return _forward(scanned, token, modifier)
    return _backward(scanned, token, modifier)


def _ends_clause(scanned: Scanned, token: Token) -> bool:
    _, end = scanned.clause_span(scanned.clause_of(token.start))
    return not scanned.text[token.end : end].strip(" )")


def _forward(scanned: Scanned, token: Token, modifier: Modifier) -> ConTextModifier:
    end = _forward_end(scanned, token, modifier.state)
    return ConTextModifier(_rule(modifier, "forward"), token.start, token.end, None, token.end, end)


def _forward_end(scanned: Scanned, token: Token, state: State) -> int:
    """Where a modifier stops: at a contrast, a verb of seeing, or a comma that opens a new matter."""
    clause = scanned.clause_of(token.start)
    _, end = scanned.clause_span(clause)
    for stop in _stops(scanned, token.end, end):
        if state == "家族" or (state == "假设" and stop < token.end + 3):
            continue
        return stop
    while clause < len(scanned.sentence.commas):
        clause += 1
        start, next_end = scanned.clause_span(clause)
        if not _carries(scanned, start, next_end):
            break
        end = next_end
    return end


def _stops(scanned: Scanned, start: int, end: int) -> list[int]:
    return [it.start for it in scanned.tokens if start <= it.start < end and STOP in it.kinds]


def _carries(scanned: Scanned, start: int, end: int) -> bool:
    """Whether the clause is only noun phrases joined by 及 or 和, which belong to the list before."""
    terms = joins = 0
    rest = list(scanned.text[start:end])
    for token in scanned.tokens:
        if not start <= token.start < end:
            continue
        if not token.kinds.isdisjoint(_NEW_MATTER):
            return False
        if TERM in token.kinds:
            terms += 1
        elif JOIN in token.kinds:
            joins += 1
        else:
            continue
        for at in range(token.start - start, token.end - start):
            rest[at] = " "
    return terms > 1 and joins > 0 and _OWN_MATTER.fullmatch("".join(rest)) is not None


_NEW_MATTER: Final = frozenset({CUE, STOP, SIDE, SITE, ENUM, CHANGE})


def _backward(scanned: Scanned, token: Token, modifier: Modifier) -> ConTextModifier | None:
    """A modifier that follows: it reaches the nearest mention of its clause, and those listed with it."""
    start, _ = scanned.clause_span(scanned.clause_of(token.start))
    before = [it for it in scanned.mentions if start <= it.start and it.end <= token.start]
    if not before:
        return None
    nearest = before[-1]
    if token.start - nearest.end > BACKWARD_GAP or _cut(scanned, nearest.end, token.start):
        return None
    reach = nearest.start
    for mention in reversed(before[:-1]):
        if mention.start == nearest.start:
            continue
        between = scanned.text[mention.end : reach]
        if not _LIST_GAP.fullmatch(between) or not between.strip(" ()"):
            break
        reach = mention.start
    return ConTextModifier(_rule(modifier, "backward"), token.start, token.end, None, reach, token.start)


def _cut(scanned: Scanned, start: int, end: int) -> bool:
    return any(
        start <= it.start < end and (STOP in it.kinds or (CUE in it.kinds and _negates(it)))
        for it in scanned.tokens
    )


def _negates(token: Token) -> bool:
    modifier: Modifier = token.get(CUE)
    return modifier.state == "无"

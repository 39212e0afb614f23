"""The words of one sentence -> runs of sites and mentions of concepts, each with its place in the body."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

from rules_dsl.report.findings import Mention, Run
from rules_dsl.report.lexicon import HEAD, SIDE, SITE, STOP, TAIL, TERM, Token
from rules_dsl.report.model import Term
from rules_dsl.report.segments import Sentence

SPLIT_GAP: Final = 24
_AFTERWARDS: Final = ("位于", "见于", "分布于", "累及", "位置", "在")
_LISTED_AFTER: Final = re.compile(r"\s*(?:\([^)]{0,16}\))?\s*(?:、|及|和|与|以及)\s*")
_PAIRS: Final = frozenset("两双")
_IN_PARENTHESES: Final = frozenset("([")


class Scanned:
    """One sentence: its words, runs and mentions in the order of the text."""

    def __init__(self, text: str, sentence: Sentence, number: int, tokens: list[Token]) -> None:
        self.text, self.sentence, self.number, self.tokens = text, sentence, number, tokens
        self.runs: list[Run] = []
        self.mentions: list[Mention] = []

    def holds(self, word: str) -> bool:
        return self.text.find(word, self.sentence.start, self.sentence.end) >= 0

    def clause_of(self, offset: int) -> int:
        return bisect_left(self.sentence.commas, offset)

    def clause_span(self, clause: int) -> tuple[int, int]:
        commas = self.sentence.commas
        start = commas[clause - 1] + 1 if clause else self.sentence.start
        return start, commas[clause] if clause < len(commas) else self.sentence.end


def scan(text: str, sentence: Sentence, number: int, tokens: list[Token]) -> Scanned:
    """Runs and mentions of one sentence."""
    scanned = Scanned(text, sentence, number, tokens)
    _find_runs(scanned)
    _find_mentions(scanned)
    _place(scanned)
    return scanned


def _find_runs(scanned: Scanned) -> None:
    open_run: Run | None = None
    for token in scanned.tokens:
        if not (SIDE in token.kinds or SITE in token.kinds):
            continue
        site, side = token.get(SITE), token.get(SIDE)
        written = scanned.text[token.start : token.end]
        if site is None and written in _PAIRS and not _before_a_site(scanned, token):
            continue
        name = site.name if site else written
        if site and site.patterns and not site.words:
            name = written.upper()
        joined = open_run is not None and token.start - open_run.end <= 0
        if not joined or open_run is None:
            open_run = Run(token.start, token.start, [], [])
            scanned.runs.append(open_run)
        open_run.end = token.end
        open_run.names.append(name)
        open_run.written.append(written)
        open_run.organ = bool(site and site.organ)
        open_run.has_site = open_run.has_site or site is not None
        open_run.side = open_run.side or side or (site.side if site else None)


def _before_a_site(scanned: Scanned, token: Token) -> bool:
    """两 and 双 are sides before a place alone: 两肺, but 两枚."""
    return any(it.start == token.end and SITE in it.kinds for it in scanned.tokens)


def _find_mentions(scanned: Scanned) -> None:
    heads: list[Token] = []
    seen: set[tuple[int, str]] = set()
    for token in scanned.tokens:
        if TAIL in token.kinds:
            _join(scanned, token, heads, seen)
        if HEAD in token.kinds or SITE in token.kinds or TERM in token.kinds:
            heads.append(token)
        term = token.get(TERM)
        if term is not None and not any(at == token.start for at, _ in seen):
            scanned.mentions.append(_mention(scanned, term, token, None))


def _join(scanned: Scanned, tail: Token, heads: list[Token], seen: set[tuple[int, str]]) -> None:
    """Mentions of terms in two parts whose second part is `tail`: 胸腔…积液."""
    patterns = [entry.value for entry in tail.entries if entry.kind == TAIL]
    for head in heads:
        written = scanned.text[head.start : head.end]
        if tail.start - head.end > SPLIT_GAP or not _near(scanned, head, tail):
            continue
        for first, term in patterns:
            if written.endswith(first) and (tail.start, term.name) not in seen:
                seen.add((tail.start, term.name))
                mention = _mention(scanned, term, tail, (head.start, head.end))
                mention.joined = first + mention.written
                scanned.mentions.append(mention)


def _near(scanned: Scanned, head: Token, tail: Token) -> bool:
    """Whether both parts stand in one clause, or in two of which the second names no place of its own."""
    first, last = scanned.clause_of(head.start), scanned.clause_of(tail.start)
    if first == last:
        return True
    if last - first != 1:
        return False
    start, _ = scanned.clause_span(last)
    return not any(start <= run.start < tail.start and run.has_site for run in scanned.runs) and not any(
        head.end <= it.start < tail.start and TERM in it.kinds for it in scanned.tokens
    )


def _mention(scanned: Scanned, term: Term, token: Token, head: tuple[int, int] | None) -> Mention:
    written = scanned.text[token.start : token.end]
    density = term.density or term.densities.get(written)
    return Mention(
        term,
        token.start,
        token.end,
        scanned.clause_of(token.start),
        scanned.number,
        written,
        head=head,
        density=density,
        density_span=(token.start, token.end) if density else None,
    )


def _place(scanned: Scanned) -> None:
    """Give each mention its runs: those listed last before it, else those of the clauses before."""
    text, runs = scanned.text, scanned.runs
    current: list[Run] = []
    at = 0
    waiting: list[Mention] = []
    for mention in scanned.mentions:
        fresh: list[Run] = []
        while at < len(runs) and runs[at].start < mention.start:
            run = runs[at]
            at += 1
            if waiting and _placed_afterwards(text, run):
                _append(waiting[-1], run)
                continue
            if fresh and not _listed(scanned, fresh[-1], run):
                opens = "," in text[fresh[-1].end : run.start]
                fresh = [] if opens or run.has_site or not fresh[-1].has_site else fresh
            fresh.append(run)
        if fresh:
            current = fresh
        mention.runs = list(current)
        waiting.append(mention)
    before: Run | None = None
    for run in runs[at:]:
        if not waiting:
            break
        follows = before is not None and _LISTED_AFTER.fullmatch(text, before.end, run.start) is not None
        if follows or _placed_afterwards(text, run) or _parenthesis(text, run, waiting[-1]):
            _append(waiting[-1], run)
            before = run
    for mention in scanned.mentions:
        mention.side = mention.term.side or _side(mention.runs)


def _append(mention: Mention, run: Run) -> None:
    if run not in mention.runs:
        mention.runs.append(run)


def _placed_afterwards(text: str, run: Run) -> bool:
    before = text[max(0, run.start - 4) : run.start]
    return any(word in before for word in _AFTERWARDS)


def _parenthesis(text: str, run: Run, mention: Mention) -> bool:
    return run.start > mention.end and text[run.start - 1] in _IN_PARENTHESES and run.start - mention.end <= 6


def _listed(scanned: Scanned, first: Run, second: Run) -> bool:
    """Whether two runs are members of one list: only a joining word and fillers lie between them."""
    between = scanned.text[first.end : second.start]
    if len(between) > 6:
        return False
    return (
        not any(
            first.end <= it.start < second.start and (STOP in it.kinds or TERM in it.kinds)
            for it in scanned.tokens
        )
        and "," not in between
    )


def _side(runs: list[Run]) -> str | None:
    sides = {run.side for run in runs if run.side}
    if not sides:
        return None
    return sides.pop() if len(sides) == 1 else "双"

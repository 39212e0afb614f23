"""What comes out of a report: mentions of concepts, values, and where in the text each was read."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, NamedTuple

from rules_dsl.report.model import State, Term

Span = tuple[int, int]


@dataclass(slots=True)
class Run:
    """A place in the body as written: 右肺上叶尖段 is 右, 肺, 上叶, 尖段."""

    start: int
    end: int
    names: list[str]
    written: list[str]
    side: str | None = None
    organ: bool = False
    has_site: bool = False

    @property
    def text(self) -> str:
        return "".join(self.names)


@dataclass(slots=True)
class Mention:
    """One naming of a concept, with all that the sentence says of it."""

    term: Term
    start: int
    end: int
    clause: int
    sentence: int
    written: str
    state: State = "有"
    cue: Span | None = None
    section: str | None = None
    head: Span | None = None
    joined: str | None = None
    runs: list[Run] = field(default_factory=list)
    side: str | None = None
    count: Any = None
    count_span: Span | None = None
    sizes: list[Size] = field(default_factory=list)
    density: str | None = None
    density_span: Span | None = None
    change: str | None = None
    change_span: Span | None = None

    @property
    def asserted(self) -> bool:
        return self.state in ("有", "可疑")


@dataclass(slots=True)
class Size:
    """Sizes in mm; `bound` is lt or gt; `previous` is that of an earlier examination."""

    start: int
    end: int
    values: tuple[float, ...]
    bound: str | None = None
    previous: bool = False


class Value(NamedTuple):
    """A value of one family, with the characters it was read from and the rule that read it."""

    family: str
    key: str
    value: Any
    spans: tuple[Span, ...]
    rule: str
    because: str = ""


@dataclass
class Findings:
    """All of one report.

    `coverage` is the share of its sentences in which a value was found; `stopped` names the rules that found
    far too much to mean anything, and were stopped.
    """

    mentions: list[Mention]
    values: list[Value]
    coverage: float
    package: str
    version: str
    hash: str
    stopped: tuple[str, ...] = ()

    def of(self, family: str) -> dict[str, Any]:
        """The values of a family by key."""
        return {it.key: it.value for it in self.values if it.family == family}

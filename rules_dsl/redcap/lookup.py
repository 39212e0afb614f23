"""What translations must know of a REDCap project: its variables, their types and how they are reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Protocol

from rules_dsl.types import RuleType


@dataclass(frozen=True)
class RedcapVariable:
    """A REDCap variable: the field path that a rule reaches it by, and its type.

    A checkbox group is one variable of type CHOICES; yes/no and true/false may be CHOICE or BOOLEAN.
    """

    path: str
    type: RuleType


class RedcapLookup(Protocol):
    """Finds variables and events by REDCap's names."""

    def variable(self, name: str, event: str | None) -> RedcapVariable | None:
        """The variable `name`, of the event `event` where the logic names one; None where there is none."""
        ...

    def has_event(self, name: str) -> bool:
        """Whether the project has the event with this unique name."""
        ...


@dataclass(frozen=True)
class RedcapName:
    """How REDCap's logic names a field: the variable, its type, and the event where it must be named."""

    variable: str
    type: RuleType
    event: str | None = None

    def written(self, code: str | None = None) -> str:
        """`[variable]`, `[variable(code)]` for a choice of a checkbox, with `[event]` before it."""
        event = f"[{self.event}]" if self.event else ""
        return f"{event}[{self.variable}]" if code is None else f"{event}[{self.variable}({code})]"


class RedcapNames(Protocol):
    """Finds REDCap's names by our field paths: the way back of a lookup."""

    def name_of(self, path: str) -> RedcapName | None:
        """What REDCap calls the field; None where no variable of the project holds it."""
        ...


@dataclass(frozen=True)
class RedcapDictionary:
    """Both ways over a plain dictionary of variables; events reach them as `event.variable`."""

    types: Mapping[str, RuleType]
    events: Collection[str] = field(default_factory=frozenset)

    def variable(self, name: str, event: str | None) -> RedcapVariable | None:
        found = self.types.get(name)
        if found is None:
            return None
        return RedcapVariable(name if event is None else f"{event}.{name}", found)

    def has_event(self, name: str) -> bool:
        return name in self.events

    def name_of(self, path: str) -> RedcapName | None:
        event, dot, variable = path.rpartition(".")
        found = self.types.get(variable)
        if found is None or (dot and event not in self.events):
            return None
        return RedcapName(variable, found, event or None)

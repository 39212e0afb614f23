"""What a translation must know of the REDCap project: its variables, their types and how they are reached."""

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
class RedcapDictionary:
    """A lookup over a plain dictionary of variables; events reach them as `event.variable`."""

    types: Mapping[str, RuleType]
    events: Collection[str] = field(default_factory=frozenset)

    def variable(self, name: str, event: str | None) -> RedcapVariable | None:
        found = self.types.get(name)
        if found is None:
            return None
        return RedcapVariable(name if event is None else f"{event}.{name}", found)

    def has_event(self, name: str) -> bool:
        return name in self.events

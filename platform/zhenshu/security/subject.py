"""Who acts: a user, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Subject:
    """The one on whose behalf a unit of work runs.

    `permissions` holds (action, resource kind) pairs, e.g. ("view", "records"). `address` is the network
    address a request came from, or "" on the command line.
    """

    id: int | None
    name: str
    roles: frozenset[str] = frozenset()
    permissions: frozenset[tuple[str, str]] = frozenset()
    language: str = "zh"
    address: str = ""
    is_system: bool = False

    def may(self, action: str, resource_kind: str) -> bool:
        return self.is_system or (action, resource_kind) in self.permissions


NOBODY = Subject(id=None, name="nobody")
SYSTEM = Subject(id=None, name="system", is_system=True)

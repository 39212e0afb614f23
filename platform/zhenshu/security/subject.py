"""Who acts: a user, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass

from zhenshu.security.grant import Grant


@dataclass(frozen=True, slots=True)
class Subject:
    """The one on whose behalf a unit of work runs.

    `permissions` holds (action, resource kind) pairs, e.g. ("view", "records"): what its roles permit at
    most. `grants` say on which data. `address` is the network address a request came from, or "" on the
    command line. `view_as` is another one through whose eyes it looks, too: it sees what both may see.
    """

    id: int | None
    name: str
    roles: frozenset[str] = frozenset()
    permissions: frozenset[tuple[str, str]] = frozenset()
    language: str = "zh"
    address: str = ""
    is_system: bool = False
    grants: tuple[Grant, ...] = ()
    view_as: Subject | None = None

    def may(self, action: str, resource_kind: str) -> bool:
        """Whether its roles permit the action on some resource of the kind."""
        permitted = self.is_system or (action, resource_kind) in self.permissions
        return permitted and (self.view_as is None or self.view_as.may(action, resource_kind))


NOBODY = Subject(id=None, name="nobody")
SYSTEM = Subject(id=None, name="system", is_system=True)

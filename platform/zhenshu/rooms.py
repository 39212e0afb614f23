"""A room: one part of the house, and what it brings to the whole. `assembly` lists the rooms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import click

    from zhenshu.audit.labels import AuditNames
    from zhenshu.db.unit_of_work import UnitOfWork
    from zhenshu.events import Event
    from zhenshu.instance import Instance
    from zhenshu.jobs import JobKind
    from zhenshu.storage import FileObject
    from zhenshu.web.api import Api


@dataclass(frozen=True, slots=True)
class Permission:
    """An action on a kind of resource that roles may hold, e.g. ("design", "databases")."""

    action: str
    resource_kind: str


@dataclass(frozen=True, slots=True)
class Listener:
    """Hears events named `event`; may be called twice for one event and must bear it."""

    name: str
    event: str
    hear: Callable[[Instance, Event], None]


@dataclass(frozen=True, slots=True)
class Check:
    """One part of `zhenshu check`: returns what is wrong, a line each, and nothing when all is well."""

    name: str
    run: Callable[[Instance], Sequence[str]]


@dataclass(frozen=True)
class Room:
    """What one room contributes. `record_types` are metamodel Contributions, opaque to the ground."""

    name: str
    record_types: Sequence[Any] = ()
    routes: Sequence[type[Api]] = ()
    jobs: Sequence[JobKind] = ()
    listeners: Sequence[Listener] = ()
    commands: Sequence[click.Command] = ()
    permissions: Sequence[Permission] = ()
    checks: Sequence[Check] = ()
    seeds: Sequence[Path] = ()
    grant_check: Callable[[UnitOfWork, str, str], str | None] | None = None  # see security.grants.parties
    file_check: Callable[[UnitOfWork, FileObject], bool | None] | None = None  # see storage.access
    audit_names: AuditNames | None = None
    on_init: Callable[[Instance], None] | None = None  # after migrations, in `zhenshu init`

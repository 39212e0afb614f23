"""What goes into the record store and what comes out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from metamodel.records.problems import Problem

Provenance = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NewRecord:
    """A record to add. `values` and `missing` (reason codes) go by field code; `repeat_key` None: next."""

    values: Mapping[str, Any]
    parent: int | None = None
    event: str = ""
    repeat_key: int | None = None
    missing: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Saved:
    """A stored record: its id, its version now, and what was odd about it."""

    id: int
    version: int
    warnings: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class BulkResult:
    """Ids in the order of the rows, None for a rejected one; rejected rows with their problems.

    `warnings` are those of stored rows.
    """

    ids: list[int | None]
    rejected: list[tuple[int, list[Problem]]]
    warnings: list[tuple[int, list[Problem]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class RecordRef:
    """A record by type path ("lung.visit") and id, with its version after the act."""

    type: str
    id: int
    version: int


@dataclass(frozen=True)
class RevisionView:
    """One step of a record's history. `changes` and `missing` go by field code: (old, new) JSON values.

    `forgotten` tells that identifying values of this step can't be read any more.
    """

    version: int
    action: str
    at: datetime
    by: str
    channel: str
    release_id: int
    changes: Mapping[str, tuple[Any, Any]]
    missing: Mapping[str, tuple[Any, Any]]
    provenance: Provenance | None
    forgotten: bool = False

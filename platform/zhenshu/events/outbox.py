"""The outbox: what happened, by reference, never by value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Column, Integer, String, Table

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import JsonText, UtcDateTime
from zhenshu.db.unit_of_work import UnitOfWork

outbox_event = Table(
    "outbox_event",
    platform_metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("name", String(64), nullable=False),
    Column("version", Integer, nullable=False),
    Column("resource", String(255), nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("catalogue_revision", Integer, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime, index=True),
)


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened, e.g. `record.saved`. `payload` holds ids and counts only."""

    name: str
    resource: str
    payload: Mapping[str, Any] = field(default_factory=dict)
    version: int = 1
    id: int = 0
    catalogue_revision: int = 0
    at: datetime | None = None


def emit(uow: UnitOfWork, event: Event) -> None:
    """Put `event` into the outbox in the transaction of `uow`."""
    uow.conn.execute(
        outbox_event.insert(),
        {
            "name": event.name,
            "version": event.version,
            "resource": event.resource,
            "payload": dict(event.payload),
            "catalogue_revision": uow.revision,
            "at": uow.at,
        },
    )

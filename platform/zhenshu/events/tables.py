"""How far each event has come with each of its listeners."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import UtcDateTime

event_delivery = Table(
    "event_delivery",
    platform_metadata,
    Column("event_id", BigInteger, primary_key=True, autoincrement=False),
    Column("listener", String(64), primary_key=True),
    Column("state", String(16), nullable=False, index=True),  # waiting | heard | given_up
    Column("attempts", Integer, nullable=False),
    Column("last_error", String(128)),  # a class name, never a message
    Column("next_at", UtcDateTime),
    Column("heard_at", UtcDateTime),
)

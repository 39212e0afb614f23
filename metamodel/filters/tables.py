"""The table of saved filters. Rows change and go in place: nothing typed into a filter is kept for ever."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, LargeBinary, String, Table

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import UtcDateTime

saved_filter = Table(
    "saved_filter",
    platform_metadata,
    Column("id", Integer, primary_key=True),
    Column("definition_id", Integer, ForeignKey("definition.id"), nullable=False),  # its database
    Column("type_id", String(64), nullable=False),  # the record type's own id, which renaming leaves alone
    Column("owner_id", Integer),  # None: the system
    Column("owner_name", String(128), nullable=False),
    Column("shared", Boolean, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", LargeBinary, nullable=False),  # sealed: a filter may hold a patient's name or number
    Column("updated_by", String(128), nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    Column("removed_at", UtcDateTime),  # in the trash since
    Index("ix_saved_filter_database", "definition_id", "id"),
)


def sealed_context(definition_id: int, owner_id: int | None) -> bytes:
    """A sealed document can't be moved to another database or person."""
    return f"saved_filter:{definition_id}:{owner_id}".encode()

"""The table of stored files. Bytes lie in a storage under a random path, never under the file's name."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import JsonText, UtcDateTime

file_object = Table(
    "file_object",
    platform_metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("name", String(255), nullable=False),  # as shown to people
    Column("media_type", String(127), nullable=False),
    Column("size", BigInteger, nullable=False),  # bytes
    Column("sha256", String(64), nullable=False),
    Column("attributes", JsonText, nullable=False),
    Column("state", String(16), nullable=False),  # stored | deleted | expired
    Column("storage", String(32), nullable=False),
    Column("path", String(80), nullable=False, unique=True),
    Column("subject_id", Integer, index=True),
    Column("created_by", String(128), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime),
    Column("removed_at", UtcDateTime),
    Index("ix_file_object_state_expires_at", "state", "expires_at"),
)

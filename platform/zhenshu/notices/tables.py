"""What users are told: one row per user and notice."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table, UniqueConstraint

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import UtcDateTime

notice = Table(
    "notice",
    platform_metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    Column("user_id", Integer, nullable=False),
    Column("kind", String(64), nullable=False),  # e.g. job.done
    Column("key", String(191), nullable=False),  # what it is about; once per user
    Column("zh", String(1000), nullable=False),
    Column("en", String(1000), nullable=False),
    Column("link", String(500), nullable=False),  # a path of our own pages, or ""
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("read_at", UtcDateTime),
    UniqueConstraint("user_id", "key"),
    Index("ix_notice_user", "user_id", "id"),
)

"""The chain of seals over the audit trail. It stands beside the trail, whose rows never change."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer, String, Table

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import UtcDateTime

audit_seal = Table(
    "audit_seal",
    platform_metadata,
    Column("seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("entry_id", BigInteger, nullable=False, unique=True),
    Column("sealed_at", UtcDateTime, nullable=False),
    Column("seal", String(64), nullable=False),  # HMAC-SHA256, hex
)

# Stretches of the chain that lie in files, from its beginning on. The database lets go of their rows alone.
audit_archive = Table(
    "audit_archive",
    platform_metadata,
    Column("to_seq", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=False),
    Column("from_seq", BigInteger, nullable=False),
    Column("seal", String(64), nullable=False),  # of `to_seq`
    Column("file", String(128), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("first_at", UtcDateTime, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
    Column("archived_at", UtcDateTime, nullable=False),
)

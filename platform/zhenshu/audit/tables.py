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

"""Tables of requests for access: what was asked, each step of it, uses of grants, and emergencies."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, Index, Integer, String, Table

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import JsonText, UtcDateTime

BigId = BigInteger().with_variant(Integer, "sqlite")

# What a user asks for, as asked; what was granted stands in the grant.
access_request = Table(
    "access_request",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("subject_id", Integer, nullable=False),
    Column("database", String(64), nullable=False),
    Column("record_type", String(64), nullable=False),  # "" for all of the database
    Column("actions", JsonText, nullable=False),
    Column("identifying", Boolean, nullable=False),
    Column("grade", Integer, nullable=False),
    Column("project", String(64), nullable=False),  # the project it is for, or ""
    Column("ends_at", UtcDateTime, nullable=False),
    Column("reason", String(1000), nullable=False),
    Column("asked_at", UtcDateTime, nullable=False),
    Column("state", String(16), nullable=False),  # asked, granted, refused, withdrawn, revoked, ended
    Column("grant_id", BigInteger, unique=True),
    Index("ix_access_request_subject", "subject_id", "id"),
    Index("ix_access_request_state", "state", "id"),
)

# Each step of a request, in order; rows are added and never changed.
access_request_step = Table(
    "access_request_step",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("request_id", BigInteger, nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("by_id", Integer),  # NULL: the platform itself
    Column("by_name", String(128), nullable=False),
    Column("step", String(16), nullable=False),  # ask, grant, refuse, withdraw, revoke, end
    Column("reason", String(1000), nullable=False),
    Column("detail", JsonText),  # of a grant: what it gives
)

# How often a grant was used on one day, in UTC.
grant_use = Table(
    "grant_use",
    platform_metadata,
    Column("grant_id", BigInteger, primary_key=True, autoincrement=False),
    Column("subject_id", Integer, primary_key=True, autoincrement=False),
    Column("resource", String(128), primary_key=True),
    Column("action", String(32), primary_key=True),
    Column("channel", String(16), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("count", BigInteger, nullable=False),
    Column("last_at", UtcDateTime, nullable=False),
)

# Access taken in an emergency; the grant holds what it opens and until when.
emergency_access = Table(
    "emergency_access",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("grant_id", BigInteger, nullable=False, unique=True),
    Column("subject_id", Integer, nullable=False),
    Column("database", String(64), nullable=False),
    Column("record_type", String(64), nullable=False),  # "" for all of the database
    Column("record_id", BigInteger),  # the record that it was taken at
    Column("patient_id", BigInteger),  # the one patient it is for; NULL: all of the database
    Column("reason", String(1000), nullable=False),
    Column("started_at", UtcDateTime, nullable=False),
    Column("ends_at", UtcDateTime, nullable=False),
    Column("ended_at", UtcDateTime),  # before its time
    Column("reviewed_by", String(128)),
    Column("reviewed_at", UtcDateTime),
    Column("remark", String(1000), nullable=False),
    Index("ix_emergency_access_subject", "subject_id", "ends_at"),
)

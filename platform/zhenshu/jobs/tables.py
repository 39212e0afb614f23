"""The job table is the truth about every job; messages to workers only wake them."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    false,
    text,
)

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import JsonText, UtcDateTime

BigId = BigInteger().with_variant(Integer, "sqlite")

job = Table(
    "job",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("kind", String(64), nullable=False),
    Column("queue", String(32), nullable=False),
    Column("priority", Integer, nullable=False),  # 0 first ... 9 last
    Column("label", JsonText),  # {"zh": ..., "en": ...}; None: the kind's own
    Column("args", JsonText, nullable=False),  # ids, codes and counts only
    Column("sealed_args", LargeBinary),  # those that may hold a patient's value; gone once the job is done
    Column("subject", JsonText, nullable=False),  # see zhenshu.jobs.subjects
    Column("subject_id", Integer, index=True),
    Column("created_by", String(128), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("state", String(16), nullable=False),  # queued | running | done | failed | cancelled
    Column("progress", BigInteger, nullable=False, server_default="0"),
    Column("total", BigInteger),
    Column("cursor", JsonText),  # where to go on after an interruption
    Column("result", JsonText),
    Column("error", JsonText),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("max_attempts", Integer, nullable=False),
    Column("cancel_requested", Boolean, nullable=False, server_default=false()),
    Column("lease_owner", String(64)),
    Column("lease_until", UtcDateTime),
    Column("not_before", UtcDateTime),
    Column("sent_at", UtcDateTime),  # when a message for it last went out
    Column("created_at", UtcDateTime, nullable=False),
    Column("started_at", UtcDateTime),
    Column("finished_at", UtcDateTime),
    Index(
        "ix_job_open",
        "state",
        "priority",
        "id",
        sqlite_where=text("state IN ('queued', 'running')"),
        postgresql_where=text("state IN ('queued', 'running')"),
    ),
)

job_log = Table(
    "job_log",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("job_id", BigInteger, ForeignKey("job.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("level", String(8), nullable=False),  # info | warning | error
    Column("zh", String(1000), nullable=False),
    Column("en", String(1000), nullable=False),
)

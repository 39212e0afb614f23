"""Requests for access, their steps, uses of grants, and access in emergencies."""

import sqlalchemy as sa
from alembic import op

from zhenshu.db.migrations.append_only import make_append_only
from zhenshu.db.types import JsonText, UtcDateTime

revision = "0014_requests"
down_revision = "0013_grants"
branch_labels = None
depends_on = None

BIG_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    _requests()
    _steps()
    _uses()
    _emergencies()


def _requests() -> None:
    op.create_table(
        "access_request",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("database", sa.String(length=64), nullable=False),
        sa.Column("record_type", sa.String(length=64), nullable=False),
        sa.Column("actions", JsonText(), nullable=False),
        sa.Column("identifying", sa.Boolean(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("project", sa.String(length=64), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("asked_at", UtcDateTime(), nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("grant_id", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request")),
        sa.UniqueConstraint("grant_id", name=op.f("uq_access_request_grant_id")),
    )
    op.create_index("ix_access_request_subject", "access_request", ["subject_id", "id"], unique=False)
    op.create_index("ix_access_request_state", "access_request", ["state", "id"], unique=False)


def _steps() -> None:
    op.create_table(
        "access_request_step",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("by_name", sa.String(length=128), nullable=False),
        sa.Column("step", sa.String(length=16), nullable=False),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("detail", JsonText(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_request_step")),
    )
    op.create_index(
        op.f("ix_access_request_step_request_id"), "access_request_step", ["request_id"], unique=False
    )
    make_append_only("access_request_step")


def _uses() -> None:
    op.create_table(
        "grant_use",
        sa.Column("grant_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("subject_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("resource", sa.String(length=128), nullable=False),
        sa.Column("action", sa.String(length=32), nullable=False),
        sa.Column("channel", sa.String(length=16), nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("count", sa.BigInteger(), nullable=False),
        sa.Column("last_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint(
            "grant_id", "subject_id", "resource", "action", "channel", "day", name=op.f("pk_grant_use")
        ),
    )


def _emergencies() -> None:
    op.create_table(
        "emergency_access",
        sa.Column("id", BIG_ID, nullable=False),
        sa.Column("grant_id", sa.BigInteger(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("database", sa.String(length=64), nullable=False),
        sa.Column("record_type", sa.String(length=64), nullable=False),
        sa.Column("record_id", sa.BigInteger(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.Column("reviewed_by", sa.String(length=128), nullable=True),
        sa.Column("reviewed_at", UtcDateTime(), nullable=True),
        sa.Column("remark", sa.String(length=1000), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_emergency_access")),
        sa.UniqueConstraint("grant_id", name=op.f("uq_emergency_access_grant_id")),
    )
    op.create_index(
        "ix_emergency_access_subject", "emergency_access", ["subject_id", "ends_at"], unique=False
    )

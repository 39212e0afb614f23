"""Codes sent to phones to sign in with."""

import sqlalchemy as sa
from alembic import op

from zhenshu.db.types import UtcDateTime

revision = "0012_login_codes"
down_revision = "0011_second_factor"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "login_code",
        sa.Column("phone_index", sa.String(length=64), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("code_hash", sa.String(length=64), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("phone_index", name=op.f("pk_login_code")),
    )
    op.create_index(op.f("ix_login_code_expires_at"), "login_code", ["expires_at"], unique=False)

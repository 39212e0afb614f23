"""Accounts that end, their phone numbers, and what administrators choose for all accounts."""

import sqlalchemy as sa
from alembic import op

from zhenshu.db.types import JsonText, UtcDateTime

revision = "0009_account_details"
down_revision = "0008_quality"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("expires_at", UtcDateTime(), nullable=True))
    op.add_column("account", sa.Column("phone_sealed", sa.LargeBinary(), nullable=True))
    op.add_column("account", sa.Column("phone_index", sa.String(length=64), nullable=True))
    op.create_index(op.f("ix_account_phone_index"), "account", ["phone_index"], unique=True)
    op.create_table(
        "security_setting",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("value", JsonText(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_security_setting")),
    )

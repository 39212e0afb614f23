"""Account templates, and files with secrets that are fetched once."""

import sqlalchemy as sa
from alembic import op

from zhenshu.db.types import UtcDateTime

revision = "0010_account_templates"
down_revision = "0009_account_details"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "account_template",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("role", sa.String(length=64), nullable=False),
        sa.Column("language", sa.String(length=8), nullable=False),
        sa.Column("valid_days", sa.Integer(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_template")),
        sa.UniqueConstraint("name", name=op.f("uq_account_template_name")),
    )
    op.create_table(
        "sealed_result",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sealed_result")),
    )
    op.create_index(op.f("ix_sealed_result_expires_at"), "sealed_result", ["expires_at"], unique=False)

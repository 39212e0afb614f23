"""Versions of the key that blind indexes are made with, and how far its replacement has come."""

import sqlalchemy as sa
from alembic import op

from zhenshu.db.types import UtcDateTime

revision = "0022_index_rotation"
down_revision = "0020_audit_retention"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "catalogue_state", sa.Column("index_version", sa.Integer(), server_default="1", nullable=False)
    )
    op.add_column("catalogue_state", sa.Column("index_former", sa.Integer(), nullable=True))
    op.create_table(
        "index_rotation",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("place", sa.Integer(), server_default="0", nullable=False),
        sa.Column("after", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("done", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("unread", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("started_at", UtcDateTime(), nullable=False),
        sa.Column("finished_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_index_rotation")),
    )

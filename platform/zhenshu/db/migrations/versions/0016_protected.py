"""Protected columns, and versions of the key that patients' keys are wrapped with."""

import sqlalchemy as sa
from alembic import op

from zhenshu.db.types import UtcDateTime

revision = "0016_protected"
down_revision = "0015_audit_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "storage_column", sa.Column("protected", sa.Boolean(), server_default=sa.false(), nullable=False)
    )
    op.add_column("patient_key", sa.Column("key_version", sa.Integer(), server_default="1", nullable=False))
    op.create_index(op.f("ix_patient_key_key_version"), "patient_key", ["key_version"], unique=False)
    versions = op.create_table(
        "wrapping_key",
        sa.Column("version", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("state", sa.String(length=16), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=True),
        sa.Column("retired_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_wrapping_key")),
    )
    op.execute(versions.insert().values(version=1, state="current"))

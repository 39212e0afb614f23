"""What quality runs found."""

import sqlalchemy as sa
from alembic import op

from zhenshu.db.types import UtcDateTime

revision = "0008_quality"
down_revision = "0007_saved_filters"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "quality_result",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("type_id", sa.String(length=64), nullable=False),
        sa.Column("rule", sa.String(length=128), nullable=False),
        sa.Column("release_number", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("total", sa.Integer(), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("unknown", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(
            ["definition_id"], ["definition.id"], name=op.f("fk_quality_result_definition_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quality_result")),
    )
    op.create_index(
        "ix_quality_result_rule", "quality_result", ["definition_id", "type_id", "rule", "at"], unique=False
    )

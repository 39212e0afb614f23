"""Notices to users; jobs get labels and sealed arguments; a user's latest revisions are found by index."""

import sqlalchemy as sa
from alembic import op

from zhenshu.db.types import JsonText, UtcDateTime

revision = "0005_notices"
down_revision = "0004_archive"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "notice",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("key", sa.String(length=191), nullable=False),
        sa.Column("zh", sa.String(length=1000), nullable=False),
        sa.Column("en", sa.String(length=1000), nullable=False),
        sa.Column("link", sa.String(length=500), nullable=False),
        sa.Column("at", UtcDateTime(), nullable=False),
        sa.Column("read_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_notice_user_id_key")),
    )
    op.create_index(op.f("ix_notice_at"), "notice", ["at"], unique=False)
    op.create_index("ix_notice_user", "notice", ["user_id", "id"], unique=False)
    op.add_column("job", sa.Column("label", JsonText(), nullable=True))
    op.add_column("job", sa.Column("sealed_args", sa.LargeBinary(), nullable=True))
    _forget_filters_of_exports()
    op.create_index("ix_revision_subject", "revision", ["subject_id", "id"], unique=False)


def _forget_filters_of_exports() -> None:
    """The filter of an export that is done is needed no more, and it may hold an identifying value."""
    job = sa.table(
        "job",
        sa.column("id", sa.BigInteger),
        sa.column("kind", sa.String),
        sa.column("state", sa.String),
        sa.column("args", JsonText()),
    )
    done = sa.select(job.c.id, job.c.args).where(job.c.kind == "records.export", job.c.state == "done")
    for job_id, args in op.get_bind().execute(done).all():
        if args.pop("where", None) is not None:
            op.get_bind().execute(sa.update(job).where(job.c.id == job_id).values(args=args))

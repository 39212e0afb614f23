"""Accounts of the hospital's directory, since when an account is in use, and the devices of logins."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from zhenshu.db.types import UtcDateTime

revision = "0017_directory"
down_revision = "0016_protected"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("directory", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("account", sa.Column("directory_id", sa.String(length=128), nullable=True))
    op.create_index(op.f("ix_account_directory_id"), "account", ["directory_id"], unique=True)
    op.add_column("account", sa.Column("enabled_at", UtcDateTime(), nullable=True))
    # Nobody is disabled for what was before there was such a rule: the days count from now on.
    account = sa.table("account", sa.column("enabled_at", UtcDateTime()))
    op.execute(account.update().values(enabled_at=datetime.now(UTC)))
    op.add_column(
        "login_session", sa.Column("device", sa.String(length=200), server_default="", nullable=False)
    )

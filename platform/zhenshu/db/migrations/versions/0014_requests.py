"""Requests for access, their steps, and uses of grants."""

revision = "0014_requests"
down_revision = "0013_grants"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""

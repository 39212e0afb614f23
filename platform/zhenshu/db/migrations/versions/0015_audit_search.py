"""Searching the audit trail by patient, and its keeping."""

revision = "0015_audit_search"
down_revision = "0014_requests"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""

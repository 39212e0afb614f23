"""Keys of protected columns."""

revision = "0016_protected"
down_revision = "0015_audit_search"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""

"""Grants, projects and grades of examinations."""

revision = "0013_grants"
down_revision = "0012_login_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Nothing yet."""

"""Grants, projects and grades of examinations. Whoever could work with records before still can."""

from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

from zhenshu.db.types import JsonText, UtcDateTime

revision = "0013_grants"
down_revision = "0012_login_codes"
branch_labels = None
depends_on = None


def upgrade() -> None:
    _make_grants()
    _make_projects()
    _make_grades()
    _keep_what_roles_could()


def _make_grants() -> None:
    op.create_table(
        "access_grant",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=16), nullable=False),
        sa.Column("subject_kind", sa.String(length=16), nullable=False),
        sa.Column("subject_value", sa.String(length=64), nullable=False),
        sa.Column("duty", sa.String(length=32), nullable=False),
        sa.Column("resource", sa.String(length=129), nullable=False),
        sa.Column("actions", JsonText(), nullable=False),
        sa.Column("own", sa.Boolean(), nullable=False),
        sa.Column("row_rule", sa.Text(), nullable=False),
        sa.Column("classes", JsonText(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("channels", JsonText(), nullable=True),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("reason", sa.String(length=1000), nullable=False),
        sa.Column("request_id", sa.BigInteger(), nullable=True),
        sa.Column("granted_by", sa.Integer(), nullable=True),
        sa.Column("granted_by_name", sa.String(length=128), nullable=False),
        sa.Column("granted_at", UtcDateTime(), nullable=False),
        sa.Column("revoked_by", sa.Integer(), nullable=True),
        sa.Column("revoked_by_name", sa.String(length=128), nullable=True),
        sa.Column("revoked_at", UtcDateTime(), nullable=True),
        sa.Column("revoke_reason", sa.String(length=1000), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_grant")),
    )
    op.create_index(
        "ix_access_grant_subject", "access_grant", ["subject_kind", "subject_value"], unique=False
    )


def _make_projects() -> None:
    op.create_table(
        "project",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("code", sa.String(length=64), nullable=False),
        sa.Column("label", JsonText(), nullable=False),
        sa.Column("project_class", sa.String(length=64), nullable=False),
        sa.Column("starts_at", UtcDateTime(), nullable=False),
        sa.Column("ends_at", UtcDateTime(), nullable=True),
        sa.Column("closed_at", UtcDateTime(), nullable=True),
        sa.Column("created_by", sa.Integer(), nullable=True),
        sa.Column("created_by_name", sa.String(length=128), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project")),
        sa.UniqueConstraint("code", name=op.f("uq_project_code")),
    )
    op.create_index(op.f("ix_project_project_class"), "project", ["project_class"], unique=False)
    op.create_table(
        "project_database",
        sa.Column("project_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("database", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("project_id", "database", name=op.f("pk_project_database")),
    )
    op.create_table(
        "project_member",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("project_id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("duty", sa.String(length=32), nullable=False),
        sa.Column("joined_at", UtcDateTime(), nullable=False),
        sa.Column("left_at", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_project_member")),
    )
    op.create_index(op.f("ix_project_member_user_id"), "project_member", ["user_id"], unique=False)
    op.create_index(
        "uq_project_member_now",
        "project_member",
        ["project_id", "user_id", "duty"],
        unique=True,
        sqlite_where=sa.text("left_at IS NULL"),
        postgresql_where=sa.text("left_at IS NULL"),
    )


def _make_grades() -> None:
    op.create_table(
        "record_grade",
        sa.Column("record_type", sa.String(length=129), nullable=False),
        sa.Column("record_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("definition_id", sa.Integer(), nullable=False),
        sa.Column("own", sa.Integer(), nullable=False),
        sa.Column("grade", sa.Integer(), nullable=False),
        sa.Column("set_by_name", sa.String(length=128), nullable=False),
        sa.Column("set_at", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("record_type", "record_id", name=op.f("pk_record_grade")),
    )
    op.create_index(op.f("ix_record_grade_definition_id"), "record_grade", ["definition_id"], unique=False)


# What a role could do with records before there were grants: all that its list said, with every record.
_ACTIONS = ["view", "add", "edit", "delete", "download", "export", "design", "approve"]
_CLASSES = {"plain": "show", "identifying": "show"}
_HIGHEST = 2


def _keep_what_roles_could() -> None:
    """A standing grant for each role that has a permission on records."""
    conn = op.get_bind()
    role = sa.table("ab_role", sa.column("id"), sa.column("name"))
    held = sa.table("ab_permission_view_role", sa.column("permission_view_id"), sa.column("role_id"))
    pair = sa.table("ab_permission_view", sa.column("id"), sa.column("view_menu_id"))
    kind = sa.table("ab_view_menu", sa.column("id"), sa.column("name"))
    names = (
        sa.select(role.c.name)
        .distinct()
        .join(held, held.c.role_id == role.c.id)
        .join(pair, pair.c.id == held.c.permission_view_id)
        .join(kind, kind.c.id == pair.c.view_menu_id)
        .where(kind.c.name == "records")
        .order_by(role.c.name)
    )
    now = datetime.now(UTC)
    rows = [
        {
            "kind": "standing",
            "subject_kind": "role",
            "subject_value": name,
            "duty": "",
            "resource": "",
            "actions": _ACTIONS,
            "own": False,
            "row_rule": "",
            "classes": _CLASSES,
            "grade": _HIGHEST,
            "starts_at": now,
            "reason": "What the role could do before there were grants. 授权启用前该角色已有的权限。",
            "granted_by_name": "system",
            "granted_at": now,
        }
        for name in conn.scalars(names)
    ]
    if rows:
        conn.execute(sa.insert(_GRANT), rows)


_GRANT = sa.table(
    "access_grant",
    sa.column("kind"),
    sa.column("subject_kind"),
    sa.column("subject_value"),
    sa.column("duty"),
    sa.column("resource"),
    sa.column("actions", JsonText()),
    sa.column("own", sa.Boolean()),
    sa.column("row_rule"),
    sa.column("classes", JsonText()),
    sa.column("grade"),
    sa.column("starts_at", UtcDateTime()),
    sa.column("reason"),
    sa.column("granted_by_name"),
    sa.column("granted_at", UtcDateTime()),
)

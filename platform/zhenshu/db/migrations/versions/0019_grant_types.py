"""Grants follow renamed record types; emergencies for one patient; no standing grant wider than its role."""

from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from alembic import op

from zhenshu.db.types import JsonText

revision = "0019_grant_types"
down_revision = "0017_directory"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("access_grant", sa.Column("type_id", sa.String(length=64), nullable=True))
    op.add_column("access_grant", sa.Column("gone", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("access_grant", sa.Column("patient_id", sa.BigInteger(), nullable=True))
    op.add_column("emergency_access", sa.Column("patient_id", sa.BigInteger(), nullable=True))
    conn = op.get_bind()
    _name_types(conn)
    _narrow_standing(conn)


_GRANT = sa.table(
    "access_grant",
    sa.column("id"),
    sa.column("kind"),
    sa.column("subject_kind"),
    sa.column("subject_value"),
    sa.column("resource"),
    sa.column("actions", JsonText()),
    sa.column("classes", JsonText()),
    sa.column("type_id"),
    sa.column("gone", sa.Boolean()),
)


def _name_types(conn: sa.Connection) -> None:
    """What a grant on "database.record_type" is about, by the type's id; without a live one it is closed."""
    g = _GRANT.c
    ids = dict(_live_types(conn))
    for row in conn.execute(sa.select(g.id, g.resource).where(g.resource.like("%.%"))).all():
        type_id = ids.get(row.resource)
        values = {"gone": True} if type_id is None else {"type_id": type_id}
        conn.execute(sa.update(_GRANT).where(g.id == row.id).values(values))
    grade = sa.table("record_grade", sa.column("record_type"))
    for path, type_id in ids.items():  # of mapped types; others are named by a number
        named = f"{path.partition('.')[0]}#{type_id}"
        conn.execute(sa.update(grade).where(grade.c.record_type == path).values(record_type=named))


def _live_types(conn: sa.Connection) -> Iterator[tuple[str, str]]:
    database = sa.table("definition", sa.column("code"), sa.column("kind"), sa.column("live_release_id"))
    release = sa.table("definition_release", sa.column("id"), sa.column("document", JsonText()))
    live = sa.select(database.c.code, release.c.document).join(
        release, release.c.id == database.c.live_release_id
    )
    for code, document in conn.execute(live.where(database.c.kind == "database")):
        for kind in document.get("record_types") or ():
            yield f"{code}.{kind['code']}", kind.get("id") or kind["code"]


def _narrow_standing(conn: sa.Connection) -> None:
    """A standing grant says what its role permits, and no more."""
    g = _GRANT.c
    query = sa.select(g.id, g.subject_value, g.actions, g.classes)
    for row in conn.execute(query.where(g.kind == "standing", g.subject_kind == "role")).all():
        permitted = _permitted(conn, row.subject_value)
        if not permitted:
            continue  # a role of another time: nobody holds it
        values: dict[str, Any] = {"actions": [each for each in row.actions if _pair(each) in permitted]}
        if ("identify", "records") not in permitted and row.classes.get("identifying") == "show":
            values["classes"] = row.classes | {"identifying": "mask"}
        conn.execute(sa.update(_GRANT).where(g.id == row.id).values(values))


def _pair(action: str) -> tuple[str, str]:
    return action, "databases" if action in ("design", "approve") else "records"


def _permitted(conn: sa.Connection, name: str) -> set[tuple[str, str]]:
    role = sa.table("ab_role", sa.column("id"), sa.column("name"))
    held = sa.table("ab_permission_view_role", sa.column("permission_view_id"), sa.column("role_id"))
    pair = sa.table(
        "ab_permission_view", sa.column("id"), sa.column("permission_id"), sa.column("view_menu_id")
    )
    action = sa.table("ab_permission", sa.column("id"), sa.column("name"))
    kind = sa.table("ab_view_menu", sa.column("id"), sa.column("name"))
    query = (
        sa.select(action.c.name, kind.c.name)
        .select_from(role)
        .join(held, held.c.role_id == role.c.id)
        .join(pair, pair.c.id == held.c.permission_view_id)
        .join(action, action.c.id == pair.c.permission_id)
        .join(kind, kind.c.id == pair.c.view_menu_id)
        .where(role.c.name == name)
    )
    return {(row[0], row[1]) for row in conn.execute(query)}

"""An instance from before there were grants: whoever worked with records still does after its upgrade."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from sqlalchemy import text

from zhenshu.db.engine import WRITE_OPTION
from zhenshu.db.migrations import upgrade
from zhenshu.db.migrations.upgrade import config_for
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.grants import GrantFilter, list_grants
from zhenshu.security.grants.standing import give_standing
from zhenshu.security.secrets import Secrets
from zhenshu.settings import Settings

BEFORE = (
    "INSERT INTO ab_role (id, name) VALUES (1, 'reader'), (2, 'audit_admin'), (3, 'made here')",
    "INSERT INTO ab_permission (id, name) VALUES (1, 'view'), (2, 'edit')",
    "INSERT INTO ab_view_menu (id, name) VALUES (1, 'records'), (2, 'audit')",
    "INSERT INTO ab_permission_view (id, permission_id, view_menu_id) VALUES (1, 1, 1), (2, 1, 2), (3, 2, 1)",
    "INSERT INTO ab_permission_view_role (id, permission_view_id, role_id) "
    "VALUES (1, 1, 1), (2, 2, 2), (3, 1, 3), (4, 3, 3)",
)


def test_roles_that_reached_records_keep_them_by_a_standing_grant(tmp_path: Path, database_url: str) -> None:
    instance = Instance(Settings(home=tmp_path / "home", database_url=database_url))
    Secrets.create(instance.settings.secrets_folder)
    with instance.engine.connect() as plain:
        conn = plain.execution_options(**{WRITE_OPTION: True})
        with conn.begin():
            command.upgrade(config_for(conn), "0012_login_codes")
            for statement in BEFORE:
                conn.execute(text(statement))

    upgrade(instance)

    with instance.write(SYSTEM, Channel.API) as uow:
        give_standing(uow, ("reader",))
        found = list_grants(uow, GrantFilter())
    assert sorted((each.subject_value, each.resource, each.kind, each.state) for each in found) == [
        ("made here", "", "standing", "active"),
        ("reader", "", "standing", "active"),
    ]
    instance.close()

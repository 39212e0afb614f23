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


def test_roles_that_reached_records_keep_them_by_a_standing_grant(
    tmp_path: Path, empty_database_url: str
) -> None:
    instance = Instance(Settings(home=tmp_path / "home", database_url=empty_database_url))
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
    assert {each.subject_value: (each.actions, each.classes["identifying"]) for each in found} == {
        "made here": (("view", "edit"), "mask"),
        "reader": (("view",), "mask"),
    }
    instance.close()


DOCUMENT = '{"record_types": [{"id": "rabc", "code": "visit"}]}'
DAY = "2026-01-01 00:00:00.000000"
GRANTED = {
    "definition": [
        {"id": 1, "kind": "database", "code": "lung", "label": "{}", "draft_version": 1, "live_release_id": 1,
         "created_by": "x", "created_at": DAY},
    ],
    "definition_release": [
        {"id": 1, "definition_id": 1, "number": 1, "document": DOCUMENT, "document_hash": "", "mapping": "{}",
         "published_by": "x", "published_at": DAY},
    ],
    "record_grade": [
        {"record_type": "lung.visit", "record_id": 1, "definition_id": 1, "own": 2, "grade": 2,
         "set_by_name": "x", "set_at": DAY},
    ],
    "access_grant": [
        {"kind": "granted", "subject_kind": "role", "subject_value": "reader", "duty": "", "own": False,
         "resource": resource, "actions": '["view"]', "row_rule": "", "classes": "{}", "grade": 0,
         "starts_at": DAY, "reason": "", "granted_by_name": "x", "granted_at": DAY}
        for resource in ("lung", "lung.visit", "lung.gone")
    ],
}  # fmt: skip


def test_grants_on_record_types_are_named_by_id(tmp_path: Path, empty_database_url: str) -> None:
    """One whose type is not there any more is closed."""
    instance = Instance(Settings(home=tmp_path / "home", database_url=empty_database_url))
    Secrets.create(instance.settings.secrets_folder)
    with instance.engine.connect() as plain:
        conn = plain.execution_options(**{WRITE_OPTION: True})
        with conn.begin():
            command.upgrade(config_for(conn), "0016_protected")
            for name, rows in GRANTED.items():
                for row in rows:
                    marks = ", ".join(f":{key}" for key in row)
                    conn.execute(text(f"INSERT INTO {name} ({', '.join(row)}) VALUES ({marks})"), row)

    upgrade(instance)

    with instance.read(SYSTEM, Channel.API) as uow:
        named = uow.conn.execute(text("SELECT resource, type_id FROM access_grant ORDER BY id"))
        assert [tuple(row) for row in named] == [("lung", None), ("lung.visit", "rabc"), ("lung.gone", None)]
        states = {each.resource: each.state for each in list_grants(uow, GrantFilter())}
        assert states == {"lung": "active", "lung.visit": "active", "lung.gone": "closed"}
        assert uow.conn.scalar(text("SELECT record_type FROM record_grade")) == "lung#rabc"
    instance.close()

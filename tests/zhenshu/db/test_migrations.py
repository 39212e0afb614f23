"""One linear history makes exactly the tables that the code declares, on both databases."""

import ast
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from flask_appbuilder.security.sqla.models import Permission
from sqlalchemy import Column, Integer, MetaData, Table, inspect, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

import zhenshu.db.migrations
from tests.table_modules import import_all_tables
from zhenshu.audit import record
from zhenshu.db.engine import WRITE_OPTION
from zhenshu.db.metadata import catalogue_state, platform_metadata
from zhenshu.db.migrations import SchemaTooNew, compare, differences, head, revision_of, upgrade
from zhenshu.db.migrations.new import new_script
from zhenshu.db.migrations.upgrade import config_for
from zhenshu.db.types import JsonText
from zhenshu.instance import Instance
from zhenshu.security.login import log_in
from zhenshu.security.passwords import hash_password
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import Secrets
from zhenshu.security.subject import SYSTEM
from zhenshu.settings import Settings

FOLDER = Path(zhenshu.db.migrations.__file__).parent
UPPER_ROOMS = {"metamodel", "forms", "modules", "rules_dsl", "assembly"}


def test_an_empty_database_becomes_exactly_what_the_code_declares(instance: Instance) -> None:
    import_all_tables()

    assert differences(instance) == []
    made = set(inspect(instance.engine).get_table_names())
    assert made == {*platform_metadata.tables, *Permission.metadata.tables, "alembic_version"}


def test_a_table_without_a_migration_is_noticed(instance: Instance) -> None:
    with instance.engine.begin() as conn:
        conn.execute(text("DROP TABLE event_delivery"))

    assert any("event_delivery" in line for line in differences(instance))


def test_migrating_again_changes_nothing(instance: Instance) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(catalogue_state.update().values(revision=7))

    upgrade(instance)

    with instance.read(SYSTEM, Channel.API) as uow:
        assert uow.revision == 7
    assert revision_of(instance) == head()


def test_who_had_an_account_before_signs_in_after_an_upgrade(tmp_path: Path, empty_database_url: str) -> None:
    instance = Instance(Settings(home=tmp_path / "home", database_url=empty_database_url))
    Secrets.create(instance.settings.secrets_folder)
    with instance.engine.connect() as plain:
        conn = plain.execution_options(**{WRITE_OPTION: True})
        with conn.begin():
            command.upgrade(config_for(conn), "0008_quality")
            user = {"hash": hash_password("Correct-Horse-7"), "active": True}
            conn.execute(
                text(
                    "INSERT INTO ab_user (id, first_name, last_name, username, password, active, email) "
                    "VALUES (7, 'Wang', '', 'wang', :hash, :active, 'wang@users.invalid')"
                ),
                user,
            )
            conn.execute(
                text(
                    "INSERT INTO account (user_id, language, must_change_password, password_changed_at) "
                    "VALUES (7, '', :no, CURRENT_TIMESTAMP)"
                ),
                {"no": False},
            )

    upgrade(instance)

    user_info = log_in(instance, "wang", "Correct-Horse-7", "").user
    assert (user_info.state, user_info.phone, user_info.second_factor) == ("active", "", False)
    instance.close()


def test_history_is_linear_and_needs_no_upper_room() -> None:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    assert len(ScriptDirectory.from_config(config).get_heads()) == 1
    for path in FOLDER.rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        modules = [node.module for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
        assert not {str(module).split(".")[0] for module in modules} & UPPER_ROOMS, path


def test_a_failing_migration_leaves_no_table_behind(tmp_path: Path, empty_database_url: str) -> None:
    instance = Instance(Settings(home=tmp_path, database_url=empty_database_url))
    with instance.engine.begin() as conn:
        conn.execute(text("CREATE TABLE revision (id INTEGER)"))  # in the way of the third script

    with pytest.raises(DBAPIError):
        upgrade(instance)

    assert inspect(instance.engine).get_table_names() == ["revision"]
    instance.close()


def test_a_database_of_a_newer_program_is_left_alone(instance: Instance) -> None:
    with instance.engine.begin() as conn:
        conn.execute(text("UPDATE alembic_version SET version_num = '9999_future'"))

    with pytest.raises(SchemaTooNew):
        upgrade(instance)


@pytest.mark.parametrize("statement", ["UPDATE audit_entry SET action = 'x'", "DELETE FROM audit_entry"])
def test_the_trail_refuses_to_be_changed(instance: Instance, statement: str) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        record(uow, "view", "records", "1")

    with pytest.raises(DBAPIError, match="audit_entry is append-only"), instance.engine.begin() as conn:
        conn.execute(text(statement))


@pytest.mark.parametrize("table", ["revision", "audit_seal"])
def test_revisions_and_seals_have_the_same_guard(instance: Instance, table: str) -> None:
    inspector = text(
        "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"
        if instance.engine.dialect.name == "sqlite"
        else "SELECT count(*) FROM information_schema.triggers WHERE event_object_table = :name"
    )
    with instance.engine.connect() as conn:
        assert conn.execute(inspector, {"name": table}).scalar_one() == 2


def test_the_account_tables_number_their_own_rows(instance: Instance) -> None:
    with instance.write(SYSTEM, Channel.API) as uow, Session(uow.conn) as session:
        session.add(Permission(name="view"))
        session.flush()
        assert session.query(Permission).one().id == 1


def test_record_ids_have_their_source(instance: Instance) -> None:
    postgresql = instance.engine.dialect.name == "postgresql"
    query = "SELECT nextval('record_id_seq')" if postgresql else "SELECT next FROM record_id_counter"
    with instance.engine.begin() as conn:
        assert conn.execute(text(query)).scalar_one() == 1


def test_the_next_script_drafts_what_the_tables_gained(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import_all_tables()
    grown = MetaData(naming_convention=platform_metadata.naming_convention)
    for table in platform_metadata.tables.values():
        table.to_metadata(grown)
    Table("reading_room", grown, Column("id", Integer, primary_key=True), Column("doors", JsonText))
    monkeypatch.setattr(compare, "expected", lambda: [grown, Permission.metadata])

    script = new_script("reading_rooms", tmp_path).read_text(encoding="utf-8")

    assert "reading_room" in script and "JsonText()" in script
    assert script.count("op.create_table") == 1 and "op.drop" not in script
    compile(script, "script", "exec")

"""Bringing a database to the newest revision, and telling where one stands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

from zhenshu.db.engine import WRITE_OPTION
from zhenshu.db.migrations.compare import expected, options
from zhenshu.db.unit_of_work import translated_errors
from zhenshu.errors import ZhenshuError

if TYPE_CHECKING:
    from zhenshu.instance import Instance

MIGRATION_LOCK = 0x5A53_0001  # PostgreSQL advisory lock


class SchemaNotAtHead(ZhenshuError):
    """The database is at revision {found}, this program needs {needed}. Run `zhenshu init` first."""

    zh = "数据库处于版本 {found}，本程序需要 {needed}。请先运行 `zhenshu init`。"


class SchemaTooNew(ZhenshuError):
    """The database is at revision {found}, which this older program does not know. Nothing was changed."""

    zh = "数据库处于版本 {found}，本程序版本较旧，无法识别。未作任何修改。"


def config_for(conn: Connection | None = None) -> Config:
    """Alembic's own settings, for the scripts of this package on the connection `conn`."""
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = conn
    return config


def head() -> str:
    """The newest revision this program knows."""
    newest = ScriptDirectory.from_config(config_for()).get_current_head()
    assert newest is not None
    return newest


def revision_of(instance: Instance) -> str | None:
    """The revision the database is at; None for an empty one."""
    with instance.engine.connect() as conn:
        return MigrationContext.configure(conn).get_current_revision()


def upgrade(instance: Instance) -> None:
    """Bring the database to the newest revision, all of it or nothing; do nothing when it is there.

    Raises:
        SchemaTooNew: when a newer program made it.
        DatabaseBusy: when another process holds it.
    """
    with translated_errors(instance.settings.busy_seconds), instance.engine.connect() as plain:
        conn = plain.execution_options(**{WRITE_OPTION: True})
        with conn.begin():
            if conn.dialect.name == "postgresql":
                conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": MIGRATION_LOCK})
            _refuse_newer(conn)
            command.upgrade(config_for(conn), "head")


def knows(revision: str) -> bool:
    """Whether this program can bring a database of that revision to its own."""
    scripts = ScriptDirectory.from_config(config_for()).walk_revisions()
    return any(script.revision == revision for script in scripts)


def require_head(instance: Instance) -> None:
    """
    Raises:
        SchemaNotAtHead: when the database is not at the newest revision.
    """
    if (found := revision_of(instance)) != (needed := head()):
        raise SchemaNotAtHead(found=found or "-", needed=needed)


def _refuse_newer(conn: Connection) -> None:
    found = MigrationContext.configure(conn).get_current_revision()
    if found is not None and not knows(found):
        raise SchemaTooNew(found=found)


def differences(instance: Instance) -> list[str]:
    """How the database's tables differ from those the program expects, a line each."""
    with instance.engine.connect() as conn:
        context = MigrationContext.configure(conn, opts=options())
        wanted: Any = expected()  # several MetaData are welcome, though the stubs say one
        found: Any = compare_metadata(context, wanted)
        return [_line(difference) for difference in found]


def _line(difference: Any) -> str:
    if isinstance(difference, list):  # changes of one column come as a list
        return "; ".join(_line(one) for one in difference)
    act, *items = difference
    return f"{act} " + " ".join(str(getattr(item, "name", item)) for item in items if item is not None)

"""The log of a conversion: ids of records whose source was written since, kept by triggers of the database.

A trigger sees every writer, in whatever process and whatever it knows. It only notes an id, so that it can
neither fail on a value nor make a writer wait for another.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    Integer,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
    text,
)

from metamodel.storage.ddl import drop_table, table_exists

# SQLite's rowids may be used again after the last row has gone; an id that is only compared does no harm.
SeqId = BigInteger().with_variant(Integer(), "sqlite")


@dataclass(frozen=True, slots=True)
class Watch:
    """A table to watch, and the columns whose change matters."""

    table: str
    columns: Sequence[str]


def log_name(table: str, column: str) -> str:
    """The log of the conversion into `column` of a record type whose main table is `table`."""
    return f"{table}_log_{column}"


def log_table(name: str) -> Table:
    return Table(
        name, MetaData(), Column("seq", SeqId, primary_key=True, autoincrement=True),
        Column("id", BigInteger, nullable=False),
    )  # fmt: skip


def make_log(conn: Connection, name: str, watches: Sequence[Watch]) -> None:
    """Make the log and its triggers. It waits for writers at work, so that none is missed."""
    log_table(name).create(conn)
    if conn.dialect.name == "postgresql":
        conn.execute(
            text(
                f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ "
                f"BEGIN INSERT INTO {name} (id) VALUES (NEW.id); RETURN NULL; END $$"
            )
        )
    for number, watch in enumerate(watches, 1):
        for trigger in _triggers(conn, name, number, watch):
            conn.execute(text(trigger))


def _triggers(conn: Connection, name: str, number: int, watch: Watch) -> Sequence[str]:
    listed = ", ".join(watch.columns)
    postgresql = conn.dialect.name == "postgresql"
    differs = "IS DISTINCT FROM" if postgresql else "IS NOT"
    changed = " OR ".join(f"OLD.{column} {differs} NEW.{column}" for column in watch.columns)
    if postgresql:
        act, each = f"EXECUTE FUNCTION {name}()", "FOR EACH ROW"
    else:
        act, each = f"BEGIN INSERT INTO {name} (id) VALUES (NEW.id); END", "FOR EACH ROW"
    return (
        f"CREATE TRIGGER {name}_i{number} AFTER INSERT ON {watch.table} {each} {act}",
        f"CREATE TRIGGER {name}_u{number} AFTER UPDATE OF {listed} ON {watch.table} "
        f"{each} WHEN ({changed}) {act}",
    )


def drop_log(conn: Connection, name: str, tables: Sequence[str]) -> None:
    """Drop the log with its triggers; what is gone already stays gone."""
    for number, table in enumerate(tables, 1):
        for kind in ("i", "u"):
            trigger = f"{name}_{kind}{number}"
            on = f" ON {table}" if conn.dialect.name == "postgresql" else ""
            conn.execute(text(f"DROP TRIGGER IF EXISTS {trigger}{on}"))
    if conn.dialect.name == "postgresql":
        conn.execute(text(f"DROP FUNCTION IF EXISTS {name}()"))
    if table_exists(conn, name):
        drop_table(conn, name)


def logged(conn: Connection, name: str) -> int:
    """How many entries wait."""
    return int(conn.execute(select(func.count()).select_from(log_table(name))).scalar_one())


def waiting(conn: Connection, name: str, limit: int) -> list[tuple[int, int]]:
    """The next entries: (seq, record id)."""
    c = log_table(name).c
    return [(row.seq, row.id) for row in conn.execute(select(c.seq, c.id).order_by(c.seq).limit(limit))]


def note(conn: Connection, name: str, ids: Sequence[int]) -> None:
    """Log records that could not be converted now, as others are writing them."""
    if ids:
        conn.execute(insert(log_table(name)), [{"id": record_id} for record_id in ids])


def settle(conn: Connection, name: str, seqs: Sequence[int]) -> None:
    """Take off the entries that were read, and no later ones of the same records."""
    table = log_table(name)
    for start in range(0, len(seqs), 500):
        conn.execute(delete(table).where(table.c.seq.in_(seqs[start : start + 500])))

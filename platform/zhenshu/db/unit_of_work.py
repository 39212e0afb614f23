"""One transaction, with everything that must happen in it or right after it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select
from sqlalchemy.exc import DBAPIError, OperationalError

from zhenshu.db.engine import WRITE_OPTION
from zhenshu.db.limits import ENDED, limited
from zhenshu.db.metadata import catalogue_state
from zhenshu.errors import DatabaseBusy, DiskFull, TookTooLong, ZhenshuError
from zhenshu.security.policy import Channel
from zhenshu.security.subject import Subject

if TYPE_CHECKING:
    from zhenshu.instance import Instance

log = logging.getLogger(__name__)


class UnitOfWork:
    """A transaction on behalf of a subject, pinned to one catalogue revision.

    `conn` is the only connection business code uses. `at` is the aware UTC instant the unit began.
    `revision` is the catalogue revision the whole transaction sees. `writes` tells a write unit.
    `index_versions` are the versions of the index key that blind indexes are made with: the one for what is
    written comes first, then the one that older values may have while it is being replaced.
    """

    def __init__(
        self, instance: Instance, conn: Connection, subject: Subject, channel: Channel, purpose: str,
        request_id: str, writes: bool,
    ) -> None:  # fmt: skip
        self.instance = instance
        self.conn = conn
        self.subject = subject
        self.channel = channel
        self.purpose = purpose
        self.request_id = request_id
        self.writes = writes
        self.at = datetime.now(UTC)
        self.revision, self.index_versions = _pin(conn, writes)
        self._after_commit: list[Callable[[], None]] = []

    @property
    def sqlite(self) -> bool:
        return self.conn.dialect.name == "sqlite"

    def after_commit(self, act: Callable[[], None]) -> None:
        """Run `act` once the transaction is durable; a failure there is logged, not raised."""
        self._after_commit.append(act)

    def run_after_commit(self) -> None:
        for act in self._after_commit:
            try:
                act()
            except Exception:  # the business act is already durable; sweepers repeat what is lost here
                log.exception("after_commit_failed")


def _pin(conn: Connection, writes: bool) -> tuple[int, tuple[int, ...]]:
    """The catalogue revision and the versions of the index key.

    On PostgreSQL a writer holds them against a publish, or a new key, until it commits.
    """
    c = catalogue_state.c
    query = select(c.revision, c.index_version, c.index_former).where(c.id == 1)
    if writes and conn.dialect.name == "postgresql":
        query = query.with_for_update(read=True)
    revision, version, former = conn.execute(query).one()
    return revision, (version,) if former is None else (version, former)


@contextmanager
def unit_of_work(
    instance: Instance, subject: Subject, channel: Channel, *, writes: bool, purpose: str = "",
    request_id: str = "", seconds: int | None = None,
) -> Iterator[UnitOfWork]:  # fmt: skip
    """Open a transaction, commit it when the block ends, roll it back on any error.

    `seconds` is how long the database may work on it: on SQLite in all, on PostgreSQL on each statement.
    """
    with translated_errors(instance.settings.busy_seconds, seconds), instance.engine.connect() as plain:
        conn = plain.execution_options(**{WRITE_OPTION: writes})
        if conn.dialect.name == "postgresql" and not writes:
            conn = conn.execution_options(isolation_level="REPEATABLE READ")
        with conn.begin(), limited(conn, seconds):
            uow = UnitOfWork(instance, conn, subject, channel, purpose, request_id, writes)
            yield uow
    uow.run_after_commit()


@contextmanager
def translated_errors(busy_seconds: int, seconds: int | None = None) -> Iterator[None]:
    """Turn the drivers' words for a busy database, a full disk or an ended search into our own errors."""
    try:
        yield
    except DBAPIError as error:
        raise _translated(error, busy_seconds, seconds) or error from error


def _translated(error: DBAPIError, busy_seconds: int, seconds: int | None) -> ZhenshuError | None:
    text = str(error.orig).lower()
    state: Any = getattr(error.orig, "sqlstate", None)
    if "database or disk is full" in text or state == "53100":
        return DiskFull()
    busy = isinstance(error, OperationalError) and "database is locked" in text
    if busy or state == "55P03":
        return DatabaseBusy(seconds=busy_seconds)
    if seconds is not None and (text == "interrupted" or state == ENDED):
        return TookTooLong(seconds=seconds)
    return None

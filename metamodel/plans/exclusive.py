"""A transaction during which no other one writes: for the swap, and for what must see no writer half-way."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from zhenshu.db.engine import WRITE_OPTION
from zhenshu.db.unit_of_work import UnitOfWork, translated_errors
from zhenshu.errors import DatabaseBusy
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.subject import Subject

Result = TypeVar("Result")

# A statement that waits for a strong lock makes everyone behind it wait, too: short tries, then a pause.
SHORT_LOCK = text("SET LOCAL lock_timeout = '150ms'")
PATIENCE_SECONDS = 60
FIRST_PAUSE, LONGEST_PAUSE = 0.05, 2.0

# Every writer reads this table's row FOR SHARE, which this mode keeps out; readers pass. A lock on the
# table queues fairly, while one on the row can wait for ever behind overlapping writers.
_NO_WRITERS = text("LOCK TABLE catalogue_state IN EXCLUSIVE MODE")


@contextmanager
def exclusive_unit(instance: Instance, subject: Subject, channel: Channel) -> Iterator[UnitOfWork]:
    """A write unit that begins when no other writer is at work and lets none begin until it ends."""
    with translated_errors(instance.settings.busy_seconds), instance.engine.connect() as plain:
        conn = plain.execution_options(**{WRITE_OPTION: True})
        with conn.begin():
            if conn.dialect.name == "postgresql":
                conn.execute(SHORT_LOCK)
                conn.execute(_NO_WRITERS)
            uow = UnitOfWork(instance, conn, subject, channel, "", "", True)
            yield uow
    uow.run_after_commit()


def patiently(act: Callable[[], Result], *, retry: bool) -> Result:
    """Do `act`; where `retry`, try again with growing pauses while others hold the locks it needs.

    Raises:
        DatabaseBusy: when they hold them for longer than a minute.
    """
    started = time.monotonic()
    pause = FIRST_PAUSE
    while True:
        try:
            return act()
        except DatabaseBusy:
            if not retry or time.monotonic() - started > PATIENCE_SECONDS:
                raise
        except OperationalError as error:
            if not retry or not _is_deadlock(error):
                raise
        time.sleep(pause * random.uniform(0.5, 1.0))
        pause = min(pause * 2, LONGEST_PAUSE)


def _is_deadlock(error: OperationalError) -> bool:
    return getattr(error.orig, "sqlstate", None) in ("40P01", "40001")

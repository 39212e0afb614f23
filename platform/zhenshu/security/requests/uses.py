"""Counting the uses of grants, so that the process of a request shows what became of it.

A use is counted in memory and written by a thread of its own, at most once a minute: what is served to people
never waits for it. A process that is killed loses the counts of its last minute; the audit trail, which is
written with each act, does not depend on them.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import select
from sqlalchemy.dialects import postgresql, sqlite

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.security.policy import Action, Channel, Scope
from zhenshu.security.requests.tables import grant_use
from zhenshu.security.subject import SYSTEM

if TYPE_CHECKING:
    from zhenshu.instance import Instance

log = logging.getLogger(__name__)

PERIOD: Final = 60.0  # seconds that counts wait in memory
_MEMO: Final = "security.grant_uses"
_LIKE_VIEW: Final = (Action.IDENTIFY, Action.EMERGENCY)

Key = tuple[int, int, str, str, str, str]  # grant, subject, resource, action, channel, day


@dataclass(frozen=True, slots=True)
class Use:
    """Uses of one grant by one subject on one day (UTC)."""

    subject_id: int
    resource: str
    action: str
    channel: str
    day: str
    count: int
    last_at: datetime


def note_use(uow: UnitOfWork, scope: Scope, path: str, patient: int | None = None) -> None:
    """Count that the subject of `uow` used what `scope` allows on the resource `path`, or of one patient."""
    subject = uow.subject
    if subject.id is None or not subject.grants:
        return
    action = Action.VIEW if scope.action in _LIKE_VIEW else scope.action
    channel = scope.channel.value
    for grant in subject.grants:
        here = grant.patient in (None, patient)
        if here and grant.reaches(action.value, path, channel, uow.at):
            key = (grant.id, subject.id, path, action.value, channel, uow.at.date().isoformat())
            _uses(uow.instance).add(key, uow.at)


def uses_of(uow: UnitOfWork, grant_id: int) -> list[Use]:
    """What is known of the uses of a grant, the latest first."""
    c = grant_use.c
    query = select(c.subject_id, c.resource, c.action, c.channel, c.day, c.count, c.last_at)
    rows = uow.conn.execute(query.where(c.grant_id == grant_id).order_by(c.last_at.desc()))
    return [Use(*row) for row in rows]


def write_uses(instance: Instance) -> None:
    """Write now what this process has counted."""
    _uses(instance).write()


def _uses(instance: Instance) -> _Uses:
    found: _Uses | None = instance.memo.get(_MEMO)
    if found is None:
        made = _Uses(instance)
        found = instance.memo.setdefault(_MEMO, made)
        if found is made:  # no other thread was faster
            instance.closing.append(made.try_to_write)
    return found


class _Uses:
    """What one process has counted and not written yet."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._lock = threading.Lock()
        self._counts: dict[Key, tuple[int, datetime]] = {}
        self._timer: threading.Timer | None = None

    def add(self, key: Key, at: datetime, count: int = 1) -> None:
        with self._lock:
            before, last = self._counts.get(key, (0, at))
            self._counts[key] = before + count, max(last, at)
            if self._timer is None:
                self._timer = threading.Timer(PERIOD, self.try_to_write)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        with self._lock:
            counts, self._counts = self._counts, {}
            timer, self._timer = self._timer, None
        if timer is not None:
            timer.cancel()
        if not counts:
            return
        try:
            with self._instance.write(SYSTEM, Channel.LOG) as uow:
                _upsert(uow, counts)
        except ZhenshuError:  # a busy database: they wait for the next time
            for key, (count, at) in counts.items():
                self.add(key, at, count)
            raise

    def try_to_write(self) -> None:
        try:
            self.write()
        except Exception:
            log.exception("grant_uses_not_written")


def _upsert(uow: UnitOfWork, counts: dict[Key, tuple[int, datetime]]) -> None:
    insert: Any = sqlite.insert if uow.sqlite else postgresql.insert
    names = ("grant_id", "subject_id", "resource", "action", "channel", "day")
    rows = [
        dict(zip(names, key, strict=True)) | {"count": n, "last_at": at}
        for key, (n, at) in sorted(counts.items())
    ]
    added = insert(grant_use)
    c = grant_use.c
    merged = added.on_conflict_do_update(
        index_elements=names,
        set_={"count": c.count + added.excluded.count, "last_at": added.excluded.last_at},
    )
    uow.conn.execute(merged, rows)

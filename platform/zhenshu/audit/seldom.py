"""Acts that are told now and again: one entry in a while, however often they are done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from zhenshu.audit.trail import record
from zhenshu.db.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from zhenshu.instance import Instance

PERIOD: Final = timedelta(minutes=10)
MOST: Final = 20_000  # acts remembered in one process
_TOLD: Final = "audit.told"

Key = tuple[Any, ...]
_open: WeakKeyDictionary[UnitOfWork, set[Key]] = WeakKeyDictionary()


def record_seldom(
    uow: UnitOfWork, action: str, kind: str, resource: str, *, about: str = "",
    detail: dict[str, Any] | None = None, outcome: str = "done", every: timedelta = PERIOD,
) -> None:  # fmt: skip
    """Add an entry, unless this process added one of the same person, act, thing and `about` within `every`.

    A unit that only reads has it written in a short one beside it, before it goes on: what can't be told is
    not done.
    """
    subject = uow.subject
    eyes = None if subject.view_as is None else subject.view_as.id
    key = (subject.id, subject.name, eyes, action, kind, resource, about, outcome)
    told: dict[Key, datetime] = uow.instance.memo.setdefault(_TOLD, {})
    last = told.get(key)
    if key in _open.get(uow, ()) or (last is not None and uow.at - last < every):
        return
    if uow.writes:
        record(uow, action, kind, resource, detail=detail, outcome=outcome)
        _open.setdefault(uow, set()).add(key)
        uow.after_commit(lambda: _remember(told, key, uow.at))
        return
    with uow.instance.write(subject, uow.channel, uow.purpose, uow.request_id) as beside:
        record(beside, action, kind, resource, detail=detail, outcome=outcome)
    _remember(told, key, uow.at)


def was_told(instance: Instance, key: Key, at: datetime, every: timedelta) -> bool:
    """Whether `key` was told within `every`; if not, it counts as told from now on."""
    told: dict[Key, datetime] = instance.memo.setdefault(_TOLD, {})
    last = told.get(key)
    if last is not None and at - last < every:
        return True
    _remember(told, key, at)
    return False


def _remember(told: dict[Key, datetime], key: Key, at: datetime) -> None:
    if len(told) >= MOST:  # what is forgotten is told once more
        for old in list(told)[: MOST // 2]:
            told.pop(old, None)
    told.pop(key, None)  # the newest stand last
    told[key] = at

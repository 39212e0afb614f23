"""Delivery: every event to every listener of its name, at least once, in order for each listener.

An event that a listener can't bear holds back the later ones of that listener, never those of others. It
is tried again with growing pauses, then given up and reported by `zhenshu check`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row, delete, select, update

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.events.outbox import Event, outbox_event
from zhenshu.events.tables import event_delivery
from zhenshu.rooms import Listener
from zhenshu.security.policy import Channel
from zhenshu.security.subject import SYSTEM

if TYPE_CHECKING:
    from zhenshu.instance import Instance

log = logging.getLogger(__name__)

BATCH = 200
MAX_ATTEMPTS = 10
FIRST_PAUSE = timedelta(seconds=1)  # doubles with each attempt
LONGEST_PAUSE = timedelta(minutes=10)
KEPT = timedelta(days=30)

WAITING, HEARD, GIVEN_UP = "waiting", "heard", "given_up"


def deliver(instance: Instance, listeners: Sequence[Listener]) -> int:
    """Deliver what waits and return how often a listener heard an event.

    One process at a time should call this; should two, a listener may hear an event twice.
    """
    heard, after, held = 0, 0, set[str]()
    while events := _undelivered(instance, after):
        for event in events:
            heard += _deliver(instance, event, listeners, held)
        after = events[-1].id
    return heard


def given_up(uow: UnitOfWork) -> list[tuple[int, str, str]]:
    """(event id, listener, class of the last error) of each delivery that is tried no more."""
    query = select(event_delivery).where(event_delivery.c.state == GIVEN_UP).limit(1000)
    return [(row.event_id, row.listener, row.last_error) for row in uow.conn.execute(query)]


def sweep_events(instance: Instance, kept: timedelta = KEPT) -> None:
    """Remove delivered events older than `kept`, with their deliveries."""
    old = outbox_event.c.delivered_at < datetime.now(UTC) - kept
    with instance.read(SYSTEM, Channel.API) as uow:
        ids = list(uow.conn.execute(select(outbox_event.c.id).where(old).limit(BATCH)).scalars())
    if ids:
        with instance.write(SYSTEM, Channel.API) as uow:
            uow.conn.execute(delete(event_delivery).where(event_delivery.c.event_id.in_(ids)))
            uow.conn.execute(delete(outbox_event).where(outbox_event.c.id.in_(ids)))


def _undelivered(instance: Instance, after: int) -> list[Event]:
    query = select(outbox_event).where(outbox_event.c.delivered_at.is_(None), outbox_event.c.id > after)
    with instance.read(SYSTEM, Channel.API) as uow:
        return [_event(row) for row in uow.conn.execute(query.order_by(outbox_event.c.id).limit(BATCH))]


def _event(row: Row[Any]) -> Event:
    return Event(
        name=row.name,
        resource=row.resource,
        payload=row.payload,
        version=row.version,
        id=row.id,
        catalogue_revision=row.catalogue_revision,
        at=row.at,
    )


def _deliver(instance: Instance, event: Event, listeners: Iterable[Listener], held: set[str]) -> int:
    """Tell `event` to those who wait for it. `held` are listeners that must first bear an earlier one."""
    interested = [listener for listener in listeners if listener.event == event.name]
    known = _deliveries(instance, event) if interested else {}
    heard, open_ = 0, False
    for listener in interested:
        earlier = known.get(listener.name)
        if earlier is not None and earlier.state != WAITING:
            continue
        if listener.name not in held and _is_due(earlier):
            state = _tell(instance, event, listener, 0 if earlier is None else earlier.attempts)
            heard += state == HEARD
            if state != WAITING:
                continue
        held.add(listener.name)
        open_ = True
    if not open_:
        _close(instance, event)
    return heard


def _deliveries(instance: Instance, event: Event) -> dict[str, Row[Any]]:
    query = select(event_delivery).where(event_delivery.c.event_id == event.id)
    with instance.read(SYSTEM, Channel.API) as uow:
        return {row.listener: row for row in uow.conn.execute(query)}


def _is_due(earlier: Row[Any] | None) -> bool:
    return earlier is None or earlier.next_at is None or bool(earlier.next_at <= datetime.now(UTC))


def _tell(instance: Instance, event: Event, listener: Listener, attempts: int) -> str:
    """Let `listener` hear `event`, then mark it: a death in between repeats it."""
    try:
        listener.hear(instance, event)
    except Exception as error:  # whatever a listener raises, the others must hear the event
        names = {"listener": listener.name, "event_id": event.id, "code": type(error).__name__}
        log.exception("listener_failed", extra=names)
        state = GIVEN_UP if attempts + 1 >= MAX_ATTEMPTS else WAITING
        pause = min(FIRST_PAUSE * 2**attempts, LONGEST_PAUSE)
        marks = {"last_error": type(error).__name__[:128], "next_at": datetime.now(UTC) + pause}
    else:
        state, marks = HEARD, {"last_error": None, "heard_at": datetime.now(UTC)}
    _mark(instance, event.id, listener.name, {"state": state, "attempts": attempts + 1} | marks)
    return state


def _mark(instance: Instance, event_id: int, listener: str, values: dict[str, Any]) -> None:
    this = (event_delivery.c.event_id == event_id) & (event_delivery.c.listener == listener)
    with instance.write(SYSTEM, Channel.API) as uow:
        if not uow.conn.execute(update(event_delivery).where(this).values(values)).rowcount:
            key = {"event_id": event_id, "listener": listener}
            uow.conn.execute(event_delivery.insert(), key | values)


def _close(instance: Instance, event: Event) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        done = update(outbox_event).where(outbox_event.c.id == event.id)
        uow.conn.execute(done.values(delivered_at=uow.at))

"""Finding entries of the trail: pages of them, one, and how many there are by act and by day."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import ColumnElement, DateTime, Interval, Row, func, literal, select, type_coerce

from zhenshu.audit.tables import audit_seal
from zhenshu.audit.trail import audit_entry, audit_patient
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.instants import instant_of

_c = audit_entry.c
EQUAL = {
    "subject": _c.subject_name,
    "kind": _c.resource_kind,
    "action": _c.action,
    "outcome": _c.outcome,
    "channel": _c.channel,
    "request_id": _c.request_id,
}


def conditions(filters: Mapping[str, Any]) -> list[ColumnElement[bool]]:
    """What `filters` ask for.

    Raises:
        NoSuchInstant: when `from` or `to` is none.
    """
    found = [column == filters[name] for name, column in EQUAL.items() if name in filters]
    if "resource" in filters:
        found.append(_c.resource.startswith(filters["resource"], autoescape=True))
    if "patient" in filters:
        about = select(audit_patient.c.entry_id).where(audit_patient.c.patient_id == filters["patient"])
        found.append(_c.id.in_(about))
    if "from" in filters:
        found.append(_c.at >= instant_of(filters["from"]))
    if "to" in filters:
        found.append(_c.at < instant_of(filters["to"]))
    return found


def find_entries(
    uow: UnitOfWork, filters: Mapping[str, Any], after: int, limit: int, *, newest: bool
) -> Sequence[Row[Any]]:
    """A page of entries beyond the one where the last page ended; 0 is the beginning."""
    query = select(audit_entry).where(*conditions(filters), *_beyond(after, newest))
    return uow.conn.execute(query.order_by(_c.id.desc() if newest else _c.id).limit(limit)).all()


def _beyond(after: int, newest: bool) -> list[ColumnElement[bool]]:
    if not newest:
        return [_c.id > after]
    return [_c.id < after] if after else []


def get_entry(uow: UnitOfWork, entry_id: int) -> Row[Any]:
    """The entry with its seal (`seq`, `sealed_at`), which it may not have yet.

    Raises:
        NotFound: when there is no such entry.
    """
    query = (
        select(audit_entry, audit_seal.c.seq, audit_seal.c.sealed_at)
        .outerjoin(audit_seal, audit_seal.c.entry_id == _c.id)
        .where(_c.id == entry_id)
    )
    if (found := uow.conn.execute(query).one_or_none()) is None:
        raise NotFound(kind="audit entry", kind_zh="审计记录", name=entry_id)
    return found


def count_acts(uow: UnitOfWork, filters: Mapping[str, Any]) -> list[tuple[str, int]]:
    """How often each act stands among the entries, most first."""
    query = select(_c.action, func.count()).where(*conditions(filters)).group_by(_c.action)
    found = [(action, count) for action, count in uow.conn.execute(query)]
    return sorted(found, key=lambda item: (-item[1], item[0]))


def count_days(uow: UnitOfWork, filters: Mapping[str, Any], offset: int) -> list[tuple[str, int]]:
    """Entries by day, in a zone `offset` minutes east of UTC."""
    day = _day(uow, offset)
    query = select(day, func.count()).where(*conditions(filters)).group_by(day).order_by(day)
    return [(found, count) for found, count in uow.conn.execute(query)]


def _day(uow: UnitOfWork, offset: int) -> ColumnElement[str]:
    if uow.sqlite:
        return func.strftime("%Y-%m-%d", _c.at, f"{offset:+d} minutes")
    there = type_coerce(_c.at, DateTime()) + literal(timedelta(minutes=offset), Interval())
    return func.to_char(there, "YYYY-MM-DD")

"""What the metamodel's endpoints have in common."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, Final

from metamodel.catalogue import Database, RecordType, catalogue_of
from metamodel.records.access import scope_of
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security import Action, Channel, Denied, Resource, Scope

VIEW: Final = ("view", "databases")
DESIGN: Final = ("design", "databases")
APPROVE: Final = ("approve", "databases")
RECORDS: Final = "records"


def live_type(uow: UnitOfWork, code: str, record_type: str) -> RecordType:
    """
    Raises:
        NotFound: when the database is not published or has no such record type.
    """
    return catalogue_of(uow).database(code).record_type(record_type)


def record_scope(uow: UnitOfWork, record_type: RecordType, action: Action = Action.VIEW) -> Scope:
    """
    Raises:
        Denied: when the subject may not do `action` with these records.
    """
    return scope_of(uow, action, record_type)


def visible_types(uow: UnitOfWork, database: Database) -> dict[str, Scope]:
    """The scope of each record type whose records the subject may view."""
    scopes = {}
    for item in database.record_types:
        try:
            scopes[item.code] = record_scope(uow, item)
        except Denied:
            continue
    return scopes


def knows(uow: UnitOfWork, code: str, live: Mapping[str, Database]) -> bool:
    """Whether the subject knows of a database: by some of its records, or by work on its definition."""
    if allowed(uow, "databases", code, ("design", "approve")):
        return True
    return code in live and any(
        allowed(uow, RECORDS, kind.path, ("view",)) for kind in live[code].record_types
    )


def allowed(uow: UnitOfWork, kind: str, path: str, actions: Sequence[str]) -> list[str]:
    """Those of `actions` that the subject may do with the resource."""
    return [action for action in actions if _permits(uow, Action(action), Resource(kind, path))]


def _permits(uow: UnitOfWork, action: Action, resource: Resource) -> bool:
    try:
        uow.instance.policy.scope(uow.subject, action, resource, Channel.API, uow.at)
    except Denied:
        return False
    return True


def instant(at: datetime | None) -> str | None:
    return at.isoformat() if at else None


def sliced(items: Sequence[Any], after: int, limit: int) -> dict[str, Any]:
    """One page of a short list that is whole in memory; `after` counts what was given before."""
    page = list(items[after : after + limit])
    more = len(items) > after + limit
    return {"items": page, "next": after + limit if more else None}

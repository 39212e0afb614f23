"""Grants follow the record types that they name: by id, whatever a release calls them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import case, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security.grants.tables import access_grant
from zhenshu.security.requests.tables import access_request, emergency_access

_c = access_grant.c


def follow_types(uow: UnitOfWork, database: str, before: Mapping[str, str], after: Mapping[str, str]) -> None:
    """A release of the database has been made: its record types, id -> code, `before` it and with it.

    A grant on a renamed type is on it still. One on a type that is gone is closed, and is on no other type
    that takes the code; it holds again if the type comes back.
    """
    below = _c.resource.startswith(f"{database}.", autoescape=True)
    query = select(_c.id, _c.resource, _c.type_id, _c.gone).where(_c.type_id.is_not(None), below)
    for row in uow.conn.execute(query).all():
        code = after.get(row.type_id)
        values: dict[str, Any] = {
            "resource": row.resource if code is None else f"{database}.{code}",
            "gone": code is None,
        }
        if (values["resource"], values["gone"]) == (row.resource, row.gone):
            continue
        uow.conn.execute(update(access_grant).where(_c.id == row.id).values(values))
        act = "grant_close" if code is None else "grant_follow"
        record(uow, act, "grants", str(row.id), detail={"was": row.resource, "resource": values["resource"]})
    renamed = {old: after[key] for key, old in before.items() if key in after and after[key] != old}
    if renamed:
        _rename(uow, database, renamed)


def _rename(uow: UnitOfWork, database: str, renamed: Mapping[str, str]) -> None:
    """What was asked for, and emergencies, under the new codes; all at once, since two may change places."""
    for table in (access_request, emergency_access):
        c = table.c
        named = update(table).where(c.database == database, c.record_type.in_(list(renamed)))
        uow.conn.execute(named.values(record_type=case(renamed, value=c.record_type)))

"""Blind indexes of patients' identifiers made anew, with the key that is the current one."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import bindparam, delete, func, select, update

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.patients.index import patient_identifier
from zhenshu.patients.keys import load_keys
from zhenshu.security.secrets import NotDecryptable, unseal

_c = patient_identifier.c


@dataclass(frozen=True, slots=True)
class Reindexed:
    """`last` is the id of the last one of a batch, None when there was none left."""

    last: int | None
    count: int
    unread: int


def count_identifiers(uow: UnitOfWork) -> int:
    """How many identifiers are known of all patients."""
    return uow.conn.execute(select(func.count()).select_from(patient_identifier)).scalar_one()


def reindex_identifiers(uow: UnitOfWork, after: int, most: int) -> Reindexed:
    """Index the next identifiers anew. One that does not open keeps its index, for the check to tell of."""
    query = select(_c.id, _c.patient_id, _c.system, _c.sealed).where(_c.id > after)
    rows = uow.conn.execute(query.order_by(_c.id).limit(most)).all()
    keys = load_keys(uow, {row.patient_id for row in rows})
    secrets, version = uow.instance.secrets, uow.index_versions[0]
    fresh, unread = [], 0
    for row in rows:
        if (key := keys.get(row.patient_id)) is None:  # nobody can tell any more what it was
            uow.conn.execute(delete(patient_identifier).where(_c.id == row.id))
            continue
        try:
            value = unseal(key, bytes(row.sealed), row.system.encode()).decode()
        except NotDecryptable:
            unread += 1
            continue
        fresh.append({"at": row.id, "new": secrets.blind_index(row.system, value, version)})
    if fresh:
        change = update(patient_identifier).where(_c.id == bindparam("at"))
        uow.conn.execute(change.values(blind=bindparam("new")), fresh)
    return Reindexed(rows[-1].id if rows else None, len(rows), unread)

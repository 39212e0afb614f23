"""Blind indexes of stored values made anew, with the key that is the current one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Table, bindparam, update

from metamodel.catalogue.model import Field, RecordType
from metamodel.records.uniqueness import records_with_key
from metamodel.storage.layout import blind_name, pairs_name
from metamodel.storage.protected import blind_index, open_value
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.patients import load_keys
from zhenshu.security.secrets import NotDecryptable


def reindex(uow: UnitOfWork, table: Table, item: Field, rows: Sequence[Sequence[Any]]) -> int:
    """Index the values of `rows` (record id, patient, ciphertext) anew; how many did not open.

    Those keep the index they have, for the check of the instance to tell of. Of a forgotten patient there is
    nothing to be found by. A value that somebody changed meanwhile has its new index already.
    """
    assert item.place is not None
    name, index = item.place.name, blind_index(uow, item.place.name)
    keys = load_keys(uow, {patient for _, patient, _ in rows if patient is not None})
    fresh: list[dict[str, Any]] = []
    unread = 0
    for record_id, patient, sealed in rows:
        found: tuple[bytes | None, bytes | None] = (None, None)
        if (key := keys.get(patient)) is not None:
            try:
                value = open_value(key, item, record_id, sealed)
            except NotDecryptable:
                unread += 1
                continue
            found = index.of(value), index.pairs(value)
        fresh.append({"at": record_id, "was": sealed, "blind": found[0], "pairs": found[1]})
    if fresh:
        same = (table.c.id == bindparam("at"), table.c[name] == bindparam("was"))
        values: dict[str, Any] = {blind_name(name): bindparam("blind"), pairs_name(name): bindparam("pairs")}
        uow.conn.execute(update(table).where(*same).values(values), fresh)
    return unread


def come_back(uow: UnitOfWork, kind: RecordType, ids: Sequence[int]) -> bool:
    """Whether the keys of records in the trash are free, whatever version of the index key they have.

    They are given the current one, by which the database itself tells equal keys. Only needed while the key
    of blind indexes is being replaced.
    """
    place = kind.field(kind.key).place if kind.key else None
    if kind.key is None or place is None or not place.protected or len(uow.index_versions) == 1:
        return True
    item, main, table = kind.field(kind.key), kind.main, kind.tables[place.part]
    query = main.select().with_only_columns(main.c.id, main.c.patient, table.c[place.name])
    if table is not main:
        query = query.join_from(main, table, table.c.id == main.c.id)
    query = query.where(main.c.id.in_(ids), table.c[place.name].is_not(None))
    rows = uow.conn.execute(query).all()
    keys = load_keys(uow, {patient for _, patient, _ in rows if patient is not None})
    values: list[Any] = [
        open_value(keys[patient], item, record_id, sealed)
        for record_id, patient, sealed in rows
        if patient in keys
    ]
    reindex(uow, table, item, rows)
    return not set(records_with_key(uow, kind, values).values()) - set(ids)

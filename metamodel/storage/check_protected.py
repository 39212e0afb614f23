"""Whether protected values open under their patients' keys and are what their blind indexes say.

Where a record type has many records, a sample of them is looked at, spread over all ids.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from sqlalchemy import select

from metamodel.catalogue import Field, RecordType, catalogue_of
from metamodel.storage.layout import blind_name
from metamodel.storage.protected import blind_index, open_value, protected_of
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.patients import load_keys
from zhenshu.rooms import Check
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import NotDecryptable
from zhenshu.security.subject import SYSTEM

SAMPLE: Final = 2000  # values of one column
NAMED: Final = 5  # records that a line names


def check_protected(instance: Instance, sample: int = SAMPLE) -> Sequence[str]:
    """What is wrong, a line each; never a value."""
    with instance.read(SYSTEM, Channel.API) as uow:
        return [
            line
            for database in catalogue_of(uow).databases.values()
            for kind in database.record_types
            if kind.storage == "managed" and kind.tables
            for item in protected_of(kind.fields)
            for line in _column(uow, kind, item, sample)
        ]


PROTECTED_CHECK = Check("protected values", check_protected)


def _column(uow: UnitOfWork, kind: RecordType, item: Field, sample: int) -> Iterator[str]:
    assert item.place is not None
    main, table = kind.main, kind.tables[item.place.part]
    sealed, blind = table.c[item.place.name], table.c[blind_name(item.place.name)]
    query = select(main.c.id, main.c.patient, sealed, blind).where(sealed.is_not(None))
    if table is not main:
        query = query.join_from(main, table, table.c.id == main.c.id)
    spread = query.order_by((main.c.id * 7919) % 10007, main.c.id).limit(sample)
    rows = uow.conn.execute(spread).all()
    keys = load_keys(uow, {row.patient for row in rows if row.patient is not None})
    index = blind_index(uow, item.place.name)
    shut: list[int] = []
    other: list[int] = []
    for record_id, patient, value, expected in rows:
        if (key := keys.get(patient)) is None:
            shut.append(record_id)
            continue
        try:
            plain = open_value(key, item, record_id, value)
        except NotDecryptable:
            shut.append(record_id)
            continue
        if expected is None or bytes(expected) not in index.all_of(plain):
            other.append(record_id)
    name = f"{kind.path}.{item.code}"
    if shut:
        yield f"{name}: {len(shut)} values do not open under their patient's key{_which(shut)}"
    if other:
        yield f"{name}: {len(other)} values are not what their blind index says{_which(other)}"


def _which(ids: Sequence[int]) -> str:
    return f" (records {', '.join(map(str, ids[:NAMED]))})"

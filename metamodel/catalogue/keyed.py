"""Where a name stands in the arrays of a keyed record type, per version of its list of names."""

from __future__ import annotations

from sqlalchemy import select

from metamodel.catalogue.model import Keyed
from metamodel.tables import keyed_names
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound


def positions(uow: UnitOfWork, keyed: Keyed) -> dict[int, int]:
    """`keyed_names.id` to the place, from 0, of the name in arrays of that version; versions without it
    are left out.

    Raises:
        NotFound: when no version has this name.
    """
    query = select(keyed_names.c.id, keyed_names.c.names).where(keyed_names.c.code == keyed.record_type.names)
    found = {
        row.id: row.names.index(keyed.name) for row in uow.conn.execute(query) if keyed.name in row.names
    }
    if not found:
        raise NotFound(kind="name", kind_zh="特征名称", name=keyed.name)
    return found

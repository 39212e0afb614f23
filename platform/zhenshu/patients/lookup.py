"""Finding patients by an identifier of whatever system: by its blind index, never by what is stored."""

from __future__ import annotations

from sqlalchemy import and_, false, or_, select

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.patients.index import patient_identifier
from zhenshu.patients.registry import blinds_of

_c = patient_identifier.c


def patients_with(uow: UnitOfWork, identifier: str) -> list[int]:
    """Ids of the patients whom any system knows by `identifier`."""
    systems = uow.conn.execute(select(_c.system).distinct()).scalars().all()
    wanted = [
        and_(_c.system == system, _c.blind.in_(blinds_of(uow, system, identifier))) for system in systems
    ]
    query = select(_c.patient_id).where(or_(false(), *wanted)).distinct().order_by(_c.patient_id)
    return list(uow.conn.execute(query).scalars())

"""Finding one patient of a database: by the identifier its root records go by, or by one of their records."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import select

from metamodel.catalogue.model import Database, RecordType
from metamodel.masking.keys import database_keys
from metamodel.records.access import Access
from metamodel.records.owners import identifier_system
from metamodel.records.system import patient_column
from metamodel.storage.layout import ACTIVE
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.patients import find_patients
from zhenshu.security.policy import Action


def patient_of(uow: UnitOfWork, record_type: RecordType, record_id: int) -> int:
    """The patient of a record that the subject may view.

    Raises:
        NotFound: when there is no such record among the subject's, or it is nobody's in particular.
    """
    rows = Access(uow).rows(Action.VIEW, record_type)
    column = patient_column(record_type, record_type.main)
    found = None
    if column is not None:
        found = uow.conn.scalar(select(column).where(record_type.main.c.id == record_id, rows))
    if found is None:
        raise NotFound(kind="record", kind_zh="记录", name=record_id)
    return int(found)


def find_patient(uow: UnitOfWork, database: Database, identifier: str) -> tuple[int, int]:
    """The patient that the database knows by the identifier, and the id of the root record; whoever asks
    answers for who may know.

    Raises:
        NotFound: when it knows nobody by it.
    """
    text = identifier.strip()
    root = database.root
    known = find_patients(uow, identifier_system(root), [text])
    if text in known:
        main = root.main
        mine = select(main.c.id).where(main.c.patient == known[text], main.c.status == ACTIVE)
        if (record := uow.conn.scalar(mine.order_by(main.c.id).limit(1))) is not None:
            return known[text], int(record)
    raise NotFound(kind="patient", kind_zh="患者", name="…")


def root_records(uow: UnitOfWork, database: Database, patient: int) -> list[int]:
    """The ids of the patient's records of the root type, those in the trash left out."""
    main = database.root.main
    mine = select(main.c.id).where(main.c.patient == patient, main.c.status == ACTIVE)
    return list(uow.conn.scalars(mine.order_by(main.c.id)))


def patient_codes(uow: UnitOfWork, database: str) -> Callable[[int | None], str | None]:
    """What a patient is called outside, by the id: the same in one database, and another in each.

    The id itself would tell that records of two databases are one person's.
    """
    digest = database_keys(uow.instance.secrets, database).digest("patient")

    def code(patient: int | None) -> str | None:
        return None if patient is None else digest(str(patient).encode())[:10].hex()

    return code

"""Writing the trail. A row says who did what to which thing, from where and why; never a field's value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import BigInteger, Column, Index, Integer, String, Table

from zhenshu.db.metadata import platform_metadata
from zhenshu.db.types import JsonText, UtcDateTime
from zhenshu.db.unit_of_work import UnitOfWork

BigId = BigInteger().with_variant(Integer, "sqlite")

audit_entry = Table(
    "audit_entry",
    platform_metadata,
    Column("id", BigId, primary_key=True),
    Column("at", UtcDateTime, nullable=False, index=True),
    Column("subject_id", Integer, index=True),
    Column("subject_name", String(128), nullable=False),
    Column("address", String(64), nullable=False),
    Column("channel", String(16), nullable=False),
    Column("action", String(32), nullable=False),
    Column("resource_kind", String(32), nullable=False),
    Column("resource", String(255), nullable=False),
    Column("patients", JsonText),  # patient index ids
    Column("fields", JsonText),  # field codes, never values
    Column("detail", JsonText),
    Column("purpose", String(255), nullable=False),
    Column("outcome", String(16), nullable=False),
    Column("request_id", String(64), nullable=False),
    Column("catalogue_revision", Integer, nullable=False),
    Index("ix_audit_entry_action_id", "action", "id"),
    Index("ix_audit_entry_subject_name_id", "subject_name", "id"),
    Index("ix_audit_entry_resource_id", "resource", "id"),
    Index("ix_audit_entry_outcome_id", "outcome", "id"),
    Index("ix_audit_entry_request_id", "request_id"),
)

# The same patients as in the entry, which is what the seal covers: this is how entries are found by patient.
audit_patient = Table(
    "audit_patient",
    platform_metadata,
    Column("patient_id", BigInteger, primary_key=True, autoincrement=False),
    Column("entry_id", BigInteger, primary_key=True, autoincrement=False),
    Index("ix_audit_patient_entry_id", "entry_id"),
)


def record(
    uow: UnitOfWork, action: str, kind: str, resource: str, *, patients: Sequence[int] = (),
    fields: Sequence[str] = (), detail: dict[str, Any] | None = None, outcome: str = "done",
) -> None:  # fmt: skip
    """Add one row in the transaction of `uow`, which must be a write unit.

    `detail` may hold counts, ids, versions and codes. It must not hold a value a person typed.
    """
    made = uow.conn.execute(
        audit_entry.insert(),
        {
            "at": uow.at,
            "subject_id": uow.subject.id,
            "subject_name": uow.subject.name,
            "address": uow.subject.address,
            "channel": uow.channel.value,
            "action": action,
            "resource_kind": kind,
            "resource": resource,
            "patients": list(patients) or None,
            "fields": list(fields) or None,
            "detail": detail,
            "purpose": uow.purpose,
            "outcome": outcome,
            "request_id": uow.request_id,
            "catalogue_revision": uow.revision,
        },
    )
    if patients:
        assert made.inserted_primary_key is not None  # an INSERT of one row always has its key
        entry_id = made.inserted_primary_key[0]
        pairs = [{"patient_id": patient, "entry_id": entry_id} for patient in sorted(set(patients))]
        uow.conn.execute(audit_patient.insert(), pairs)

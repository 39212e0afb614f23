"""Patients and their identifiers: made in bulk, found by a blind index, forgotten on request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import delete, select, update

from zhenshu.audit import record
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import NotFound
from zhenshu.patients.bulk import insert_columns, insert_patients
from zhenshu.patients.index import patient_identifier, patient_key
from zhenshu.patients.keys import CHUNK, create_keys, unseal_for
from zhenshu.security.secrets import seal


def create_patients(uow: UnitOfWork, count: int) -> dict[int, bytes]:
    """Make `count` patients, each with a key of its own; id -> key, in the order of their making."""
    if count == 0:
        return {}
    return create_keys(uow, insert_patients(uow, count))


def add_identifiers(
    uow: UnitOfWork, system: str, values: Mapping[int, str], keys: Mapping[int, bytes]
) -> None:
    """Give each patient (id -> identifier) an identifier of `system`, sealed under the patient's key.

    Raises:
        IntegrityError: when another patient holds the identifier already.
    """
    if not values:
        return
    secrets, context, version = uow.instance.secrets, system.encode(), uow.index_versions[0]
    insert_columns(
        uow,
        patient_identifier,
        {
            "patient_id": list(values),
            "system": [system] * len(values),
            "blind": [secrets.blind_index(system, value, version) for value in values.values()],
            "sealed": [seal(keys[owner], value.encode(), context) for owner, value in values.items()],
        },
    )


def find_patients(uow: UnitOfWork, system: str, values: Iterable[str]) -> dict[str, int]:
    """Identifier -> patient id, for those of `values` that `system` knows."""
    by_blind = {blind: value for value in values for blind in blinds_of(uow, system, value)}
    wanted = list(by_blind)
    found: dict[str, int] = {}
    for start in range(0, len(wanted), CHUNK):
        query = select(patient_identifier.c.blind, patient_identifier.c.patient_id).where(
            patient_identifier.c.system == system,
            patient_identifier.c.blind.in_(wanted[start : start + CHUNK]),
        )
        found.update({by_blind[blind]: owner for blind, owner in uow.conn.execute(query)})
    return found


def blinds_of(uow: UnitOfWork, system: str, value: str) -> list[str]:
    """What the blind index of an identifier may be: one for each version of the key in use."""
    return [uow.instance.secrets.blind_index(system, value, version) for version in uow.index_versions]


def replace_identifier(uow: UnitOfWork, system: str, owner: int, value: str, key: bytes) -> None:
    """Let `value` be the one identifier that `system` knows the patient by."""
    uow.conn.execute(
        delete(patient_identifier).where(
            patient_identifier.c.system == system, patient_identifier.c.patient_id == owner
        )
    )
    add_identifiers(uow, system, {owner: value}, {owner: key})


def identifiers_of(uow: UnitOfWork, owner: int) -> dict[str, list[str]]:
    """System -> identifiers of one patient, in clear; the caller answers for who may see them."""
    query = select(patient_identifier.c.system, patient_identifier.c.sealed).where(
        patient_identifier.c.patient_id == owner
    )
    found: dict[str, list[str]] = {}
    for system, sealed in uow.conn.execute(query):
        plain = unseal_for(uow, owner, bytes(sealed), system.encode())
        if plain is not None:
            found.setdefault(system, []).append(plain.decode())
    return found


def forget_patient(uow: UnitOfWork, owner: int) -> None:
    """Destroy the patient's key and identifiers: whatever is sealed under the key is unreadable for good.

    Raises:
        NotFound: when there is no such patient.
    """
    statement = (
        update(patient_key).where(patient_key.c.patient_id == owner).values(wrapped=None, destroyed_at=uow.at)
    )
    if uow.conn.execute(statement).rowcount == 0:
        raise NotFound(kind="patient", kind_zh="患者", name=owner)
    uow.conn.execute(delete(patient_identifier).where(patient_identifier.c.patient_id == owner))
    record(uow, "forget", "patients", str(owner), patients=[owner])

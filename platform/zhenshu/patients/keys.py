"""Each patient's own key: sealed things of a patient can be read until the key is destroyed."""

from __future__ import annotations

import secrets as _random
from collections import OrderedDict
from collections.abc import Iterable, Sequence
from threading import Lock

from sqlalchemy import select

from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.patients.bulk import insert_columns
from zhenshu.patients.index import patient_key, wrapping_key
from zhenshu.security.secrets import KEY_BYTES, seal, unseal

CHUNK = 1000  # ids of one IN list
CACHED_KEYS = 4096


class PatientForgotten(ZhenshuError):
    """Patient {patient} was forgotten: identifying values can't be kept. Nothing was changed."""

    status = 409
    zh = "患者 {patient} 的身份信息已被遗忘，不能再保存其身份数据。未作任何修改。"


class KeyCache:
    """Unwrapped keys by their wrapped form, at most `size` of them, the least used leaving first.

    A key is looked up by what the database holds now, so a destroyed key is never found here.
    """

    def __init__(self, size: int = CACHED_KEYS) -> None:
        self._size = size
        self._keys: OrderedDict[bytes, bytes] = OrderedDict()
        self._lock = Lock()

    def unwrap(self, wrapping: bytes, patient: int, wrapped: bytes) -> bytes:
        with self._lock:
            if (key := self._keys.get(wrapped)) is not None:
                self._keys.move_to_end(wrapped)
                return key
        key = unseal(wrapping, wrapped, context_of(patient))
        with self._lock:
            self._keys[wrapped] = key
            if len(self._keys) > self._size:
                self._keys.popitem(last=False)
        return key


def create_keys(uow: UnitOfWork, patients: Sequence[int]) -> dict[int, bytes]:
    """Make and store a key for each of these new patients."""
    version = current_version(uow)
    wrapping = uow.instance.secrets.wrapping(version)
    keys = {patient: _random.token_bytes(KEY_BYTES) for patient in patients}
    wrapped = [seal(wrapping, key, context_of(patient)) for patient, key in keys.items()]
    insert_columns(
        uow,
        patient_key,
        {
            "patient_id": patients,
            "wrapped": wrapped,
            "key_version": [version] * len(wrapped),
            "created_at": [uow.at] * len(wrapped),
        },
    )
    return keys


def current_version(uow: UnitOfWork) -> int:
    """The wrapping key of new patients; it stays current until the transaction ends."""
    query = select(wrapping_key.c.version).where(wrapping_key.c.state == "current")
    version: int = uow.conn.execute(query.with_for_update(read=True)).scalar_one()
    return version


def load_keys(uow: UnitOfWork, patients: Iterable[int]) -> dict[int, bytes]:
    """The keys of these patients; one who was forgotten has none and is absent.

    Raises:
        NotDecryptable: when they were wrapped with another key than the instance has.
        SecretsMissing: when the file of their wrapping key is gone.
    """
    cache: KeyCache = uow.instance.memo.setdefault("patients.keys", KeyCache())
    wrapping: dict[int, bytes] = {}
    wanted = sorted(set(patients))
    keys: dict[int, bytes] = {}
    c = patient_key.c
    for start in range(0, len(wanted), CHUNK):
        query = select(c.patient_id, c.wrapped, c.key_version).where(
            c.patient_id.in_(wanted[start : start + CHUNK]), c.wrapped.is_not(None)
        )
        for patient, wrapped, version in uow.conn.execute(query):
            if version not in wrapping:
                wrapping[version] = uow.instance.secrets.wrapping(version)
            keys[patient] = cache.unwrap(wrapping[version], patient, bytes(wrapped))
    return keys


def seal_for(uow: UnitOfWork, patient: int, plain: bytes, context: bytes = b"") -> bytes:
    """Seal `plain` under the patient's key.

    Raises:
        PatientForgotten: when the key was destroyed.
    """
    key = load_keys(uow, [patient]).get(patient)
    if key is None:
        raise PatientForgotten(patient=patient)
    return seal(key, plain, context)


def unseal_for(uow: UnitOfWork, patient: int, sealed: bytes, context: bytes = b"") -> bytes | None:
    """What was sealed, or None when the patient was forgotten.

    Raises:
        NotDecryptable: for another patient's bytes, another context or altered bytes.
    """
    key = load_keys(uow, [patient]).get(patient)
    return None if key is None else unseal(key, sealed, context)


def context_of(patient: int) -> bytes:
    """What binds a wrapped key to its patient."""
    return f"patient:{patient}".encode()

"""Patients: found by a blind index, sealed under a key of their own, forgotten on request."""

from pathlib import Path

import pytest
from sqlalchemy import select

from tests.instances import an_instance
from zhenshu.errors import NotFound
from zhenshu.instance import Instance
from zhenshu.patients import (
    PatientForgotten,
    add_identifiers,
    create_patients,
    find_patients,
    forget_patient,
    identifiers_of,
    load_keys,
    patient_identifier,
    patient_key,
    replace_identifier,
    seal_for,
    unseal_for,
)
from zhenshu.patients.keys import KeyCache
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import NotDecryptable, seal
from zhenshu.security.subject import SYSTEM


@pytest.fixture
def instance(tmp_path: Path, database_url: str) -> Instance:
    return an_instance(tmp_path / "home", database_url)


def test_each_patient_has_a_key_that_is_stored_wrapped_alone(instance: Instance) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        keys = create_patients(uow, 30)
        wrapped = uow.conn.execute(select(patient_key.c.wrapped)).scalars().all()

        assert len(set(keys.values())) == 30
        assert load_keys(uow, keys) == keys
        assert not any(key in bytes(one) for key in keys.values() for one in wrapped)


def test_an_identifier_is_found_by_system_and_value_and_stored_unreadable(instance: Instance) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        keys = create_patients(uow, 2)
        first, second = keys
        add_identifiers(uow, "mrn", {first: "H001", second: "H002"}, keys)

        assert find_patients(uow, "mrn", ["H002", "H003", "H001"]) == {"H001": first, "H002": second}
        assert find_patients(uow, "other", ["H001"]) == {}
        assert identifiers_of(uow, first) == {"mrn": ["H001"]}
        stored = uow.conn.execute(select(patient_identifier)).all()
        assert not any("H00" in str(row.blind) or b"H00" in bytes(row.sealed) for row in stored)

        replace_identifier(uow, "mrn", first, "H009", keys[first])
        assert find_patients(uow, "mrn", ["H001", "H009"]) == {"H009": first}


def test_a_forgotten_patient_can_not_be_found_opened_or_sealed_for(instance: Instance) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        keys = create_patients(uow, 1)
        (one,) = keys
        add_identifiers(uow, "mrn", {one: "H001"}, keys)
        sealed = seal_for(uow, one, b"name", b"here")
        assert unseal_for(uow, one, sealed, b"here") == b"name"
        with pytest.raises(NotDecryptable):
            unseal_for(uow, one, sealed, b"elsewhere")

        forget_patient(uow, one)

        assert unseal_for(uow, one, sealed, b"here") is None
        assert find_patients(uow, "mrn", ["H001"]) == {}
        with pytest.raises(PatientForgotten):
            seal_for(uow, one, b"name")
        with pytest.raises(NotFound):
            forget_patient(uow, one + 1)


def test_the_key_cache_is_bounded_and_knows_only_what_it_is_shown() -> None:
    cache, master = KeyCache(size=2), bytes(32)
    wrapped = {n: seal(master, bytes([n]) * 32, f"patient:{n}".encode()) for n in range(3)}

    for n, one in wrapped.items():
        assert cache.unwrap(master, n, one) == bytes([n]) * 32

    assert len(cache._keys) == 2
    with pytest.raises(NotDecryptable):
        cache.unwrap(bytes(31) + b"x", 0, wrapped[0])

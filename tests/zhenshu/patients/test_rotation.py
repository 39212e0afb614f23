"""Rotating the key that wraps patients' keys: resumable, and the old one goes when none needs it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import select, update

from tests.instances import an_instance
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.instance import Instance
from zhenshu.patients import create_patients, load_keys
from zhenshu.patients import rotation as rotating
from zhenshu.patients.index import patient_key, wrapping_key
from zhenshu.patients.keys import KeyCache
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import NotDecryptable
from zhenshu.security.subject import SYSTEM


class Killed(Exception):
    pass


@pytest.fixture
def instance(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Instance:
    monkeypatch.setattr(rotating, "BATCH", 2)
    return an_instance(tmp_path / "home", database_url)


@pytest.fixture
def keys(instance: Instance) -> dict[int, bytes]:
    with instance.write(SYSTEM, Channel.API) as uow:
        return create_patients(uow, 5)


def loaded(instance: Instance, patients: dict[int, bytes]) -> dict[int, bytes]:
    instance.memo["patients.keys"] = KeyCache()
    with instance.read(SYSTEM, Channel.API) as uow:
        return load_keys(uow, patients)


def states(instance: Instance) -> dict[int, str]:
    with instance.read(SYSTEM, Channel.API) as uow:
        query = select(wrapping_key.c.version, wrapping_key.c.state)
        return {version: state for version, state in uow.conn.execute(query)}


def test_every_key_is_wrapped_anew_and_stays_what_it_was(instance: Instance, keys: dict[int, bytes]) -> None:
    assert rotating.rotate(lambda: instance.write(SYSTEM, Channel.API)) == 5

    assert states(instance) == {1: "retired", 2: "current"}
    assert loaded(instance, keys) == keys
    with instance.write(SYSTEM, Channel.API) as uow:
        assert set(uow.conn.scalars(select(patient_key.c.key_version))) == {2}
        keys |= create_patients(uow, 1)
    assert loaded(instance, keys) == keys
    assert rotating.rotate(lambda: instance.write(SYSTEM, Channel.API)) == 6
    assert states(instance) == {1: "retired", 2: "retired", 3: "current"}


@pytest.mark.parametrize("after", [False, True])
def test_killed_at_any_commit_it_goes_on(instance: Instance, keys: dict[int, bytes], after: bool) -> None:
    kills, most = 0, 0

    @contextmanager
    def write() -> Iterator[UnitOfWork]:
        nonlocal left
        with instance.write(SYSTEM, Channel.API) as uow:
            yield uow
            left -= 1
            if left == 0 and not after:
                raise Killed
        if left == 0:
            raise Killed

    for most in range(1, 9):
        left = most
        try:
            rotating.rotate(write)
        except Killed:
            kills += 1
        assert loaded(instance, keys) == keys
    rotating.rotate(lambda: instance.write(SYSTEM, Channel.API))
    found = states(instance)
    assert kills >= 3 and list(found.values()).count("current") == 1 and "retiring" not in found.values()
    assert loaded(instance, keys) == keys


def test_with_another_wrapping_key_nothing_is_changed(instance: Instance, keys: dict[int, bytes]) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        uow.conn.execute(update(patient_key).values(wrapped=bytes(60)))
    with pytest.raises(NotDecryptable):
        rotating.rotate(lambda: instance.write(SYSTEM, Channel.API))
    assert states(instance) == {1: "retiring", 2: "current"}

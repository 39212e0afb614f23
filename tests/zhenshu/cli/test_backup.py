"""A backup brings everything back as it was, and nothing is touched when it can't."""

import io
import stat
import tarfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.zhenshu.cli.house import House
from zhenshu.audit import record
from zhenshu.db.migrations import revision_of
from zhenshu.events import Event, emit, outbox_event
from zhenshu.instance import Instance
from zhenshu.process.only_one import not_running
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import Secrets
from zhenshu.security.subject import SYSTEM
from zhenshu.storage import open_file, put_file

CONTENT = "影像".encode() * 1000


@contextmanager
def opened(house: House) -> Iterator[Instance]:
    instance = house.instance()
    try:
        yield instance
    finally:
        instance.close()


def fill(house: House) -> int:
    with opened(house) as instance, instance.write(SYSTEM, Channel.API) as uow:
        emit(uow, Event("record.saved", "胸部CT"))
        record(uow, "add", "records", "1")
        return put_file(uow, "ct.zip", io.BytesIO(CONTENT)).id


def resources(instance: Instance) -> list[str]:
    with instance.read(SYSTEM, Channel.API) as uow:
        return list(
            uow.conn.execute(outbox_event.select().with_only_columns(outbox_event.c.resource)).scalars()
        )


@pytest.fixture
def target(make_house: Callable[..., House], request: pytest.FixtureRequest, house: House) -> Iterator[House]:
    """Another, empty house on the same kind of database."""
    if house.settings.database_url.startswith("sqlite"):
        yield make_house()
        return
    with request.getfixturevalue("postgresql_cluster").database() as url:
        yield make_house(url)


def test_a_backup_with_its_keys_makes_the_same_instance_elsewhere(
    house: House, target: House, tmp_path: Path
) -> None:
    house.run("init")
    file_id = fill(house)
    kept = Secrets.load(house.settings.secrets_folder)
    kept.create_wrapping(2)
    kept.create_indexing(2)
    file = tmp_path / "backup.tar"

    assert house.run("backup", str(file), "--with-secrets").exit_code == 0
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    result = target.run("restore", str(file))
    assert result.exit_code == 0, result.output

    with opened(target) as instance:
        assert resources(instance) == ["胸部CT"]
        with instance.read(SYSTEM, Channel.API) as uow, open_file(uow, file_id) as stream:
            assert stream.read() == CONTENT
    assert target.check()["ok"], target.check()
    moved = Secrets.load(target.settings.secrets_folder)
    assert (moved.wrapping(2), moved.indexing(2)) == (kept.wrapping(2), kept.indexing(2))
    assert target.run("init").exit_code == 0
    # New rows must not take numbers that restored ones have.
    assert fill(target) > file_id


def test_keys_stay_out_unless_asked_for_and_are_needed_to_restore(
    house: House, target: House, tmp_path: Path
) -> None:
    house.run("init")
    file = tmp_path / "backup.tar"
    house.run("backup", str(file))
    with tarfile.open(file) as tar:
        assert not [name for name in tar.getnames() if name.startswith("secrets")]

    Secrets.create(target.settings.secrets_folder)  # other keys
    result = target.run("restore", str(file))

    assert result.exit_code == 1 and "other keys" in result.stderr
    with opened(target) as instance:
        assert revision_of(instance) is None


def test_going_back_replaces_data_only_by_force_and_is_noted(house: House, tmp_path: Path) -> None:
    house.run("init")
    fill(house)
    file = tmp_path / "backup.tar"
    house.run("backup", str(file))
    fill(house)
    house.run("check")

    refused = house.run("restore", str(file))
    assert refused.exit_code == 1 and "--force" in refused.stderr
    with opened(house) as instance:
        assert len(resources(instance)) == 2

    assert house.run("restore", str(file), "--force").exit_code == 0
    with opened(house) as instance:
        assert len(resources(instance)) == 1
    house.run("init")  # seals what came since
    assert house.check()["ok"], house.check()


def test_an_instance_that_is_served_can_not_be_replaced(house: House, tmp_path: Path) -> None:
    house.run("init")
    file = tmp_path / "backup.tar"
    house.run("backup", str(file))
    with opened(house) as instance, not_running(instance):
        result = house.run("restore", str(file), "--force")

    assert result.exit_code == 1 and "being served" in result.stderr


def test_an_existing_file_is_not_overwritten(house: House, tmp_path: Path) -> None:
    house.run("init")
    file = tmp_path / "backup.tar"
    file.write_text("precious")

    assert house.run("backup", str(file)).exit_code == 1
    assert file.read_text() == "precious"
    assert [path.name for path in tmp_path.iterdir() if "backup" in path.name] == ["backup.tar"]


def damaged_backups(whole: bytes) -> dict[str, bytes]:
    flipped = bytearray(whole)
    flipped[2000] ^= 0xFF  # within the database, which comes first
    return {
        "cut short": whole[: len(whole) // 2],
        "cut at a block": whole[: 512 * (len(whole) // 1024)],
        "a bit changed": bytes(flipped),
        "no tar at all": b"zhenshu" * 1000,
        "empty": b"",
    }


def test_a_damaged_backup_changes_nothing(make_house: Callable[..., House], tmp_path: Path) -> None:
    house = make_house()
    house.run("init")
    fill(house)
    file = tmp_path / "backup.tar"
    house.run("backup", str(file))
    for name, content in damaged_backups(file.read_bytes()).items():
        damaged = tmp_path / "damaged.tar"
        damaged.write_bytes(content)
        result = house.run("restore", str(damaged), "--force")
        assert result.exit_code == 1 and "no whole backup" in result.stderr, name
        with opened(house) as instance:
            assert resources(instance) == ["胸部CT"], name


def test_a_backup_that_reaches_out_of_its_folder_is_refused(
    make_house: Callable[..., House], tmp_path: Path
) -> None:
    house = make_house()
    house.run("init")
    file = tmp_path / "backup.tar"
    with tarfile.open(file, "w") as tar:
        for name in ("../escaped", "manifest.json"):
            tar.addfile(tarfile.TarInfo(name), io.BytesIO())

    result = house.run("restore", str(file), "--force")

    assert "'../escaped'" in result.stderr
    assert not list(tmp_path.rglob("escaped"))

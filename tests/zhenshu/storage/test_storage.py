"""Files are kept whole or not at all, under names of our own, and their bytes can be proved."""

import io
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, cast

import pytest
from sqlalchemy import func, select, update

from zhenshu.errors import DiskFull, NotFound
from zhenshu.instance import Instance
from zhenshu.security.policy import Channel
from zhenshu.security.subject import Subject
from zhenshu.storage import (
    FileDamaged,
    FileObject,
    delete_file,
    file_object,
    open_file,
    put_file,
    stage_file,
    stat_file,
    sweep_files,
    verify_files,
)

LI = Subject(id=7, name="li")
NOW = timedelta(0)


def put(instance: Instance, content: bytes, name: str = "ct.zip", **options: Any) -> FileObject:
    with instance.write(LI, Channel.API) as uow:
        return put_file(uow, name, io.BytesIO(content), **options)


def read(instance: Instance, file_id: int) -> bytes:
    with instance.read(LI, Channel.API) as uow, open_file(uow, file_id) as stream:
        return stream.read()


def bytes_on_disk(instance: Instance) -> list[Path]:
    return [path for path in (instance.settings.home / "files").rglob("*") if path.is_file()]


def test_what_is_put_comes_back_with_its_size_and_hash(instance: Instance) -> None:
    content = "影像".encode() * 700_000
    kept = put(instance, content, "胸部CT.zip", media_type="application/zip", attributes={"series": 3})

    assert (kept.size, kept.sha256) == (len(content), sha256(content).hexdigest())
    assert read(instance, kept.id) == content
    with instance.read(LI, Channel.API) as uow:
        assert stat_file(uow, kept.id) == kept
    assert (kept.name, kept.created_by_id, kept.attributes) == ("胸部CT.zip", 7, {"series": 3})


@pytest.mark.parametrize("name", ["../../etc/passwd", "/etc/passwd", "a\0b", "..", "C:\\x", "x" * 4000])
def test_a_name_never_becomes_a_path(instance: Instance, name: str) -> None:
    kept = put(instance, b"x", name)

    [path] = bytes_on_disk(instance)
    assert path == instance.settings.home / "files" / kept.path
    assert path.name.isalnum()
    assert kept.name.isprintable()


def test_a_path_altered_in_the_database_leads_nowhere(instance: Instance) -> None:
    kept = put(instance, b"x")
    with instance.write(LI, Channel.API) as uow:
        uow.conn.execute(update(file_object).values(path="../secrets/master.key"))

    with pytest.raises(FileDamaged):
        read(instance, kept.id)


def test_a_rollback_leaves_an_orphan_that_the_sweep_removes(instance: Instance) -> None:
    kept = put(instance, b"kept")
    with pytest.raises(ZeroDivisionError), instance.write(LI, Channel.API) as uow:
        put_file(uow, "a", io.BytesIO(b"orphan"))
        raise ZeroDivisionError
    assert len(bytes_on_disk(instance)) == 2

    sweep_files(instance)
    assert len(bytes_on_disk(instance)) == 2  # too young: its transaction might still commit
    sweep_files(instance, grace=NOW)

    assert [path.name for path in bytes_on_disk(instance)] == [Path(kept.path).name]
    assert read(instance, kept.id) == b"kept"


def test_staging_brings_the_bytes_in_before_a_transaction_begins(instance: Instance) -> None:
    staged = stage_file(instance, io.BytesIO(b"large"))
    with instance.write(LI, Channel.API) as uow:
        kept = put_file(uow, "large.bin", staged)

    assert read(instance, kept.id) == b"large"


def test_a_deleted_file_is_gone_and_its_row_stays_as_a_trace(instance: Instance) -> None:
    kept = put(instance, b"x")
    with instance.write(LI, Channel.API) as uow:
        delete_file(uow, kept.id)

    assert bytes_on_disk(instance) == []
    with pytest.raises(NotFound):
        read(instance, kept.id)
    with instance.read(LI, Channel.API) as uow:
        assert uow.conn.execute(select(file_object.c.state)).scalar_one() == "deleted"


def test_a_deletion_that_rolls_back_keeps_the_bytes(instance: Instance) -> None:
    kept = put(instance, b"x")
    with pytest.raises(ZeroDivisionError), instance.write(LI, Channel.API) as uow:
        delete_file(uow, kept.id)
        raise ZeroDivisionError

    assert read(instance, kept.id) == b"x"


def test_a_file_past_its_time_is_not_given_out_and_swept(instance: Instance) -> None:
    kept = put(instance, b"x", expires_at=datetime.now(UTC) - timedelta(seconds=1))
    with pytest.raises(NotFound):
        read(instance, kept.id)

    sweep_files(instance)

    assert bytes_on_disk(instance) == []


def test_altered_and_missing_bytes_are_found(instance: Instance) -> None:
    whole, altered, missing = (put(instance, content) for content in (b"1", b"2", b"3"))
    (instance.settings.home / "files" / altered.path).write_bytes(b"?")
    (instance.settings.home / "files" / missing.path).unlink()

    assert list(verify_files(instance)) == [
        f"file {altered.id}: its bytes were altered",
        f"file {missing.id}: its bytes are missing",
    ]
    assert read(instance, whole.id) == b"1"


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file grow beyond `size` bytes: the kernel then fails the write, as on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_a_full_disk_is_said_clearly_and_nothing_is_kept(instance: Instance) -> None:
    put(instance, b"before")
    with largest_file(2_000_000), pytest.raises(DiskFull):
        stage_file(instance, io.BytesIO(b"x" * 3_000_000))

    assert len(bytes_on_disk(instance)) == 1
    with instance.read(LI, Channel.API) as uow:
        assert uow.conn.execute(select(func.count()).select_from(file_object)).scalar_one() == 1


class Breaks(io.RawIOBase):
    """A stream whose sender goes away."""

    def read(self, size: int = -1) -> bytes:
        raise ConnectionResetError


def test_an_upload_that_breaks_off_leaves_nothing(instance: Instance) -> None:
    stream = cast(IO[bytes], Breaks())
    with pytest.raises(ConnectionResetError):
        stage_file(instance, stream)

    assert bytes_on_disk(instance) == []

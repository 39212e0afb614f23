"""`zhenshu init`: the instance's folder, keys and tables, then what each room adds."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import click
from sqlalchemy.engine import make_url

from zhenshu.audit import record, seal
from zhenshu.cli.language import say
from zhenshu.db.migrations import head, revision_of, upgrade
from zhenshu.errors import SettingWrong
from zhenshu.instance import Instance
from zhenshu.rooms import Room
from zhenshu.security.policy import Channel
from zhenshu.security.secrets import KEY_BYTES, NAMES, Secrets
from zhenshu.security.subject import SYSTEM


def init_command(rooms: Sequence[Room], demo: Callable[[Instance], None] | None) -> click.Command:
    @click.command("init")
    @click.option("--demo", "with_demo", is_flag=True, help="Add demonstration data. 加入演示数据。")
    @click.pass_obj
    def init(instance: Instance, with_demo: bool) -> None:
        """Make or update the instance; safe to run again, even after a crash. 建立或升级实例。"""
        initialise(instance, rooms)
        if with_demo and demo is not None:
            demo(instance)
        home = instance.settings.home
        say(f"实例已就绪：{home}", f"The instance is ready: {home}")

    return init


def initialise(instance: Instance, rooms: Sequence[Room]) -> None:
    """Folder, keys, tables, then each room's `on_init` in order. Every step does nothing when it is done.

    Raises:
        SettingWrong: when the home folder can't be written.
        SecretsMissing: when keys are gone while a database needs them; new ones could read nothing.
    """
    home = instance.settings.home
    with _alone(home):
        _close_to_others(instance)
        _make_secrets(instance)
        before = revision_of(instance)
        upgrade(instance)
        if before != head():
            _note(instance, before)
        for room in rooms:
            if room.on_init is not None:
                room.on_init(instance)
        seal(instance)


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    """One `init` of an instance at a time; a second waits for the first."""
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(home / "init.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    except OSError as error:
        reason, reason_zh = f"{home} can't be made ({error.strerror})", f"无法建立 {home}（{error.strerror}）"
        raise SettingWrong(name="home", reason=reason, reason_zh=reason_zh) from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _close_to_others(instance: Instance) -> None:
    """Let no other user of the machine read data, even in a home folder that was there already."""
    (instance.settings.home / "files").mkdir(exist_ok=True, mode=0o700)
    url = make_url(instance.settings.url)
    if url.get_backend_name() == "sqlite" and url.database:
        Path(url.database).touch(mode=0o600)  # SQLite gives its -wal and -shm files the same mode


def _make_secrets(instance: Instance) -> None:
    """Make the keys for a new instance. One whose database is there already must have kept its own."""
    folder = instance.settings.secrets_folder
    if revision_of(instance) is not None:
        Secrets.load(folder)
        return
    for name in NAMES:
        path = folder / f"{name}.key"
        if path.exists() and path.stat().st_size != KEY_BYTES:
            path.unlink()  # an `init` was killed while writing it: nothing was ever sealed with it
    Secrets.create(folder)


def _note(instance: Instance, before: str | None) -> None:
    with instance.write(SYSTEM, Channel.API) as uow:
        record(uow, "migrate", "instance", "", detail={"from": before, "to": head()})

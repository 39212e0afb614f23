"""Putting the `zhenshu` command together from the ground's own commands and those of the rooms."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence

import click

from zhenshu import logs
from zhenshu.cli.backup import backup_command, restore_command
from zhenshu.cli.bench import bench_command
from zhenshu.cli.check import check_command
from zhenshu.cli.group import Group
from zhenshu.cli.init import init_command
from zhenshu.cli.up import up_command
from zhenshu.instance import Instance
from zhenshu.jobs import bind_rooms
from zhenshu.process.programs import Programs
from zhenshu.rooms import Room


def build_cli(
    rooms: Sequence[Room],
    make_instance: Callable[[], Instance],
    programs: Programs | None = None,
    demo: Callable[[Instance], None] | None = None,
) -> click.Group:
    """The command group of a house with these rooms. Each command finds the instance in `ctx.obj`.

    `programs` are what `zhenshu up` runs; `demo` adds demonstration data in `zhenshu init --demo`.
    """

    @click.group(cls=Group, context_settings={"help_option_names": ["-h", "--help"]})
    @click.version_option(package_name="zhenshu", prog_name="zhenshu")
    @click.pass_context
    def zhenshu(ctx: click.Context) -> None:
        """诊枢 Zhenshu: a metadata-driven platform for hospital imaging research."""
        logs.configure(logging.WARNING)
        instance = make_instance()
        bind_rooms(instance, rooms)
        ctx.obj = instance
        ctx.call_on_close(instance.close)

    own = (
        init_command(rooms, demo),
        up_command(programs or Programs()),
        check_command(rooms),
        backup_command(),
        restore_command(),
        bench_command(),
    )
    for command in (*own, *(command for room in rooms for command in room.commands)):
        zhenshu.add_command(command)
    return zhenshu

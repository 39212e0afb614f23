"""Makes the reference of commands: `python docs/reference/commands.py > docs/reference/commands.md`."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import click

from assembly import rooms
from zhenshu.cli import build_cli
from zhenshu.instance import Instance
from zhenshu.settings import Settings

HEAD = """\
# Commands

<!-- Made by `python docs/reference/commands.py > docs/reference/commands.md`; a test notices lag. -->

The instance is the folder `$ZHENSHU_HOME` (`var/` without it). Every command takes `--help`; it ends with 0
when it did what it was asked for, else with another number and one line that says why. `ZHENSHU_LANGUAGE`
(`zh`, `en`) chooses the language. On the command line one acts as the operator of the machine, who may do
everything; the audit trail says so.
"""


def page() -> str:
    """The page as Markdown."""
    group = build_cli(rooms(), lambda: Instance(Settings()))
    context = click.Context(group, info_name="zhenshu")
    return HEAD + "".join(_sections(group, context))


def _sections(group: click.Group, context: click.Context) -> Iterator[str]:
    for name, command in sorted(group.commands.items()):
        below = click.Context(command, info_name=name, parent=context)
        if isinstance(command, click.Group):
            yield from _sections(command, below)
        else:
            yield _section(command, below)


def _section(command: click.Command, context: click.Context) -> str:
    usage = " ".join([context.command_path, *command.collect_usage_pieces(context)])
    text = " ".join(inspect.cleandoc(command.help or "").split())
    rows = [row for item in command.params if (row := _row(item, context))]
    table = "\n| option | meaning |\n| --- | --- |\n" + "".join(rows) if rows else ""
    return f"\n## {context.command_path}\n\n`{usage}`\n\n{text}\n{table}"


def _row(parameter: click.Parameter, context: click.Context) -> str:
    record = parameter.get_help_record(context) if isinstance(parameter, click.Option) else None
    if record is None:
        return ""
    names, meaning = (part.replace("|", "\\|") for part in record)
    return f"| `{names}` | {meaning} |\n"


if __name__ == "__main__":
    print(page(), end="")

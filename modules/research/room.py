"""What the research room brings to the house."""

from __future__ import annotations

import click

from metamodel.catalogue import catalogue_of
from modules.research.commands import demo as demo_group
from modules.research.demo.accounts import make_accounts
from zhenshu.instance import Instance
from zhenshu.rooms import Room
from zhenshu.security import SYSTEM, Channel
from zhenshu.security.grants.standing import give_standing


def room() -> Room:
    return Room(name="research", commands=(demo_group,))


def demo(instance: Instance) -> None:
    """Make the demonstration's accounts and cohort; what is there already stays. Prints the logins."""
    from modules.research.demo.load import load_demo  # Faker is slow to import; only the demo needs it

    load_demo(instance)
    with instance.write(SYSTEM, Channel.API, purpose="demonstration grants") as uow:
        codes = [code for code in catalogue_of(uow).databases if code != "core"]
        give_standing(uow, ("researcher", "reader"), codes, reason="Demonstration data. 演示数据。")
    logins = make_accounts(instance)
    click.echo(logins.read_text(encoding="utf-8"), nl=False)
    click.echo(f"↑ {logins}")

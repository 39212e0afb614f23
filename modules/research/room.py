"""What the research room brings to the house."""

from __future__ import annotations

import click

from modules.research.demo.accounts import make_accounts
from zhenshu.instance import Instance
from zhenshu.rooms import Room


def room() -> Room:
    return Room(name="research")


def demo(instance: Instance) -> None:
    """Make the demonstration's accounts and cohort; what is there already stays. Prints the logins."""
    from modules.research.demo.load import load_demo  # Faker is slow to import; only the demo needs it

    load_demo(instance)
    logins = make_accounts(instance)
    click.echo(logins.read_text(encoding="utf-8"), nl=False)
    click.echo(f"↑ {logins}")

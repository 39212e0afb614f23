"""What the research room brings to the house."""

from __future__ import annotations

from zhenshu.instance import Instance
from zhenshu.rooms import Room


def room() -> Room:
    return Room(name="research", on_demo=_load_demo)


def _load_demo(instance: Instance) -> None:
    from modules.research.demo.load import load_demo  # Faker is slow to import; only the demo needs it

    load_demo(instance)

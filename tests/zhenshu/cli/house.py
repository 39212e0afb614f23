"""A house of one room and its command line, run as a user would."""

import json
from dataclasses import dataclass, field
from typing import Any

import click
from click.testing import CliRunner, Result

from zhenshu.cli import build_cli
from zhenshu.instance import Instance
from zhenshu.rooms import Check, Room
from zhenshu.settings import Settings


@dataclass
class House:
    """`zhenshu` over one instance. `calls` notes what its room was asked to do."""

    settings: Settings
    rooms: list[Room] = field(default_factory=list)
    calls: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def run(self, *arguments: str, language: str = "en") -> Result:
        group = build_cli(
            self.rooms, lambda: Instance(self.settings), demo=lambda _: self.calls.append("demo")
        )
        return CliRunner().invoke(group, arguments, env={"ZHENSHU_LANGUAGE": language})

    def check(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.run("check", "--json").stdout)
        return found

    def faults_of(self, name: str) -> list[str]:
        [finding] = [one for one in self.check()["checks"] if one["name"] == name]
        faults: list[str] = finding["faults"]
        return faults

    def instance(self) -> Instance:
        return Instance(self.settings)


def a_room(house: House, *commands: click.Command) -> Room:
    return Room(
        "room",
        checks=[Check("the room", lambda instance: house.faults)],
        on_init=lambda instance: house.calls.append("init"),
        commands=commands,
    )

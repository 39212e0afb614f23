"""`zhenshu` with all rooms over one instance, as somebody at the machine uses it."""

from __future__ import annotations

import json
from typing import Any

import click
from click.testing import CliRunner, Result

from tests.assembly.house import ROOMS
from zhenshu.cli import build_cli
from zhenshu.instance import Instance
from zhenshu.settings import Settings


class Shell:
    """Each command opens the instance anew, as a process of its own would."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.group: click.Group = build_cli(ROOMS, lambda: Instance(self.settings))

    def run(self, *arguments: object, language: str = "en") -> Result:
        words = [str(argument) for argument in arguments]
        return CliRunner().invoke(self.group, words, env={"ZHENSHU_LANGUAGE": language})

    def does(self, *arguments: object, language: str = "en") -> str:
        """What a command prints that must succeed."""
        result = self.run(*arguments, language=language)
        assert result.exit_code == 0, (arguments, result.output)
        return result.stdout

    def gives(self, *arguments: object) -> Any:
        """What a command that must succeed prints as JSON."""
        return json.loads(self.does(*arguments, "--json"))

    def fails(self, *arguments: object, language: str = "en") -> str:
        """The one line in which a command says why it failed."""
        result = self.run(*arguments, language=language)
        assert result.exit_code not in (0, 70), (arguments, result.output)
        lines = [
            line for line in result.stderr.splitlines() if line and not line.startswith(("{", "Usage", "Try"))
        ]
        assert len(lines) == 1, result.stderr
        return lines[0]

"""`zhenshu check`: is everything as it should be?"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass

import click

from zhenshu.cli.checks import OWN
from zhenshu.cli.language import language
from zhenshu.errors import ZhenshuError
from zhenshu.instance import Instance
from zhenshu.rooms import Check, Room

SHOWN = 20  # faults of one check that are printed; --json has all


@dataclass(frozen=True, slots=True)
class Finding:
    """What one check found; no faults means all is well."""

    name: str
    faults: Sequence[str]


def check_command(rooms: Sequence[Room]) -> click.Command:
    @click.command("check")
    @click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON. 以 JSON 输出。")
    @click.pass_obj
    def check(instance: Instance, as_json: bool) -> None:
        """Compare the instance with what it should be; exit 1 when something is wrong. 检查实例。"""
        checks = [*OWN, *(check for room in rooms for check in room.checks)]
        findings = [_run(check, instance) for check in checks]
        _print_json(findings) if as_json else _print(findings)
        if any(finding.faults for finding in findings):
            sys.exit(1)

    return check


def _run(check: Check, instance: Instance) -> Finding:
    try:
        return Finding(check.name, list(check.run(instance)))
    except ZhenshuError as error:
        return Finding(check.name, [error.message(language())])
    except Exception as error:  # the other checks must still run; a failed check is a fault itself
        return Finding(check.name, [f"could not be run: {type(error).__name__}"])


def _print_json(findings: Sequence[Finding]) -> None:
    checks = [{"name": finding.name, "faults": finding.faults} for finding in findings]
    is_well = not any(finding.faults for finding in findings)
    click.echo(json.dumps({"ok": is_well, "checks": checks}, ensure_ascii=False))


def _print(findings: Sequence[Finding]) -> None:
    for finding in findings:
        click.echo(f"{'✗' if finding.faults else '✓'} {finding.name}")
        for fault in finding.faults[:SHOWN]:
            click.echo(f"    {fault}")
        if (more := len(finding.faults) - SHOWN) > 0:
            click.echo(f"    … +{more}")

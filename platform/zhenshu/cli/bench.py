"""`zhenshu bench`: the measurements of the source tree."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import click

import zhenshu
from zhenshu.errors import NotFound

ROOT = Path(zhenshu.__file__).parents[2]


def bench_command() -> click.Command:
    @click.command("bench")
    @click.argument("names", nargs=-1)
    def bench(names: tuple[str, ...]) -> None:
        """Measure speed: audit, load, policy, publish, records, rest, rules. 测速。"""
        if not (ROOT / "benchmarks").is_dir():
            # It is in the source tree alone.
            raise NotFound(kind="folder", kind_zh="文件夹", name="benchmarks")
        sys.exit(
            subprocess.run([sys.executable, "-m", "benchmarks", *names], cwd=ROOT, check=False).returncode
        )

    return bench

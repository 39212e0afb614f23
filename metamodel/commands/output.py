"""Printing for people or for scripts, and the options that choose it."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click

from zhenshu.cli.language import language, say

AS_JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON. 以 JSON 输出。")
OUT = click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="Write to this file. 写入文件。"
)


def print_json(value: Any) -> None:
    click.echo(json.dumps(value, ensure_ascii=False, default=str))


def write_out(content: bytes, out: Path | None) -> None:
    """To the file `out`, complete or not at all; to standard output where there is none."""
    if out is None:
        sys.stdout.buffer.write(content)
        return
    part = out.with_name(f".{out.name}.part")
    part.write_bytes(content)
    part.replace(out)


def in_words(value: dict[str, Any]) -> str:
    """The text of {"zh", "en"} in the command line's language."""
    return str(value.get(language()) or value.get("en") or value.get("zh") or "")


__all__ = ["AS_JSON", "OUT", "in_words", "print_json", "say", "write_out"]

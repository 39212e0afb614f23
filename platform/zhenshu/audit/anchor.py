"""The anchor: the chain's head, written again and again to a second storage out of the database's reach.

One JSON line per head in a file per month. A line {"restored": true, ...} says that the database was put
back to an earlier state on purpose; heads beyond it that stand before this line no longer count.
Another file tells of the stretches of the chain that were archived, and by what their files are known.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, BinaryIO, Final

from zhenshu.errors import ZhenshuError

TAIL = 4096  # bytes; longer than any line
ARCHIVES: Final = "archives.jsonl"


class AnchorDamaged(ZhenshuError):
    """The anchor file {path} can't be read at line {line}. Restore it; the trail itself is untouched."""

    zh = "审计锚文件 {path} 第 {line} 行无法读取。请恢复该文件；审计记录本身未受影响。"


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's newest seal at some moment; seq 0 is the empty chain."""

    seq: int
    seal: str


def append(folder: Path, head: Head, restored: bool = False) -> None:
    """Add `head`, durable when this returns."""
    now = datetime.now(UTC)
    line = {"seq": head.seq, "seal": head.seal, "at": now.isoformat()}
    if restored:
        line["restored"] = True
    _append(folder / f"audit-{now:%Y-%m}.jsonl", line)


def _append(path: Path, line: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
    with os.fdopen(handle, "rb+") as file:
        _drop_torn_line(file)
        file.write(json.dumps(line).encode() + b"\n")
        file.flush()
        os.fsync(file.fileno())


def heads(folder: Path) -> dict[int, str]:
    """The heads that must still stand in the database: seq -> seal.

    Raises:
        AnchorDamaged: when a whole line is no anchor line.
    """
    standing: dict[int, str] = {}
    for seq, seal, restored in _lines(folder):
        if restored:
            standing = {earlier: kept for earlier, kept in standing.items() if earlier <= seq}
        if seq:
            standing[seq] = seal
    return standing


def newest(folder: Path) -> Head | None:
    """The head that was anchored last, or None when nothing ever was."""
    if (last := _last_line(folder)) is None:
        return None
    seq, seal, _ = _parsed(*last, 0)
    return Head(seq, seal)


def newest_at(folder: Path) -> datetime | None:
    """When a head was anchored last."""
    if (last := _last_line(folder)) is None:
        return None
    line, path = last
    try:
        return datetime.fromisoformat(json.loads(line)["at"])
    except (ValueError, KeyError, TypeError) as error:
        raise AnchorDamaged(path=path, line="last") from error


def _last_line(folder: Path) -> tuple[bytes, Path] | None:
    for path in sorted(folder.glob("audit-*.jsonl"), reverse=True):
        with path.open("rb") as file:
            file.seek(max(0, path.stat().st_size - TAIL))
            whole = file.read().split(b"\n")[:-1]
        if whole:
            return whole[-1], path
    return None


def append_archive(folder: Path, line: dict[str, Any]) -> None:
    """Keep what an archived stretch is known by (`from_seq`, `to_seq`, `seal`, `file`, `sha256`), durably."""
    _append(folder / ARCHIVES, line)


def archives(folder: Path) -> list[dict[str, Any]]:
    """The archived stretches, oldest first.

    Raises:
        AnchorDamaged: when a whole line is none.
    """
    path = folder / ARCHIVES
    if not path.is_file():
        return []
    found = []
    for number, line in enumerate(path.read_bytes().split(b"\n")[:-1], start=1):
        try:
            entry = json.loads(line)
            found.append({"from_seq": int(entry["from_seq"]), "to_seq": int(entry["to_seq"])} | entry)
        except (ValueError, KeyError, TypeError) as error:
            raise AnchorDamaged(path=path, line=number) from error
    return found


def _lines(folder: Path) -> Iterator[tuple[int, str, bool]]:
    for path in sorted(folder.glob("audit-*.jsonl")):
        content = path.read_bytes()
        for number, line in enumerate(content.split(b"\n")[:-1], start=1):
            yield _parsed(line, path, number)


def _parsed(line: bytes, path: Path, number: int) -> tuple[int, str, bool]:
    try:
        entry = json.loads(line)
        return int(entry["seq"]), str(entry["seal"]), bool(entry.get("restored"))
    except (ValueError, KeyError, TypeError) as error:
        raise AnchorDamaged(path=path, line=number or "last") from error


def _drop_torn_line(file: BinaryIO) -> None:
    """Cut off what a crash left of a line: it has no newline."""
    size = file.seek(0, os.SEEK_END)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    file.truncate(size - len(tail) + tail.rfind(b"\n") + 1)

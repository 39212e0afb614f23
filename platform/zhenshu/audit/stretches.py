"""Stretches of the chain as files: JSON lines, compressed, in the folder `archive` beside the anchor.

Each line holds an entry as it was, its number, the time of its sealing and its seal. So the files prove
themselves with the key of the seals, as the rows did.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterable, Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Row

from zhenshu.audit.chain import plain
from zhenshu.audit.trail import audit_entry
from zhenshu.settings import Settings

BLOCK = 1 << 20


def archive_folder(settings: Settings) -> Path:
    return settings.anchor_folder / "archive"


def write_stretch(path: Path, rows: Iterable[Row[Any]]) -> str:
    """Write `rows` (seals with their entries) to `path`, whole or not at all; the SHA-256 of the file."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    part = path.with_name(f".{path.name}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        # No name and no time in it: the same rows make the same bytes, and the same hash.
        with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as packed:
            for row in rows:
                packed.write(_line(row))
        file.flush()
        os.fsync(file.fileno())
    os.replace(part, path)
    _sync_folder(path.parent)
    return sha256_of(path)


def _line(row: Row[Any]) -> bytes:
    entry = {column.name: plain(getattr(row, column.name)) for column in audit_entry.c}
    line = {"seq": row.seq, "sealed_at": plain(row.sealed_at), "seal": row.seal, "entry": entry}
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def read_stretch(path: Path) -> Iterator[Any]:
    """The rows of a file in the form in which the database gave them."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        for line in file:
            kept = json.loads(line)
            entry = kept["entry"]
            entry["at"] = datetime.fromisoformat(entry["at"])
            yield SimpleNamespace(
                seq=kept["seq"], sealed_at=datetime.fromisoformat(kept["sealed_at"]), seal=kept["seal"],
                entry_id=entry["id"], **entry,
            )  # fmt: skip


def sha256_of(path: Path) -> str:
    digest = sha256()
    with path.open("rb") as file:
        while block := file.read(BLOCK):
            digest.update(block)
    return digest.hexdigest()

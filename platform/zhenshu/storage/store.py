"""A named storage on fsspec: whole files in, whole files out, under paths it makes itself."""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import IO, Any, BinaryIO
from uuid import uuid4

import fsspec

from zhenshu.errors import DiskFull

BLOCK = 1 << 20  # bytes
PATH = re.compile(r"[0-9a-f]{2}/[0-9a-f]{32}")
FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})


@dataclass(frozen=True, slots=True)
class StagedFile:
    """Bytes that lie in a storage and wait for their row. Without one, the sweep removes them."""

    storage: str
    path: str
    size: int
    sha256: str


class Store:
    """The storage `name`, a folder `root` of an fsspec file system (so far the local one)."""

    def __init__(self, name: str, root: Path) -> None:
        self.name = name
        self._root = root

    @cached_property
    def _files(self) -> Any:
        return fsspec.filesystem("file")

    def _full(self, path: str) -> str:
        if not PATH.fullmatch(path):  # only what `add` made itself; a row altered by hand leads nowhere
            raise FileNotFoundError(path)
        return str(self._root / path)

    def add(self, stream: BinaryIO | IO[bytes]) -> StagedFile:
        """Copy `stream` into a new file: under a temporary name first, synced, then renamed.

        Raises:
            DiskFull: when it does not fit; nothing is kept.
        """
        key = uuid4().hex
        path = f"{key[:2]}/{key}"
        part = str(self._root / "parts" / key)
        try:
            self._files.makedirs(os.path.dirname(part), exist_ok=True)
            self._files.makedirs(os.path.dirname(self._full(path)), exist_ok=True)
            size, digest = self._copy(stream, part)
            os.replace(part, self._full(path))
            _sync_folder(os.path.dirname(self._full(path)))
        except BaseException as error:
            with suppress(FileNotFoundError):
                self._files.rm_file(part)
            if isinstance(error, OSError) and error.errno in FULL:
                raise DiskFull from error
            raise
        return StagedFile(self.name, path, size, digest)

    def _copy(self, stream: BinaryIO | IO[bytes], part: str) -> tuple[int, str]:
        digest, size = sha256(), 0
        with self._files.open(part, "wb") as target:
            while block := stream.read(BLOCK):
                digest.update(block)
                size += len(block)
                target.write(block)
            target.flush()
            os.fsync(target.fileno())
        return size, digest.hexdigest()

    def open(self, path: str) -> BinaryIO:
        """
        Raises:
            FileNotFoundError: when there is no such file here.
        """
        opened: BinaryIO = self._files.open(self._full(path), "rb")
        return opened

    def sha256(self, path: str) -> str:
        digest = sha256()
        with self.open(path) as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
        return digest.hexdigest()

    def remove(self, path: str) -> None:
        """Remove a file; no error when it is gone already."""
        with suppress(FileNotFoundError):
            self._files.rm_file(self._full(path))

    def paths(self, before: datetime) -> Iterator[str]:
        """Paths of all files last changed before the aware instant `before`."""
        for path, seconds in self._found("??"):
            if datetime.fromtimestamp(seconds, UTC) < before:
                yield path

    def remove_parts(self, before: datetime) -> None:
        """Remove what interrupted writes left."""
        for path, seconds in self._found("parts"):
            if datetime.fromtimestamp(seconds, UTC) < before:
                with suppress(FileNotFoundError):
                    self._files.rm_file(str(self._root / path))

    def _found(self, folder: str) -> Iterator[tuple[str, float]]:
        found = self._files.glob(str(self._root / folder / "*"), detail=True)
        for name, entry in found.items():
            if entry["type"] == "file":
                yield os.path.relpath(name, self._root), entry["mtime"]


def _sync_folder(folder: str) -> None:
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

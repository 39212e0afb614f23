"""Where tests put what lives for one test: in memory if there is room, since databases wait for a disk."""

from __future__ import annotations

import os
import shutil
from functools import cache
from pathlib import Path

IN_MEMORY = Path("/dev/shm")
ON_DISK = Path("/tmp")
ENOUGH = 6 * 2**30  # bytes


@cache
def temporary_root() -> Path:
    """A folder with a short name: a Unix socket's path may have 107 bytes only."""
    usable = IN_MEMORY.is_dir() and os.access(IN_MEMORY, os.W_OK | os.X_OK)
    return IN_MEMORY if usable and shutil.disk_usage(IN_MEMORY).free > ENOUGH else ON_DISK

"""The folder of shipped definitions with a few databases only, where a test needs no more."""

from __future__ import annotations

import shutil
from pathlib import Path

import modules.archive.tables  # noqa: F401 - the tables that the core's record types are mapped to
from metamodel.room import SEEDS


def seeds_with(folder: Path, *databases: str) -> Path:
    """A copy in `folder` that has these databases and all else that they are made of."""
    for name in ("libraries", "templates", "masking_types", "core"):
        shutil.copytree(SEEDS / name, folder / name)
    (folder / "databases").mkdir()
    for code in databases:
        shutil.copy(SEEDS / "databases" / f"{code}.yaml", folder / "databases")
    return folder

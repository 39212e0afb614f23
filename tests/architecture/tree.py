"""The project's own files, as the architecture tests see them."""

import os
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]

NOT_OURS = {".git", ".venv", "var", "node_modules", "dist", "__pycache__", ".hypothesis"}


def files(below: str = ".", *suffixes: str) -> Iterator[Path]:
    """Our files in `below`, all or those with one of `suffixes`; none that tools made or fetched."""
    for folder, subfolders, names in os.walk(ROOT / below):
        subfolders[:] = [name for name in subfolders if name not in NOT_OURS and not name.endswith("_cache")]
        paths = (Path(folder, name) for name in names)
        yield from (path for path in paths if not suffixes or path.suffix in suffixes)


def text_files(below: str = ".") -> Iterator[tuple[str, str]]:
    """Our text files as (path from the root, text)."""
    for path in files(below):
        content = path.read_bytes()
        if b"\0" not in content[:8192]:
            yield str(path.relative_to(ROOT)), content.decode("utf-8", errors="replace")

"""The commands that a page of the manual tells its reader to type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

BLOCK = re.compile(r"^```sh\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def blocks(page: Path) -> Iterator[str]:
    """What stands in the page's blocks marked `sh`, one after the other."""
    yield from BLOCK.findall(page.read_text(encoding="utf-8"))

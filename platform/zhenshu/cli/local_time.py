"""Instants within a message, in the time of the machine at which they are read."""

from __future__ import annotations

import re
from datetime import datetime

INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)")


def in_local_time(text: str) -> str:
    """`text` with each ISO 8601 instant as people here write it (2026-03-05 14:20)."""
    return INSTANT.sub(lambda found: _local(found[0]), text)


def _local(instant: str) -> str:
    return datetime.fromisoformat(instant).astimezone().strftime("%Y-%m-%d %H:%M")

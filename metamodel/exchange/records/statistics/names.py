"""Names and labels that a file can hold: unique, and led back to by the codebook."""

from __future__ import annotations

import re
from collections.abc import Sequence

from metamodel.exchange.records.statistics.dialects import Dialect


def names_for(sources: Sequence[str], dialect: Dialect) -> list[str]:
    """A name for each of `sources`, in order; no two alike in any case of letters."""
    if dialect.longest_name is None:
        return list(sources)
    taken = set(dialect.taken)
    names = []
    for source in sources:
        name = _unique(_legal(source), dialect.longest_name, taken)
        taken.add(name.lower())
        names.append(name)
    return names


def shorten(text: str, limit: int | None, in_bytes: bool) -> str:
    """`text`, cut where it is longer than `limit` and never within a character."""
    if limit is None:
        return text
    if not in_bytes:
        return text if len(text) <= limit else text[: limit - 1] + "…"
    raw = text.encode()
    return text if len(raw) <= limit else raw[: limit - 3].decode(errors="ignore") + "…"


def _legal(source: str) -> str:
    name = re.sub(r"[^A-Za-z0-9_]+", "_", source)
    return name if re.match(r"[A-Za-z]", name) else f"v_{name.lstrip('_')}"


def _unique(name: str, longest: int, taken: set[str]) -> str:
    candidate, number = name[:longest], 2
    while candidate.lower() in taken:
        ending = f"_{number}"
        candidate = name[: longest - len(ending)] + ending
        number += 1
    return candidate

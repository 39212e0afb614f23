"""Changes of order: who moved behind whom."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from metamodel.plans.changes.change import Act, Change, Name, Words
from metamodel.plans.changes.properties import moved

FIRST = Words("最前", "to the front")


def moves(
    old: Sequence[str], new: Sequence[str], name: Callable[[str], Name], id_name: str = "", **head: Any
) -> Iterator[Change]:
    """One change for each key that moved; `name` names a key, `id_name` is where a change keeps it."""
    for key, behind in moved(old, new):
        place = FIRST if behind is None else _behind(name(behind).words)
        own_id: dict[str, Any] = {id_name: key} if id_name else {}
        yield Change(act=Act.MOVE, name=name(key), after=place, **head, **own_id)


def _behind(words: Words) -> Words:
    return Words(f"“{words.zh}”之后", f"behind “{words.en}”")

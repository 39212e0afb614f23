"""What differs between two documents, as JSON Patch (RFC 6902): an editor's page need not load all again."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Mapping, Sequence
from typing import Any

from metamodel.definitions.problems import Path, pointer
from metamodel.definitions.storable import compact

Step = dict[str, Any]


def changes(before: Any, after: Any, path: Path = ()) -> Iterator[Step]:
    """Steps that, applied in order, make `after` of `before`. Parts that have ids or codes are followed."""
    if _same(before, after):
        return
    if isinstance(before, dict) and isinstance(after, dict):
        yield from _of_objects(before, after, path)
    elif isinstance(before, list) and isinstance(after, list):
        yield from _of_lists(before, after, path)
    else:
        yield {"op": "replace", "path": pointer(path), "value": after}


def _same(before: Any, after: Any) -> bool:
    """Equal as JSON: Python holds 1, 1.0 and True for equal, deep within lists and objects, too."""
    return bool(before == after) and compact(before) == compact(after)


def _of_objects(before: Mapping[str, Any], after: Mapping[str, Any], path: Path) -> Iterator[Step]:
    for key in before:
        if key not in after:
            yield {"op": "remove", "path": pointer((*path, key))}
    for key, value in after.items():
        if key in before:
            yield from changes(before[key], value, (*path, key))
        else:
            yield {"op": "add", "path": pointer((*path, key)), "value": value}


def _of_lists(before: Sequence[Any], after: Sequence[Any], path: Path) -> Iterator[Step]:
    old, new = _names(before), _names(after)
    if old is None or new is None:
        yield from _middle_replaced(before, after, path)
        return
    known = dict(zip(old, before, strict=True))
    order = yield from _removed(old, set(new), path)
    for place, (name, item) in enumerate(zip(new, after, strict=True)):
        if name not in known:
            order.insert(place, name)
            yield {"op": "add", "path": pointer((*path, place)), "value": item}
            continue
        if order[place] != name:
            came_from = order.index(name)
            order.insert(place, order.pop(came_from))
            yield {"op": "move", "from": pointer((*path, came_from)), "path": pointer((*path, place))}
        yield from changes(known[name], item, (*path, place))


def _removed(names: Sequence[str], kept: set[str], path: Path) -> Generator[Step, None, list[str]]:
    """Removes from the end, so that earlier places hold; gives what is left."""
    for place in reversed(range(len(names))):
        if names[place] not in kept:
            yield {"op": "remove", "path": pointer((*path, place))}
    return [name for name in names if name in kept]


def _names(items: Sequence[Any]) -> list[str] | None:
    """By what items are known over time; None where some are not, or two are alike."""
    names = [item.get("id") or item.get("code") if isinstance(item, dict) else None for item in items]
    known = [name for name in names if isinstance(name, str)]
    return known if len(known) == len(items) == len(set(known)) else None


def _middle_replaced(before: Sequence[Any], after: Sequence[Any], path: Path) -> Iterator[Step]:
    """What both lists begin and end with stays."""
    shorter = min(len(before), len(after))
    head = next((n for n in range(shorter) if not _same(before[n], after[n])), shorter)
    most = shorter - head
    tail = next((n for n in range(most) if not _same(before[-1 - n], after[-1 - n])), most)
    for place in reversed(range(head, len(before) - tail)):
        yield {"op": "remove", "path": pointer((*path, place))}
    for place in range(head, len(after) - tail):
        yield {"op": "add", "path": pointer((*path, place)), "value": after[place]}

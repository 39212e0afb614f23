"""Comparing two versions of one thing, property by property. Every key is looked at, known or not."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from metamodel.plans.changes.change import Document, Words
from metamodel.plans.changes.words import NO, YES, property_words, value_words

TEXTS = ("label", "description", "help", "section", "text")  # compared language by language
DEFAULTS: Mapping[str, Any] = {"active": True}  # what an absent key means, where it is not "nothing"

# How the value of some properties is said, e.g. a value set by its label; None: as any other.
Say = Callable[[str, Any], Words | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """One property that differs; None where it is not set."""

    path: str  # e.g. "unit", "help.zh", "options.scale"
    before: Words | None
    after: Words | None

    @property
    def words(self) -> Words:
        return property_words(self.path)


def property_differences(
    old: Document, new: Document, without: Collection[str], before: Say, after: Say
) -> Iterator[Difference]:
    """The properties that differ; `without` are compared elsewhere. `before` and `after` say values."""
    for name in [*old, *(key for key in new if key not in old)]:
        if name in without:
            continue
        for path, was, now in _leaves(name, old.get(name), new.get(name)):
            if was != now:
                yield Difference(path, *_both(path, (before, was), (after, now)))


def _leaves(name: str, old: Any, new: Any) -> Iterator[tuple[str, Any, Any]]:
    """A property as a whole, or, where it is an object, key by key."""
    if not isinstance(old or {}, Mapping) or not isinstance(new or {}, Mapping) or not (old or new):
        yield name, _value(name, old), _value(name, new)
        return
    was, now = old or {}, new or {}
    for key in [*was, *(key for key in now if key not in was)]:
        yield f"{name}.{key}", _value(key, was.get(key)), _value(key, now.get(key))


def _value(name: str, value: Any) -> Any:
    """Absent, null, empty and false mean the same in a document; zero is a value."""
    if name in DEFAULTS:
        return DEFAULTS[name] if value is None else value
    if value is False or value is None or value in ("", [], {}):
        return None
    return value


def _both(path: str, old: tuple[Say, Any], new: tuple[Say, Any]) -> tuple[Words | None, Words | None]:
    """Both values in words. What becomes true was false before, set or not."""
    if old[1] is True or new[1] is True:
        return YES if old[1] else NO, YES if new[1] else NO
    return _said(old[0], path, old[1]), _said(new[0], path, new[1])


def _said(say: Say, path: str, value: Any) -> Words | None:
    return None if value is None else say(path, value) or value_words(path, value)


def matched(old: Sequence[str], new: Sequence[str]) -> tuple[list[str], list[str], list[str]]:
    """Keys that are gone, new, and there in both, each in its own order."""
    was, now = set(old), set(new)
    gone = [key for key in old if key not in now]
    fresh = [key for key in new if key not in was]
    return gone, fresh, [key for key in new if key in was]


def moved(old: Iterable[str], new: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """As few keys as explain the new order, each with the key that it now follows; None: it is the first."""
    place = {key: number for number, key in enumerate(old)}
    both = [key for key in new if key in place]
    kept = _longest_rising([place[key] for key in both])
    for index, key in enumerate(both):
        if index not in kept:
            yield key, both[index - 1] if index else None


def _longest_rising(numbers: Sequence[int]) -> set[int]:
    """The indexes of a longest strictly rising subsequence."""
    tails: list[int] = []  # the smallest last number of a rising sequence of each length
    ends: list[int] = []  # its index
    earlier: list[int] = []
    for index, number in enumerate(numbers):
        length = bisect_left(tails, number)
        earlier.append(ends[length - 1] if length else -1)
        tails[length : length + 1] = [number]
        ends[length : length + 1] = [index]
    kept: set[int] = set()
    at = ends[-1] if ends else -1
    while at >= 0:
        kept.add(at)
        at = earlier[at]
    return kept

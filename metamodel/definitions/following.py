"""Following a rule through renames and new labels: what its text named is known by id, not by name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.catalogue.reach import Where
from metamodel.definitions.mentions import Mention, mentions, parsed
from rules_dsl import RuleError


@dataclass(frozen=True, slots=True)
class Named:
    """A place in a rule's text and the ids of what it named; `field` is "" for a record type.

    `how` says in what relation: within related records `[size]` is their own, outside it may be that of the
    only record, which is another question; and `[lesion]` may be all or those below another record.
    """

    start: int
    end: int
    type: str
    field: str
    how: str

    def as_json(self) -> list[Any]:
        return [self.start, self.end, self.type, self.field, self.how]

    def means_the_same(self, other: Named) -> bool:
        return (self.type, self.field, self.how) == (other.type, other.field, other.how)

    def moved(self, after: int, by: int) -> Named:
        """Where it is once the text behind `after` has moved."""
        if self.start <= after:
            return self
        return replace(self, start=self.start + by, end=self.end + by)


_CODE: Final = re.compile(r"[a-z][a-z0-9_]*")
_CHINESE: Final = re.compile(r"[\u3400-\u9fff]")
_NOT_IN_A_NAME: Final = re.compile(r"[\[\]［］【】.\r\n]")


class NamedGone(Exception):
    """What a rule names is no longer there; its argument is the name as written."""


def named_in(where: str, record_type: RecordType, database: Database) -> list[Named]:
    """What the text names, in its order; a text that can't be read names nothing."""
    return [_named(mention) for mention in mentions_in(where, record_type, database)]


def mentions_in(where: str, record_type: RecordType, database: Database) -> list[Mention]:
    tree = parsed(where)
    if isinstance(tree, RuleError):
        return []
    return sorted(mentions(tree, record_type, database), key=lambda mention: mention.span)


def followed(where: str, named: Iterable[Named], record_type: RecordType, database: Database) -> str:
    """`where` with the names of today for what it named when it was saved.

    Raises:
        NamedGone: when a field or record type is no longer there, or no name leads to it.
    """
    waiting = sorted(named, key=lambda each: (each.field != "", each.start))  # record types first
    while waiting:
        item = waiting.pop(0)
        if not _means(where, item, record_type, database):
            renamed = _renamed(where, item, record_type, database)
            waiting = [each.moved(item.start, len(renamed) - len(where)) for each in waiting]
            where = renamed
    return where


def _renamed(where: str, item: Named, record_type: RecordType, database: Database) -> str:
    written = where[item.start : item.end]
    for path in _paths(item, written.strip("[]［］【】"), database):
        text = where[: item.start] + f"[{path}]" + where[item.end :]
        if _means(text, item, record_type, database):
            return text
    raise NamedGone(written.strip("[]［］【】"))


def is_there(item: Named, database: Database) -> bool:
    """Whether the database still has what was named."""
    return bool(_paths(item, "", database))


def _paths(item: Named, written: str, database: Database) -> Sequence[str]:
    """Ways to write what was named, the likeliest first: by label where it was written by one."""
    found = next((each for each in database.record_types if _id(each) == item.type), None)
    if found is None:
        return ()
    head, _, last = (part.strip() for part in written.rpartition("."))
    if not item.field:
        names = _names(found, last)
        root = database.root.code  # `[patient.lesion]` is all lesions, also where `[lesion]` are those below
        return names if item.how == "below" else (*names, *(f"{root}.{name}" for name in names))
    field = next((each for each in found.fields if _id(each) == item.field), None)
    if field is None:
        return ()
    names = _names(field, last)
    short, long = names, [f"{first}.{name}" for first in _names(found, head) for name in names]
    return (*long, *short) if head else (*short, *long)


def _names(item: RecordType | Field, written: str) -> Sequence[str]:
    """Its label, where `written` was no code, in the language of `written`; and its code."""
    label = item.label.zh if _CHINESE.search(written) else item.label.en
    is_label = written and not _CODE.fullmatch(written)
    writable = label and label == label.strip() and not _NOT_IN_A_NAME.search(label)
    return (label, item.code) if is_label and writable else (item.code,)


def _means(where: str, item: Named, record_type: RecordType, database: Database) -> bool:
    """Whether the place in the text names what it should."""
    found = (_named(mention) for mention in mentions_in(where, record_type, database))
    return any(each.start == item.start and each.means_the_same(item) for each in found)


def _named(mention: Mention) -> Named:
    start, end = mention.span
    reached = mention.reached
    if reached is not None:
        is_theirs = mention.inside and reached.where is Where.ANCESTOR
        how = "their ancestor" if is_theirs else reached.where.value
        return Named(start, end, _id(reached.type), _id(reached.field), how)
    assert mention.records is not None
    return Named(start, end, _id(mention.records), "", "below" if mention.inside else "records")


def _id(item: RecordType | Field) -> str:
    """Types that registries describe have no ids; their codes never change."""
    return item.id or item.code

"""Finding databases, record types and fields by a few characters of their names or codes."""

from __future__ import annotations

from collections.abc import Iterator
from heapq import nsmallest
from typing import Any, NamedTuple

from metamodel.api.shared import VIEW, knows, visible_types
from metamodel.api.views import label_view
from metamodel.catalogue import Database, Label, catalogue_of
from zhenshu.db.unit_of_work import UnitOfWork
from zhenshu.security import Visibility
from zhenshu.web.api import Api, endpoint
from zhenshu.web.schemas import TEXT, list_of, object_of, query_of

LABEL = object_of({"zh": TEXT, "en": TEXT})
NAMED = object_of({"code": TEXT, "label": LABEL})
MAYBE_NAMED = {"anyOf": [NAMED, {"type": "null"}]}
FOUND = object_of({"database": NAMED, "record_type": MAYBE_NAMED, "field": MAYBE_NAMED})
QUERY = {"type": "string", "minLength": 1, "maxLength": 200}
LIMIT = {"type": "integer", "minimum": 1, "maximum": 100, "default": 30}

_EXACT, _PREFIX, _INSIDE = range(3)


class _Place(NamedTuple):
    """A thing with a name, within others: its database, its record type, itself a field or not."""

    database: tuple[str, Label]
    record_type: tuple[str, Label] | None = None
    field: tuple[str, Label] | None = None

    @property
    def own(self) -> tuple[str, Label]:
        return self.field or self.record_type or self.database

    @property
    def depth(self) -> int:
        return (self.record_type is not None) + (self.field is not None)


class Search(Api):
    @endpoint(
        "GET", "/search",
        summary={"zh": "查找病种库与字段", "en": "Published databases, record types and fields by name."},
        needs=VIEW,
        params=query_of({"q": QUERY, "limit": LIMIT}, ["q"]),
        returns={200: object_of({"items": list_of(FOUND)})},
    )  # fmt: skip
    def find(self) -> dict[str, Any]:
        """Every word of `q` must be in the name, in either language, or in the code."""
        words = self.params["q"].lower().split()
        with self.read() as uow:
            ranked = (
                (score, place.depth, len(place.own[1].zh), number, place)
                for number, place in enumerate(_places(uow))
                if (score := _score(place.own, words)) is not None
            )
            best = nsmallest(self.params["limit"], ranked)
        return {"items": [_describe(place) for *_, place in best]}


def _places(uow: UnitOfWork) -> Iterator[_Place]:
    """All that the subject may know of; a hidden field is not there."""
    live = catalogue_of(uow).databases
    for database in live.values():
        if not knows(uow, database.code, live):
            continue
        yield _Place((database.code, database.label))
        yield from _within(uow, database)


def _within(uow: UnitOfWork, database: Database) -> Iterator[_Place]:
    base = (database.code, database.label)
    for code, scope in visible_types(uow, database).items():
        kind = database.record_type(code)
        yield _Place(base, (kind.code, kind.label))
        for item in kind.fields:
            if not item.hidden and scope.visibility(item.field_class) is not Visibility.HIDE:
                yield _Place(base, (kind.code, kind.label), (item.code, item.label))


def _score(own: tuple[str, Label], words: list[str]) -> int | None:
    """How well each word is met, added up; None if one is not."""
    code, label = own
    names = (code.lower(), label.zh.lower(), label.en.lower())
    found = [min((_closeness(name, word) for name in names), default=3) for word in words]
    return sum(found) if found and max(found) <= _INSIDE else None


def _closeness(name: str, word: str) -> int:
    if name == word:
        return _EXACT
    if name.startswith(word):
        return _PREFIX
    return _INSIDE if word in name else _INSIDE + 1


def _describe(place: _Place) -> dict[str, Any]:
    return {name: _named(getattr(place, name)) for name in ("database", "record_type", "field")}


def _named(own: tuple[str, Label] | None) -> dict[str, Any] | None:
    return None if own is None else {"code": own[0], "label": label_view(own[1])}

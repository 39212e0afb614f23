"""What a rule's path reaches from a record: its own field, an ancestor's, or another record's.

A path is `code` or `record_type.code`; codes may be written as labels. It is looked for in the record
itself, then in its ancestors, nearest first, then as the only record of a named type under the same root.
Inside a quantifier a record type by name stands for all its records under that root.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from metamodel.catalogue.model import Database, Field, Label, RecordType
from metamodel.field_types.registry import field_type
from rules_dsl import RuleType


class Where(Enum):
    OWN = "own"
    ANCESTOR = "ancestor"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Reached:
    """A field, the type of the record that has it, and how that record relates to the one at hand."""

    where: Where
    type: RecordType
    field: Field


class Surroundings:
    """The paths that rules of `record_type` can reach."""

    def __init__(self, record_type: RecordType, database: Database | None) -> None:
        self.type = record_type
        self.database = database

    def ancestors(self) -> tuple[RecordType, ...]:
        """Parent, its parent, and so on."""
        return () if self.database is None else self.database.ancestors(self.type.code)

    def reach(self, path: str) -> Reached | None:
        """The field that `path` means here, or None."""
        for where, candidate in self._near():
            if (found := find_field(candidate, path)) is not None:
                return Reached(where, candidate, found)
        head, dot, rest = path.partition(".")
        if not dot or (named := self.find_type(head)) is None:
            return None
        found = find_field(named, rest)
        return None if found is None else Reached(self._relation(named), named, found)

    def find_type(self, name: str) -> RecordType | None:
        """The record type of this database with the code or label `name`."""
        types = () if self.database is None else self.database.record_types
        by_code = next((item for item in types if item.code == name), None)
        return by_code or next((item for item in types if name in (item.label.zh, item.label.en)), None)

    def related(self, path: str) -> RecordType | None:
        """The record type whose records a quantifier ranges over; of `exam.lesion` the last counts."""
        named = [self.find_type(part) for part in path.split(".")]
        return None if None in named else named[-1]

    def _near(self) -> Iterator[tuple[Where, RecordType]]:
        yield Where.OWN, self.type
        for ancestor in self.ancestors():
            yield Where.ANCESTOR, ancestor

    def _relation(self, named: RecordType) -> Where:
        return next((where for where, item in self._near() if item.code == named.code), Where.OTHER)


def find_field(record_type: RecordType, name: str) -> Field | None:
    """The field with the code `name`, or else the only one with that label."""
    if (found := record_type.by_code.get(name)) is not None:
        return found
    labelled = [item for item in record_type.fields if name in (item.label.zh, item.label.en)]
    if len(labelled) == 1:
        return labelled[0]
    return _named_number(name) if record_type.storage == "keyed" and "." not in name else None


def _named_number(name: str) -> Field:
    """A number of a keyed type's arrays as a field; the database knows whether any list has the name."""
    return Field("", name, Label(), field_type("float"))


class ReachTypes:
    """A `rules_dsl` type resolver over surroundings; it remembers what was asked for.

    Inside a quantifier (`inner`) only the ranged records' own fields are found: whatever else a path means,
    it means outside.
    """

    def __init__(self, surroundings: Surroundings, inner: bool = False) -> None:
        self.surroundings = surroundings
        self.inner = inner
        self.reached: dict[str, Reached] = {}
        self.ranged: dict[str, ReachTypes] = {}

    def type(self, path: str) -> RuleType | None:
        found = self._own(path) if self.inner else self.surroundings.reach(path)
        if found is None:
            return None
        self.reached[path] = found
        return found.field.type.rule_type_of(found.field)

    def related(self, path: str) -> ReachTypes | None:
        found = None if self.inner else self.surroundings.related(path)
        if found is None:
            return None
        inner = ReachTypes(Surroundings(found, self.surroundings.database), inner=True)
        return self.ranged.setdefault(path, inner)

    def names(self) -> Iterable[str]:
        own = [item.code for item in self.surroundings.type.fields]
        if self.inner:
            return own
        return own + [item.code for ancestor in self.surroundings.ancestors() for item in ancestor.fields]

    def _own(self, path: str) -> Reached | None:
        item = find_field(self.surroundings.type, path)
        return None if item is None else Reached(Where.OWN, self.surroundings.type, item)

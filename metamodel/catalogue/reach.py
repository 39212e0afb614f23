"""What a rule's path reaches from a record: its own field, an ancestor's, or another record's.

A path is `code` or `record_type.code`; codes may be written as labels. It is looked for in the record
itself, then in its ancestors, nearest first, then as the only record of a named type under the same root.

A quantifier over a record type ranges over all its records under that root. Inside it a path is looked for in
the ranged record and its ancestors first, and the record types below it mean the records below that record;
what is not found there is looked for around it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
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


Permitted = Callable[[RecordType], bool]
Known = Callable[[RecordType, Field], bool]


def _all_types(_record_type: RecordType) -> bool:
    return True


def _all_fields(_record_type: RecordType, _field: Field) -> bool:
    return True


class Surroundings:
    """The paths that rules of `record_type` can reach, in it and in those `permitted` of the others, to whom
    only the fields `known` are there."""

    def __init__(
        self, record_type: RecordType, database: Database | None, permitted: Permitted = _all_types,
        known: Known = _all_fields,
    ) -> None:  # fmt: skip
        self.type = record_type
        self.database = database
        self.permitted = permitted
        self.known = known

    def ancestors(self) -> tuple[RecordType, ...]:
        """Parent, its parent, and so on."""
        return () if self.database is None else self.database.ancestors(self.type.code)

    def reach(self, path: str) -> Reached | None:
        """The field that `path` means here, or None."""
        for where, candidate in self._near():
            if (found := self._find(candidate, path)) is not None:
                return Reached(where, candidate, found)
        head, dot, rest = path.partition(".")
        if not dot or (named := self.find_type(head)) is None:
            return None
        found = self._find(named, rest)
        return None if found is None else Reached(self._relation(named), named, found)

    def codes(self) -> Iterator[str]:
        """Of the fields that a path may name alone."""
        for _, record_type in self._near():
            yield from (item.code for item in record_type.fields if self.known(record_type, item))

    def _find(self, record_type: RecordType, name: str) -> Field | None:
        return find_field(record_type, name, lambda item: self.known(record_type, item))

    def find_type(self, name: str) -> RecordType | None:
        """The record type of this database with the code or label `name`."""
        every = () if self.database is None else self.database.record_types
        types = [item for item in every if self.permitted(item)]
        by_code = next((item for item in types if item.code == name), None)
        return by_code or next((item for item in types if name in (item.label.zh, item.label.en)), None)

    def ranged(self, path: str) -> Inside | None:
        """Inside a quantifier over the records that `path` names: of `exam.lesion` the last; or None."""
        named = self._types_of(path)
        return None if named is None else self.inside(named[-1])

    def inside(self, record_type: RecordType) -> Inside:
        """Inside a quantifier over all records of `record_type` under the same root."""
        return Inside(record_type, self.database, self.type, self.permitted, self.known)

    def _types_of(self, path: str) -> list[RecordType] | None:
        """The record types that the parts of `path` name, or None where one names none."""
        named = [self.find_type(part) for part in path.split(".")]
        known = [item for item in named if item is not None]
        return known if len(known) == len(named) else None

    def _near(self) -> Iterator[tuple[Where, RecordType]]:
        yield Where.OWN, self.type
        for ancestor in self.ancestors():
            if self.permitted(ancestor):
                yield Where.ANCESTOR, ancestor

    def _relation(self, named: RecordType) -> Where:
        return next((where for where, item in self._near() if item.code == named.code), Where.OTHER)


class Inside(Surroundings):
    """The paths of each record of `record_type` that a quantifier ranges over.

    Its ancestors are those that it does not share with `around`, the record outside or the one it lies below:
    fields of shared ones are found there.
    """

    def __init__(
        self, record_type: RecordType, database: Database | None, around: RecordType,
        permitted: Permitted = _all_types, known: Known = _all_fields,
    ) -> None:  # fmt: skip
        super().__init__(record_type, database, permitted, known)
        self._around = around

    def ancestors(self) -> tuple[RecordType, ...]:
        """Parent, its parent, and so on, below the record around and below the root."""
        found: list[RecordType] = []
        child = self.type
        for item in super().ancestors():
            if child.storage == "mapped" or item.parent is None or item.code == self._around.code:
                break
            found.append(item)
            child = item
        return tuple(found)

    def reach(self, path: str) -> Reached | None:
        found = super().reach(path)
        return None if found is None or found.where is Where.OTHER else found

    def ranged(self, path: str) -> Inside | None:
        """A quantifier over records below this one; others are found around it.

        All parts of `path` lie here or below: `[patient.lesion]` inside `any([visit], ...)` is all lesions.
        """
        named = self._types_of(path)
        if named is None or not all(item.code == self.type.code or self._is_above(item) for item in named):
            return None
        return self.inside(named[-1]) if self._is_above(named[-1]) else None

    def _is_above(self, record_type: RecordType) -> bool:
        """Whether parents lead from such records up to one of this type."""
        child = record_type
        for item in () if self.database is None else self.database.ancestors(record_type.code):
            if child.storage == "mapped":  # such tables have no parents
                return False
            if item.code == self.type.code:
                return True
            child = item
        return False


def _any_field(_field: Field) -> bool:
    return True


def find_field(
    record_type: RecordType, name: str, known: Callable[[Field], bool] = _any_field
) -> Field | None:
    """The field with the code `name`, or else the only one with that label; of those that are `known`."""
    if (found := record_type.by_code.get(name)) is not None and known(found):
        return found
    labelled = [item for item in record_type.fields if name in (item.label.zh, item.label.en) and known(item)]
    if len(labelled) == 1:
        return labelled[0]
    return _named_number(name) if record_type.storage == "keyed" and "." not in name else None


def _named_number(name: str) -> Field:
    """A number of a keyed type's arrays as a field; the database knows whether any list has the name."""
    return Field("", name, Label(), field_type("float"))


class ReachTypes:
    """A `rules_dsl` type resolver over surroundings. It remembers what was asked for: fields `reached`, and
    the records that quantifiers `ranged` over with what was asked for inside them."""

    def __init__(self, surroundings: Surroundings) -> None:
        self.surroundings = surroundings
        self.reached: dict[str, Reached] = {}
        self.ranged: dict[str, ReachTypes] = {}

    def type(self, path: str) -> RuleType | None:
        found = self.surroundings.reach(path)
        if found is None:
            return None
        self.reached[path] = found
        return found.field.type.rule_type_of(found.field)

    def related(self, path: str) -> ReachTypes | None:
        if path not in self.ranged and (found := self.surroundings.ranged(path)) is not None:
            self.ranged[path] = ReachTypes(found)
        return self.ranged.get(path)

    def names(self) -> Iterable[str]:
        return list(self.surroundings.codes())

    def within(self) -> Iterator[ReachTypes]:
        """All quantifiers, also those inside others."""
        for inner in self.ranged.values():
            yield inner
            yield from inner.within()

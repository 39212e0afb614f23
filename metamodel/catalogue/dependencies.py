"""What calculated fields are made of: which of them a change elsewhere makes out of date, and in which order.

A calculation may use fields of its own record, of its ancestors, and of other records under the same root,
also how many of those there are. All records of one root carry its patient, so whatever depends on a record
is found by the patient.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from metamodel.catalogue.model import Database, RecordType
from metamodel.catalogue.reach import ReachTypes, Surroundings, Where
from rules_dsl import RuleError, check, parse
from zhenshu.db.unit_of_work import UnitOfWork

PRESENCE: Final = ""  # stands for a record type's records as such: that they are there
_MEMO: Final = "metamodel.dependencies"

Place = tuple[str, str]  # record type code, field code or PRESENCE


@dataclass(frozen=True, slots=True)
class Use:
    """A calculated field that uses a place; `own` when that lies in the same record."""

    by: Place
    own: bool


class Dependencies:
    """The calculations of one release, by what they use."""

    def __init__(self, database: Database) -> None:
        self._uses: dict[Place, list[Use]] = defaultdict(list)
        for record_type in database.record_types:
            for field in record_type.fields:
                if field.calculation:
                    self._add((record_type.code, field.code), field.calculation, record_type, database)
        across = [(place, use) for place, uses in self._uses.items() for use in uses if not use.own]
        # Record types whose records others are calculated from, or that are calculated from others.
        self.involved: frozenset[str] = frozenset(
            code for place, use in across for code in (place[0], use.by[0])
        )
        self.calculated_from_others: frozenset[str] = frozenset(use.by[0] for _, use in across)

    def _add(self, by: Place, calculation: str, record_type: RecordType, database: Database) -> None:
        types = ReachTypes(Surroundings(record_type, database))
        try:
            check(parse(calculation), types)
        except RuleError:  # saving a record of this type says what is wrong with it
            return
        for hit in types.reached.values():
            self._uses[hit.type.code, hit.field.code].append(Use(by, hit.where is Where.OWN))
            if hit.where is Where.OTHER:  # it has a value where there is exactly one such record
                self._uses[hit.type.code, PRESENCE].append(Use(by, own=False))
        for inner in types.within():
            self._uses[inner.surroundings.type.code, PRESENCE].append(Use(by, own=False))
            for hit in inner.reached.values():
                self._uses[hit.type.code, hit.field.code].append(Use(by, own=False))

    def waves(self, changed: Iterable[Place], back: Iterable[str] = ()) -> list[str]:
        """Record types whose calculations may be out of date after `changed`, in the order to redo them.

        Records of the types `back` come back from the trash: what they are calculated from may have changed.
        A type comes twice where its second calculation needs another type's in between. What a record's own
        change means for its own fields is left out: saving has done that.
        """
        found = {(level, place[0]) for place, level in self._levels(changed).items() if level > 0}
        found |= {(0, code) for code in back if code in self.calculated_from_others}
        return [code for _, code in sorted(found)]

    def _levels(self, changed: Iterable[Place]) -> Mapping[Place, int]:
        """How many times the calculation must pass from record to record to reach each place."""
        levels: dict[Place, int] = {}
        waiting = [(place, 0) for place in changed]
        while waiting:
            place, level = waiting.pop()
            if levels.get(place, -1) >= level or level > len(self._uses):
                continue  # no chain is longer, unless it goes in a circle, which no draft with one may
            levels[place] = level
            waiting += [(use.by, level + (not use.own)) for use in self._uses.get(place, ())]
        return levels


def places_of(record_type: RecordType) -> Iterator[Place]:
    """All of a record type's places: what changes when one of its records comes or goes."""
    yield record_type.code, PRESENCE
    for field in record_type.fields:
        yield record_type.code, field.code


def dependencies_of(uow: UnitOfWork, database: Database) -> Dependencies:
    """The dependencies of a live release, worked out at its first use in this process."""
    memo: dict[str, tuple[int, Dependencies]] = uow.instance.memo.setdefault(_MEMO, {})
    found = memo.get(database.code)
    if found is None or found[0] != database.release_id:
        found = memo[database.code] = (database.release_id, Dependencies(database))
    return found[1]

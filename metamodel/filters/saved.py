"""Saved filters: one rule over a record type, under a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from metamodel.catalogue import RecordType
from metamodel.filters.fitting import Reading, read_filter
from metamodel.filters.store import Saved, SavedRules


@dataclass(frozen=True, slots=True)
class NewFilter:
    """What a person gives a filter: a name and a rule over a record type."""

    name: str
    where: str
    record_type: str
    description: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class SavedFilter(Saved):
    """A saved filter as its reader may see it."""

    reading: Reading


class SavedFilters(SavedRules[NewFilter, SavedFilter]):
    """The saved filters of one database, in one unit of work."""

    kind = "saved_filter"
    act = "filter"
    name = ("已存筛选", "saved filter")

    def _rules_in(self, document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        return [document]

    def _written(self, new: NewFilter, record_type: RecordType) -> Mapping[str, Any]:
        read_filter(self._uow, self._database, record_type, new.where)
        return self._rule(new.where, record_type)

    def _as_saved(self, head: Saved, document: Mapping[str, Any], readings: Sequence[Reading]) -> SavedFilter:
        return SavedFilter(**asdict(head), reading=readings[0])

    def _changed(
        self, shown: SavedFilter, document: Mapping[str, Any], changes: Mapping[str, Any]
    ) -> NewFilter:
        return NewFilter(
            changes.get("name", shown.name), changes.get("where", shown.reading.where or document["where"]),
            shown.record_type, changes.get("description", shown.description),
            changes.get("shared", shown.shared),
        )  # fmt: skip

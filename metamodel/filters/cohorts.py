"""Saved cohorts: criteria over the records of one type, in their order, under a name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from metamodel.catalogue import Label, RecordType
from metamodel.filters.cohort import Criterion, CriterionKind, numbered
from metamodel.filters.fitting import Reading, read_filter
from metamodel.filters.store import Saved, SavedRules


@dataclass(frozen=True, slots=True)
class NewCohort:
    """What a person gives a cohort: a name and criteria over a record type."""

    name: str
    record_type: str
    criteria: tuple[Criterion, ...]
    description: str = ""
    shared: bool = False


@dataclass(frozen=True, slots=True)
class SavedCriterion:
    """A criterion as its reader may see it."""

    kind: CriterionKind
    label: Label
    reading: Reading


@dataclass(frozen=True, slots=True)
class SavedCohort(Saved):
    """A saved cohort as its reader may see it."""

    criteria: tuple[SavedCriterion, ...]


class SavedCohorts(SavedRules[NewCohort, SavedCohort]):
    """The saved cohorts of one database, in one unit of work."""

    kind = "cohort"
    act = "cohort"
    name = ("入组队列", "cohort")

    def _rules_in(self, document: Mapping[str, Any]) -> Sequence[Mapping[str, Any]]:
        criteria: Sequence[Mapping[str, Any]] = document["criteria"]
        return criteria

    def _written(self, new: NewCohort, record_type: RecordType) -> Mapping[str, Any]:
        """
        Raises:
            CriterionWrong: when one is no condition over the record type.
            QueryNotAllowed: when one names a field that the subject does not see in clear.
        """
        criteria = []
        for number, item in enumerate(new.criteria, start=1):
            with numbered(number):
                read_filter(self._uow, self._database, record_type, item.where)
            label = {"zh": item.label.zh, "en": item.label.en}
            criteria.append({"kind": item.kind.value, "label": label, **self._rule(item.where, record_type)})
        return {"criteria": criteria}

    def _as_saved(self, head: Saved, document: Mapping[str, Any], readings: Sequence[Reading]) -> SavedCohort:
        criteria = tuple(
            SavedCriterion(CriterionKind(item["kind"]), Label(**item["label"]), reading)
            for item, reading in zip(document["criteria"], readings, strict=True)
        )
        return SavedCohort(**asdict(head), criteria=criteria)

    def _changed(
        self, shown: SavedCohort, document: Mapping[str, Any], changes: Mapping[str, Any]
    ) -> NewCohort:
        kept = (
            Criterion(item.kind, item.reading.where or before["where"], item.label)
            for item, before in zip(shown.criteria, document["criteria"], strict=True)
        )
        return NewCohort(
            changes.get("name", shown.name), shown.record_type, tuple(changes.get("criteria", kept)),
            changes.get("description", shown.description), changes.get("shared", shown.shared),
        )  # fmt: skip

"""What a rule to be explained names: live fields, or a draft's with the values that are stored of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from metamodel.catalogue.model import Database, Field, RecordType
from metamodel.catalogue.reach import Reached, ReachTypes, Surroundings, find_field
from metamodel.definitions.mentions import mentions
from rules_dsl import RuleType, Tree, check
from rules_dsl.nodes import Span


class RuleNames:
    """The names of `tree`, a rule over a live record type.

    `types` are what the rule is checked over, `stored` the same as live fields: what must be loaded for it.
    """

    def __init__(self, tree: Tree, record_type: RecordType, database: Database) -> None:
        """
        Raises:
            RuleError: when the rule does not fit the fields.
        """
        self.types = ReachTypes(Surroundings(record_type, database))
        self.type: RuleType = check(tree, self.types)
        self.stored = self.types
        self._mentions = mentions(tree, record_type, database)

    def fields(self) -> Iterator[tuple[Span, RecordType, Field]]:
        """Where the rule names live fields."""
        for mention in self._mentions:
            if mention.reached is not None and (found := self._live_field(mention.reached)) is not None:
                yield mention.span, *found

    def records(self) -> Iterator[tuple[Span, RecordType]]:
        """Where it names live record types."""
        for mention in self._mentions:
            if mention.records is not None and (found := self._live_type(mention.records)) is not None:
                yield mention.span, found

    def seen(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """`values` of the live fields, by the paths of the rule."""
        return values

    def _live_field(self, reached: Reached) -> tuple[RecordType, Field] | None:
        return reached.type, reached.field

    def _live_type(self, record_type: RecordType) -> RecordType | None:
        return record_type


@dataclass(frozen=True, slots=True)
class _Paths:
    """Live paths by the paths of a rule: of fields, and of records that it ranges over with theirs."""

    fields: Mapping[str, str]
    ranged: Mapping[str, tuple[str, _Paths]]

    def seen(self, values: Mapping[str, Any]) -> dict[str, Any]:
        found: dict[str, Any] = {path: values.get(stored) for path, stored in self.fields.items()}
        for path, (stored, within) in self.ranged.items():
            found[path] = [within.seen(row) for row in values.get(stored, ())]
        return found


class DraftRuleNames(RuleNames):
    """The names of a rule over `drafted`, a record type of `draft`, on records of `record_type`.

    Fields that the draft has added, or whose type it has changed, are missing.
    """

    def __init__(
        self, tree: Tree, drafted: RecordType, draft: Database, record_type: RecordType, database: Database
    ) -> None:
        super().__init__(tree, drafted, draft)
        self._live = database
        self.stored = ReachTypes(Surroundings(record_type, database))
        self._paths = self._paths_of(self.types, self.stored)

    def seen(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        return self._paths.seen(values)

    def _paths_of(self, types: ReachTypes, stored: ReachTypes) -> _Paths:
        """The live path of each path that the rule asked `types` for, asked for in `stored`, too."""
        fields = {path: self._stored_path(reached, stored) for path, reached in types.reached.items()}
        ranged = {}
        for path, inner in types.ranged.items():
            kind = self._live_type(inner.surroundings.type)
            within = None if kind is None else stored.related(kind.code)
            if kind is not None and within is not None:
                ranged[path] = kind.code, self._paths_of(inner, within)
        return _Paths({path: found for path, found in fields.items() if found is not None}, ranged)

    def _stored_path(self, reached: Reached, stored: ReachTypes) -> str | None:
        found = self._live_field(reached)
        if found is None or _rule_type(found[1]) is not _rule_type(reached.field):
            return None
        kind, field = found
        for path in (field.code, f"{kind.code}.{field.code}"):
            if stored.type(path) is None:
                continue
            hit = stored.reached[path]
            if (hit.where, hit.type.code, hit.field.code) == (reached.where, kind.code, field.code):
                return path
        return None

    def _live_field(self, reached: Reached) -> tuple[RecordType, Field] | None:
        kind = self._live_type(reached.type)
        if kind is None:
            return None
        wanted = reached.field
        field = kind.by_id.get(wanted.id) if wanted.id else find_field(kind, wanted.code)
        return None if field is None else (kind, field)

    def _live_type(self, record_type: RecordType) -> RecordType | None:
        return same_type(self._live, record_type)


def same_type(database: Database, drafted: RecordType) -> RecordType | None:
    """The live record type that a record type of the draft is."""
    return next((item for item in database.record_types if item.id == drafted.id), None)


def _rule_type(field: Field) -> RuleType:
    return field.type.rule_type_of(field)

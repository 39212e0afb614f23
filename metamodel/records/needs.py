"""What rules of a record need besides its own values: which fields of which other records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from metamodel.catalogue.model import Field, RecordType
from metamodel.catalogue.reach import Reached, ReachTypes, Where


@dataclass(frozen=True, slots=True)
class Ranged:
    """Records that a quantifier ranges over, and those of their fields that it uses, by path."""

    type: RecordType
    fields: Mapping[str, Field]


@dataclass(frozen=True, slots=True)
class Needs:
    """`near` are paths to ancestors' fields, `only` to those of the only record of another type,
    `ranges_over` record types that quantifiers need whole, `aliases` other spellings of own fields."""

    near: Mapping[str, Reached] = field(default_factory=dict)
    only: Mapping[str, Reached] = field(default_factory=dict)
    ranges_over: Mapping[str, Ranged] = field(default_factory=dict)
    aliases: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, types: ReachTypes) -> Needs:
        """What the rules that were checked over `types` asked for."""
        reached = types.reached.items()
        return cls(
            {path: hit for path, hit in reached if hit.where is Where.ANCESTOR},
            {path: hit for path, hit in reached if hit.where is Where.OTHER},
            {path: _ranged(inner) for path, inner in types.ranged.items()},
            {
                path: hit.field.code
                for path, hit in reached
                if hit.where is Where.OWN and path != hit.field.code
            },
        )

    @property
    def others(self) -> bool:
        """Whether other records must be looked at."""
        return bool(self.near or self.only or self.ranges_over)


def _ranged(inner: ReachTypes) -> Ranged:
    return Ranged(inner.surroundings.type, {path: hit.field for path, hit in inner.reached.items()})

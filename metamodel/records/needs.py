"""What rules of a record need besides its own values: which fields of which other records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from metamodel.catalogue.model import Field
from metamodel.catalogue.reach import Reached, ReachTypes, Surroundings, Where


@dataclass(frozen=True, slots=True)
class Ranged:
    """Records that a quantifier ranges over, and what it uses of each, by path: its fields, its ancestors'
    fields (`near`), and the records below it that further quantifiers range over."""

    surroundings: Surroundings
    fields: Mapping[str, Field]
    near: Mapping[str, Reached]
    below: Mapping[str, Ranged]


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
    reached = inner.reached.items()
    return Ranged(
        inner.surroundings,
        {path: hit.field for path, hit in reached if hit.where is Where.OWN},
        {path: hit for path, hit in reached if hit.where is Where.ANCESTOR},
        {path: _ranged(further) for path, further in inner.ranged.items()},
    )

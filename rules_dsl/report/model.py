"""A checked package: terms, modifiers and fields, as the engine takes them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from rules_dsl.tree import Tree

State = Literal["有", "无", "可疑", "既往", "家族", "假设"]
Direction = Literal["forward", "backward", "both"]
Kind = Literal["lesion", "sign", "diagnosis", "procedure"]


@dataclass
class Term:
    """A concept that reports name in several ways; `splits` are ways in two parts, 胸腔…积液."""

    name: str
    kind: Kind = "sign"
    parents: tuple[str, ...] = ()
    density: str | None = None
    side: str | None = None
    words: list[str] = field(default_factory=list)
    splits: list[tuple[str, str]] = field(default_factory=list)
    rule: str = ""
    densities: dict[str, str] = field(default_factory=dict)  # of words that name one, as 囊性占位 does


@dataclass(frozen=True)
class Modifier:
    state: State
    direction: Direction
    words: tuple[str, ...]


@dataclass(frozen=True)
class Site:
    name: str
    words: tuple[str, ...]
    patterns: tuple[str, ...]
    organ: bool = False
    side: str | None = None


@dataclass(frozen=True)
class Grade:
    """A grading system: its names, the values it takes, the organ that lets 4a类 stand without its name."""

    name: str
    values: str
    words: tuple[str, ...]
    default_for: tuple[str, ...] = ()


@dataclass(frozen=True)
class NumberField:
    name: str
    unit: str | None
    words: tuple[str, ...]
    near: tuple[str, ...] = ()


@dataclass(frozen=True)
class EnumValue:
    """A value of a closed field and the words for it; of a pattern without a value, what it matched is."""

    field: str
    value: str
    words: tuple[str, ...]
    patterns: tuple[str, ...]


@dataclass(frozen=True)
class HistologyClass:
    name: str
    behaviour: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class ClassifyCase:
    """One line of a classification: the value, and the condition as an expression; none is otherwise."""

    value: str
    condition: Tree | None


@dataclass(frozen=True)
class PackageTest:
    text: str
    expect: dict[str, Any]
    name: str = ""
    line: int = 0


@dataclass
class Package:
    """One package with all that it uses, merged."""

    code: str
    label: str
    version: str
    hash: str
    uses: list[str] = field(default_factory=list)
    terms: dict[str, Term] = field(default_factory=dict)
    modifiers: list[Modifier] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    stops: list[str] = field(default_factory=list)
    sides: dict[str, str] = field(default_factory=dict)
    sites: list[Site] = field(default_factory=list)
    values: dict[str, dict[str, str]] = field(default_factory=lambda: {"density": {}, "change": {}})
    grades: list[Grade] = field(default_factory=list)
    numbers: list[NumberField] = field(default_factory=list)
    enums: list[EnumValue] = field(default_factory=list)
    histology: list[HistologyClass] = field(default_factory=list)
    sections: dict[str, str] = field(default_factory=dict)
    classifications: dict[str, list[ClassifyCase]] = field(default_factory=dict)
    tests: list[PackageTest] = field(default_factory=list)

    def include(self, used: Package) -> None:
        """Take in all of a package that this one uses, except its tests; own words go first."""
        self.uses.append(used.code)
        for name, term in used.terms.items():
            self.terms.setdefault(name, term)
        for listed in ("modifiers", "ignored", "stops", "sites", "grades", "numbers", "enums", "histology"):
            getattr(self, listed).extend(getattr(used, listed))
        self.sides.update(used.sides)
        self.sections.update(used.sections)
        for kind in ("density", "change"):
            self.values[kind] = used.values[kind] | self.values[kind]
        self.classifications.update(used.classifications)

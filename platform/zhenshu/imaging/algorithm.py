"""What an algorithm says of itself, and what it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from zhenshu.imaging.pixels import Volume
from zhenshu.imaging.regions import RegionMask


@dataclass(frozen=True, slots=True)
class Evidence:
    """What an algorithm was verified on and how it did: `kind` is phantom, inserted lesion or real data."""

    kind: str
    data: str
    figures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class AlgorithmDescription:
    """Identity, needs and honesty of an algorithm; shown wherever its results are."""

    name: str
    version: str
    label: Mapping[str, str]
    modalities: Sequence[str]
    parameters: Mapping[str, Any]  # JSON Schema
    evidence: Sequence[Evidence] = ()
    research_only: bool = True


@dataclass(frozen=True)
class Finding:
    """One thing found. A `probability` of None means that the algorithm gives none."""

    kind: str
    measurements: Mapping[str, float] = field(default_factory=dict)
    probability: float | None = None
    region: RegionMask | None = None


@dataclass(frozen=True)
class RunResult:
    """Findings, or why there can be none: `not_assessable` is a valid result, a guess is not."""

    findings: Sequence[Finding] = ()
    not_assessable: Mapping[str, str] | None = None  # {"zh": ..., "en": ...}


class Algorithm(Protocol):
    """Runs on a volume. The same volume, parameters and version give the same result."""

    def describe(self) -> AlgorithmDescription: ...

    def run(self, volume: Volume, parameters: Mapping[str, Any]) -> RunResult: ...

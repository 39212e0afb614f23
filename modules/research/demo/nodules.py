"""Synthetic nodules and what follows from them: growth, Lung-RADS category, probability, report text.

The category follows the size thresholds of Lung-RADS v2022 (ACR). The probability is an invented logistic
curve that rises with size, spiculation and a solid part; it makes the demonstration plausible and is no
published model. A nodule that grows doubles its volume in the mean time that Hasegawa et al. (Br J Radiol
2000) found for cancers of its attenuation.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import exp, pi
from random import Random

LOBES = {
    "RUL": ("右肺上叶", ("尖段", "后段", "前段")),
    "RML": ("右肺中叶", ("外侧段", "内侧段")),
    "RLL": ("右肺下叶", ("背段", "前基底段", "后基底段")),
    "LUL": ("左肺上叶", ("尖后段", "前段", "舌段")),
    "LLL": ("左肺下叶", ("背段", "外基底段", "后基底段")),
}
LOBE_WEIGHTS = (35, 8, 20, 24, 13)
DENSITIES = {"solid": "实性", "part_solid": "部分实性", "ground_glass": "磨玻璃", "calcified": "钙化"}
DENSITY_WEIGHTS = (52, 14, 26, 8)
MARGINS = {"smooth": "边缘光滑", "lobulated": "可见分叶", "spiculated": "可见毛刺", "ill_defined": "边缘模糊"}
DOUBLING = {"solid": 149, "part_solid": 457, "ground_glass": 813, "calcified": 5000}  # days
SEVERITY = ("1", "2", "3", "4A", "4B")


@dataclass(frozen=True, slots=True)
class Nodule:
    """One nodule at one examination; diameters in mm, attenuation in HU."""

    number: int
    lobe: str
    segment: str
    density: str
    long: float
    short: float
    solid: float | None
    hu: float
    margin: str
    growth: str = "no_prior"

    @property
    def mean(self) -> float:
        return (self.long + self.short) / 2

    @property
    def volume(self) -> float:
        """mm³, of the sphere with the mean diameter."""
        return round(pi / 6 * self.mean**3, 1)

    @property
    def category(self) -> str:
        """Lung-RADS v2022 category of a baseline nodule by attenuation and mean diameter."""
        if self.density == "calcified":
            return "1"
        if self.density == "ground_glass":
            return "2" if self.mean < 30 else "3"
        if self.density == "part_solid":
            return _part_solid(self.mean, self.solid or 0.0)
        return _by_threshold(self.mean, ((6, "2"), (8, "3"), (15, "4A")))

    @property
    def probability(self) -> float:
        if self.density == "calcified":
            return 0.001
        score = -5.2 + 0.19 * self.mean
        score += {"spiculated": 1.1, "lobulated": 0.6}.get(self.margin, 0.0)
        score += 0.9 if self.density == "part_solid" else 0.0
        score += 0.8 if self.growth == "larger" else 0.0
        return round(1 / (1 + exp(-score)), 3)

    @property
    def sentence(self) -> str:
        lobe = LOBES[self.lobe][0]
        text = f"{lobe}{self.segment}见一{DENSITIES[self.density]}结节，大小约{self.long}mm×{self.short}mm"
        if self.solid is not None:
            text += f"，实性成分约{self.solid}mm"
        return f"{text}，{MARGINS[self.margin]}，平均CT值约{self.hu:.0f}HU。"


def _by_threshold(size: float, steps: tuple[tuple[float, str], ...]) -> str:
    return next((category for limit, category in steps if size < limit), "4B")


def _part_solid(mean: float, solid: float) -> str:
    if mean < 6:
        return "2"
    return _by_threshold(solid, ((6, "3"), (8, "4A")))


def make_nodule(random: Random, number: int) -> Nodule:
    lobe = random.choices(tuple(LOBES), LOBE_WEIGHTS)[0]
    density = random.choices(tuple(DENSITIES), DENSITY_WEIGHTS)[0]
    long = round(min(45.0, max(2.0, random.lognormvariate(1.85, 0.55))), 1)
    short = round(max(1.5, long * random.uniform(0.65, 1.0)), 1)
    solid = round(min(short, long * random.uniform(0.2, 0.8)), 1) if density == "part_solid" else None
    attenuation = {"solid": 35, "part_solid": -250, "ground_glass": -600, "calcified": 320}[density]
    margin = "smooth" if long < 6 else random.choices(tuple(MARGINS), (50, 20, 15, 15))[0]
    return Nodule(
        number, lobe, random.choice(LOBES[lobe][1]), density, long, short, solid,
        round(random.gauss(attenuation, 40), 1), margin,
    )  # fmt: skip


def later(random: Random, nodule: Nodule, months: float) -> Nodule:
    """The same nodule `months` later: most are stable, few grow or shrink."""
    kind = random.choices(("stable", "larger", "smaller"), (80, 13, 7))[0]
    grown = 2 ** (months * 30.4375 / (3 * DOUBLING[nodule.density]))  # a diameter: the cube root of a volume
    factor = {"stable": 1.0, "larger": grown, "smaller": 0.75}[kind]
    solid = None if nodule.solid is None else round(nodule.solid * factor, 1)
    long, short = round(nodule.long * factor, 1), round(nodule.short * factor, 1)
    return replace(nodule, long=long, short=short, solid=solid, growth=kind)


def worst(categories: list[str]) -> str:
    """The highest category of an examination; 1 when there is no nodule."""
    return max(categories, key=SEVERITY.index, default="1")

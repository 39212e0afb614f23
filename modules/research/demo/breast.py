"""Breast lesions: the BI-RADS category decides how likely a biopsy finds cancer, its look fits the category.

Likelihoods lie within the ranges that the ACR BI-RADS Atlas (5th edition 2013) gives for each category.
Age centres on 50, where incidence peaks in China. Shares of subtypes and of stages are invented.
"""

from __future__ import annotations

from datetime import date, timedelta

from modules.research.demo.common import (
    age_on,
    enrolment,
    exam,
    follow_ups,
    labs,
    patient,
    report,
    treatment,
    visit,
)
from modules.research.demo.draw import Draw
from modules.research.demo.persons import FEMALE, Person
from modules.research.demo.tree import Disease, Node, Values

CATEGORIES = {"2": 22.0, "3": 30.0, "4A": 18.0, "4B": 12.0, "4C": 9.0, "5": 9.0}
CANCER = {"2": 0.0, "3": 0.01, "4A": 0.06, "4B": 0.3, "4C": 0.75, "5": 0.97}
SIDES = {"L": "左乳", "R": "右乳"}
QUADRANTS = {"UOQ": ("外上象限", 48.0), "UIQ": ("内上象限", 16.0), "LOQ": ("外下象限", 14.0),
    "LIQ": ("内下象限", 8.0),
             "central": ("中央区", 14.0)}  # fmt: skip
SHAPES = {"oval": "卵圆形", "round": "圆形", "irregular": "不规则形"}
MARGINS = {
    "circumscribed": "边缘清楚",
    "microlobulated": "边缘小分叶",
    "indistinct": "边缘模糊",
    "spiculated": "边缘毛刺",
}
SUBTYPES = {"LumA": 35.0, "LumB": 30.0, "LumB-HER2": 10.0, "HER2": 10.0, "TN": 15.0}
NODES = ((0, "N0"), (3, "N1"), (9, "N2a"), (150, "N3a"))  # AJCC 8th edition, by the number of nodes
DEATHS = {"LumA": 0.006, "LumB": 0.015, "LumB-HER2": 0.018, "HER2": 0.025, "TN": 0.04}  # a year


def case(draw: Draw, person: Person, today: date) -> Node:
    day = enrolment(draw, today)
    root = _patient(draw, person, day)
    category = draw.pick(CATEGORIES)
    root.add("visit", visit(draw, day, today, inpatient=False) | {
        "department": "乳腺外科", "diagnosis_code": "N63", "diagnosis_name": "乳腺肿块",
        "complaint": draw.pick({"screening": 45, "lump": 40, "discharge": 5, "pain": 10}),
        "palpable": draw.chance(0.4),
    })  # fmt: skip
    lesion = _lesion(draw, category)
    for order, modality in enumerate(("US", "MG")):
        _exam(draw, root, person, order, day + timedelta(days=order), today, modality, lesion)
    cancer = draw.chance(CANCER[category])
    root.add("labs", labs(draw, person, day, 0.02, cea=draw.around(2.6 if cancer else 1.8, 0.5, 0.2, 300, 2),
                          ca15_3=draw.around(17 if cancer else 11, 0.4, 2, 900)))  # fmt: skip
    _outcome(draw, root, day, today, category, lesion, cancer)
    return root


def _patient(draw: Draw, person: Person, day: date) -> Node:
    more: Values = {"family_breast_cancer": draw.chance(0.08)}
    if person.sex == FEMALE:
        age = age_on(person, day)
        more |= {"menopause": "post" if age >= 53 else "pre" if age < 47 else "peri",
                 "menarche_age": draw.whole(11, 16),
                 "births": draw.pick({0: 8, 1: 55, 2: 30, 3: 7})}  # fmt: skip
    return patient(draw, person, day, **more)


def _lesion(draw: Draw, category: str) -> Values:
    """What it looks like: smooth and oval up to category 3, irregular and spiculated towards 5."""
    rank = list(CATEGORIES).index(category)
    shape = draw.pick({"oval": max(0.5, 8 - 3 * rank), "round": 2, "irregular": 0.1 + 2 * max(0, rank - 1)})
    margin = "circumscribed" if rank <= 1 else draw.pick(
        {"circumscribed": max(0.2, 4 - rank), "microlobulated": 3, "indistinct": 2,
        "spiculated": rank - 1.5})  # fmt: skip
    long = draw.around(9 + 2.5 * rank, 0.45, 3, 90)
    return {
        "lesion_no": 1, "breast_side": draw.choice(("L", "R")), "finding_kind": "mass", "mass_shape": shape,
        "quadrant": draw.pick({code: weight for code, (_, weight) in QUADRANTS.items()}),
        "mass_margin": margin,
        "nipple_distance": draw.whole(10, 80), "long_diameter": long, "growth": "no_prior",
        "short_diameter": round(max(0.5, long * draw.uniform(0.55, 0.95)), 1), "lesion_bi_rads": category,
    }  # fmt: skip


def _exam(draw: Draw, root: Node, person: Person, order: int, day: date, today: date, modality: str,
    lesion: Values) -> None:  # fmt: skip
    name = {"US": "乳腺超声", "MG": "乳腺X线摄影"}[modality]
    category = lesion["lesion_bi_rads"]
    values = exam(draw, person, order, min(day, today), modality, "乳腺", name) | {
        "bi_rads": category, "suspicious_nodes": draw.chance(0.25 if category in ("4C", "5") else 0.02),
    }  # fmt: skip
    if modality == "MG":
        values["breast_composition"] = draw.pick({"a": 6, "b": 26, "c": 52, "d": 16})
    else:
        values["probe_frequency"] = 12
    node = root.add("breast_exam", values)
    seen = (
        {"vascularity": draw.pick({"absent": 5, "internal": 4, "rim": 2, "both": 2})}
        if modality == "US"
        else {}
    )
    node.add("lesion", lesion | seen)
    where = f"{SIDES[lesion['breast_side']]}{QUADRANTS[lesion['quadrant']][0]}"
    size = f"{lesion['long_diameter']}mm×{lesion['short_diameter']}mm"
    report(draw, node,
        f"{where}见{SHAPES[lesion['mass_shape']]}肿块，大小约{size}，{MARGINS[lesion['mass_margin']]}。",
           f"{where}肿块，大小约{size}，BI-RADS {category}类。", today)  # fmt: skip


def _outcome(
    draw: Draw, root: Node, day: date, today: date, category: str, lesion: Values, cancer: bool
) -> None:
    biopsied = min(today, day + timedelta(days=draw.whole(5, 20)))
    if category in ("2", "3") and not cancer:
        root.add("treatment", treatment(draw, biopsied, "follow_up", "preventive", risk=0))
        yearly, subtype = 0.003, None
    else:
        subtype = draw.pick(SUBTYPES) if cancer else None
        root.add("pathology", _pathology(draw, biopsied, lesion, subtype))
        operated = min(today, biopsied + timedelta(days=draw.whole(7, 28)))
        kind = draw.choice(("conserving", "mastectomy")) if cancer else "biopsy"
        root.add("treatment", treatment(draw, operated, kind, "curative", risk=0.06 if cancer else 0.01))
        yearly = DEATHS[subtype] if subtype else 0.003
    for seen in follow_ups(draw, biopsied, today, yearly, (6, 12, 24, 36)):
        values = dict(seen.values)
        if seen.alive:
            values |= {
                "ecog": draw.pick({"0": 75, "1": 20, "2": 5}),
                "recurrence": draw.chance(2 * yearly if subtype else 0),
            }
            if values["recurrence"]:
                values["recurrence_date"] = max(biopsied, seen.day - timedelta(days=draw.whole(1, 60)))
        root.add("follow_up", values)


def _pathology(draw: Draw, day: date, lesion: Values, subtype: str | None) -> Values:
    values: Values = {"specimen_date": day, "specimen_kind": "core"}
    if subtype is None:
        return values | {"histology": draw.pick({"benign": 92, "adh": 8})}
    size = lesion["long_diameter"]
    stage = next(
        (code for most, code in ((5, "T1a"), (10, "T1b"), (20, "T1c"), (50, "T2")) if size <= most), "T3"
    )
    examined, positive = draw.whole(8, 22), draw.pick({0: 62, 1: 15, 2: 9, 4: 9, 10: 5})
    positive = min(positive, examined)
    hormone = subtype.startswith("Lum")
    values |= {
        "histology": draw.pick({"nst": 84, "ilc": 9, "mucinous": 4}), "tumour_size": size,
        "t_stage_breast": stage,
        "nottingham": draw.pick({"1": 20, "2": 52, "3": 28} if hormone else {"2": 35, "3": 65}),
        "er_percent": draw.whole(60, 95) if hormone else 0,
        "pr_percent": draw.whole(25, 90) if subtype == "LumA" else draw.whole(1, 60) if hormone else 0,
        "her2_ihc": "3" if "HER2" in subtype else draw.choice(("0", "1")),
        "ki67": draw.whole(4, 18) if subtype == "LumA" else draw.whole(22, 80),
        "nodes_examined": examined, "nodes_positive": positive, "vascular_invasion": draw.chance(0.2),
        "m_stage_breast": "M0",
        "n_stage_breast": next(code for most, code in NODES if positive <= most),
    }  # fmt: skip
    return values


DISEASE = Disease("breast", "BR", 0.006, (50, 11), 0.12, case, {"report": "report_date"})

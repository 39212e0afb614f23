"""Coronary disease: age and sex decide calcium and stenosis; CAD-RADS 2.0 (2022) follows from stenosis.

That calcium rises with age and in men is as in MESA (McClelland et al., Circulation 2006); its size, and how
often events follow, are invented.
"""

from __future__ import annotations

from datetime import date, timedelta

from modules.research.demo.common import (
    age_on,
    enrolment,
    exam,
    follow_ups,
    labs,
    mistaken,
    patient,
    report,
    treatment,
    visit,
)
from modules.research.demo.draw import Draw
from modules.research.demo.persons import MALE, Person
from modules.research.demo.tree import Disease, Node, Values

CATEGORIES = ("0", "1", "2", "3", "4A", "4B", "5")
DEATHS = {"0": 0.004, "1": 0.006, "2": 0.01, "3": 0.016, "4A": 0.03, "4B": 0.05, "5": 0.06}  # a year
EVENTS = {"0": 0.005, "1": 0.01, "2": 0.03, "3": 0.06, "4A": 0.15, "4B": 0.25, "5": 0.25}  # until a follow-up
VESSELS = {"RCA": ("1", "2", "3"), "LAD": ("6", "7", "8"), "LCx": ("11", "13")}
NAMES = {"RCA": "右冠状动脉", "LAD": "前降支", "LCx": "回旋支", "LM": "左主干"}
PLAQUES = {"calcified": "钙化斑块", "mixed": "混合斑块", "noncalcified": "非钙化斑块"}


def case(draw: Draw, person: Person, today: date) -> Node:
    day = enrolment(draw, today)
    root = patient(draw, person, day, family_cad=draw.chance(0.15), prior_infarction=draw.chance(0.06),
                   prior_stent=draw.chance(0.07))  # fmt: skip
    load = draw.normal((age_on(person, day) - 40) / 50 + (0.12 if person.sex == MALE else 0), 0.25, 0, 1, 3)
    narrowed, main = _stenoses(draw, load)
    category = category_of(narrowed, main)
    _visit(draw, root, day, today, CATEGORIES.index(category))
    _exam(draw, root, person, day, today, load, narrowed, main, category)
    root.add("labs", _labs(draw, person, day, load))
    _outcome(draw, root, day, today, category)
    return root


def _stenoses(draw: Draw, load: float) -> tuple[dict[str, int], int]:
    """Per cent by vessel, of the three and of the left main; some arteries are clean."""
    found: dict[str, int] = {}
    for vessel in VESSELS:
        if load > 0.05 and draw.chance(0.25 + 0.6 * load):
            found[vessel] = (
                100 if draw.chance(0.03 * load) else int(draw.normal(20 + 55 * load, 18, 5, 95, 0))
            )
    main = int(draw.normal(30, 15, 10, 70, 0)) if found and draw.chance(0.12 * load) else 0
    return found, main


def category_of(narrowed: dict[str, int], main: int) -> str:
    """CAD-RADS 2.0 (2022) by the greatest stenosis, the left main and the number of vessels."""
    greatest = max([*narrowed.values(), main], default=0)
    severe = sum(share >= 70 for share in narrowed.values())
    if greatest == 100:
        return "5"
    if main >= 50 or severe == 3:
        return "4B"
    steps = ((70, "4A"), (50, "3"), (25, "2"), (1, "1"))
    return next((code for least, code in steps if greatest >= least), "0")


def _visit(draw: Draw, root: Node, day: date, today: date, rank: int) -> None:
    pain = draw.pick({"typical": 1 + 3 * rank, "atypical": 6, "non_anginal": 6, "none": 4})
    values = visit(draw, day, today, rank >= 4) | {
        "department": "心血管内科", "diagnosis_code": "I25.1" if rank else "R07.4",
        "diagnosis_name": "冠状动脉粥样硬化性心脏病" if rank else "胸痛", "chest_pain": pain,
        "nyha": draw.pick({"I": 60, "II": 25 + 5 * rank, "III": 2 * rank + 0.5}),
        "lvef": int(draw.normal(62 - 1.5 * rank, 6, 22, 76, 0)), "st_change": draw.chance(0.1 + 0.06 * rank),
    }  # fmt: skip
    if pain in ("typical", "atypical"):
        values["ccs_angina"] = draw.pick({"I": 40, "II": 30 + 4 * rank, "III": 4 * rank + 1})
    root.add("visit", values)


def _exam(
    draw: Draw, root: Node, person: Person, day: date, today: date, load: float, narrowed: dict[str, int],
    main: int, category: str,
) -> None:  # fmt: skip
    greatest = max([*narrowed.values(), main], default=0)
    calcium = 0.0 if not narrowed else draw.around(8 + 600 * load**2, 0.9, 0.5, 6000)
    burden = (
        "P0"
        if not narrowed
        else next(
            code for most, code in ((100, "P1"), (300, "P2"), (999, "P3"), (1e9, "P4")) if calcium <= most
        )
    )
    values = exam(draw, person, 0, day, "CT", "冠状动脉", "冠状动脉CT血管成像") | {
        "contrast": "enhanced", "scan_heart_rate": int(draw.normal(64, 7, 45, 95, 0)),
        "nitroglycerin": draw.chance(0.85),
        "dominance": draw.pick({"right": 85, "left": 8, "balanced": 7}), "agatston": calcium,
        "max_stenosis": greatest, "obstructive_vessels": sum(share >= 70 for share in narrowed.values()),
        "left_main_50": main >= 50, "cad_rads": mistaken(draw, category, CATEGORIES), "plaque_burden": burden,
    }  # fmt: skip
    if greatest >= 30 and draw.chance(0.4):
        values["ffr_ct"] = draw.normal(0.95 - 0.003 * greatest, 0.04, 0.4, 0.99, 2)
    node = root.add("cta_exam", values)
    told = [
        _plaque(draw, node, draw.choice(VESSELS[vessel]), NAMES[vessel], share)
        for vessel, share in narrowed.items()
    ]
    if main:
        told.append(_plaque(draw, node, "5", NAMES["LM"], main))
    narrow = f"粥样硬化，最大狭窄{greatest}%" if narrowed else "未见狭窄"
    report(draw, node, "".join(told) or "各支冠状动脉未见明确斑块及狭窄。",
           f"冠状动脉{narrow}，CAD-RADS {category}类，{burden}。", today,
           positive=bool(narrowed))  # fmt: skip


def _plaque(draw: Draw, exam: Node, segment: str, name: str, share: int) -> str:
    kind = draw.pick({"calcified": 45, "mixed": 35, "noncalcified": 20})
    values: Values = {"segment": segment, "stenosis": share, "plaque_kind": kind, "stent": False,
                      "plaque_length": draw.around(12, 0.4, 3, 60)}  # fmt: skip
    if kind != "calcified":
        values["high_risk"] = draw.some(
            {"low_attenuation": 0.15, "remodelling": 0.25, "spotty": 0.15, "napkin_ring": 0.05}
        )
    exam.add("plaque", values)
    return f"{name}见{PLAQUES[kind]}，管腔狭窄约{share}%。"


def _labs(draw: Draw, person: Person, day: date, load: float) -> Values:
    hdl = draw.normal(1.35 - 0.25 * load, 0.25, 0.6, 2.6, 2)
    ldl = draw.normal(2.7 + 0.7 * load, 0.7, 0.8, 7, 2)
    fat = draw.around(1.4 + 0.4 * load, 0.4, 0.4, 12, 2)
    return labs(draw, person, day, 0.03, ldl=ldl, hdl=hdl, triglycerides=fat,
        total_cholesterol=round(ldl + hdl + min(2.0, fat / 2.2), 2),
                hba1c=draw.around(5.8, 0.12, 4.5, 13),
                hs_troponin_i=draw.around(4 + 8 * load, 0.8, 0.5, 2000),
                nt_probnp=int(draw.around(70 + 200 * load, 0.8, 5, 9000, 0)))  # fmt: skip


def _outcome(draw: Draw, root: Node, day: date, today: date, category: str) -> None:
    treated = min(today, day + timedelta(days=draw.whole(1, 20)))
    kind = {"5": "pci", "4A": "pci", "4B": "cabg"}.get(category, "medical")
    kind = kind if draw.chance(0.8) else "medical"
    extra: Values = (
        {"stents": draw.whole(1, 3)}
        if kind == "pci"
        else {"grafts": draw.whole(2, 4)}
        if kind == "cabg"
        else {}
    )
    taken = draw.some(
        {"antiplatelet": 0.8, "statin": 0.9, "beta_blocker": 0.5, "acei_arb": 0.4, "nitrate": 0.2}
    )
    if category != "0":
        risk = 0.08 if kind == "cabg" else 0.02
        root.add(
            "treatment", treatment(draw, treated, kind, "preventive", risk=risk, medicines=taken, **extra)
        )
    for seen in follow_ups(draw, treated, today, DEATHS[category], (6, 12, 24, 36)):
        values = dict(seen.values)
        if seen.alive and draw.chance(EVENTS[category]):
            values |= {"mace": [draw.pick({"infarction": 30, "revascularisation": 45, "stroke": 12,
                "heart_failure": 13})],
                       "mace_date": max(day, seen.day - timedelta(days=draw.whole(5, 100)))}  # fmt: skip
        if seen.alive:
            values["angina_free"] = draw.chance(0.7)
        root.add("follow_up", values)


DISEASE = Disease(
    "coronary", "CO", 0.62, (61, 11), 0.15, case, {"report": "report_date", "cta_exam": "cad_rads"}
)

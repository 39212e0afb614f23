"""Liver observations: size and major features make the LI-RADS category (v2018), and that the risk.

Share of HCC by category as in van der Pol et al. (Gastroenterology 2019); volume doubling of HCC in 4.6
months as in Nathani et al. (Gut 2021). Four of five patients have hepatitis B, as is usual in China. The
rest is invented.
"""

from __future__ import annotations

from datetime import date, timedelta

from modules.research.demo.common import (
    doubled,
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
from modules.research.demo.persons import Person
from modules.research.demo.tree import Disease, Node, Values

HCC = {"LR-3": 0.37, "LR-4": 0.74, "LR-5": 0.94}
DOUBLING = 140  # days
FEATURES = {
    "aphe": "动脉期明显强化",
    "washout": "门脉期廓清",
    "capsule": "可见强化包膜",
    "threshold_growth": "达阈值生长",
}


def category_of(seen: Values) -> str:
    """The diagnostic table of CT/MRI LI-RADS v2018, by size and major features."""
    size, late = seen["long_diameter"], seen["washout"] or seen["threshold_growth"]
    others = seen["washout"] + seen["capsule"] + seen["threshold_growth"]
    if not seen["aphe"]:
        return "LR-4" if others >= (2 if size < 20 else 1) else "LR-3"
    if size < 10:
        return "LR-4" if others else "LR-3"
    if size < 20:
        return "LR-5" if late else "LR-4" if others else "LR-3"
    return "LR-5" if others else "LR-4"


def case(draw: Draw, person: Person, today: date) -> Node:
    day = enrolment(draw, today)
    cause = draw.pick({"hbv": 80, "hcv": 4, "alcohol": 7, "metabolic": 7, "other": 2})
    severity = draw.uniform(0, 1) ** 2
    more: Values = {"antiviral": draw.chance(0.75)} if cause in ("hbv", "hcv") else {}
    root = patient(draw, person, day, aetiology=cause, cirrhosis=draw.chance(0.8), **more)
    seen = [_observation(draw, number) for number in range(1, 1 + draw.pick({1: 65, 2: 22, 3: 13}))]
    main = max(seen, key=lambda each: (category_of(each), each["long_diameter"]))
    cancer = draw.chance(HCC[category_of(main)])
    tests = _labs(draw, person, day, severity, cause, cancer, main["long_diameter"])
    child = child_pugh(tests)
    _visit(draw, root, day, today, severity, seen, cancer, child)
    root.add("labs", tests)
    last = _exams(draw, root, person, day, today, seen, severity)
    _outcome(draw, root, last, today, main, len(seen), cancer, child)
    return root


def child_pugh(tests: Values) -> int:
    """The score of Pugh et al. (Br J Surg 1973), 5 to 15."""
    bilirubin, albumin, inr = tests["total_bilirubin"], tests["albumin"], tests["inr"]
    return (
        (1 if bilirubin < 34 else 2 if bilirubin <= 51 else 3)
        + (1 if albumin > 35 else 2 if albumin >= 28 else 3)
        + (1 if inr < 1.7 else 2 if inr <= 2.3 else 3) + int(tests["ascites"]) + int(tests["encephalopathy"])
    )  # fmt: skip


def _observation(draw: Draw, number: int) -> Values:
    bold = draw.chance(0.6)
    long = draw.around(28 if bold else 13, 0.5, 5, 160)
    return {
        "lesion_no": number, "liver_segment": draw.pick({"S8": 24, "S7": 16, "S6": 17, "S5": 14, "S4": 12,
        "S2": 6, "S3": 8, "S1": 3}),
        "long_diameter": long, "short_diameter": round(max(0.5, long * draw.uniform(0.7, 0.98)), 1),
        "growth": "no_prior",
        "aphe": draw.chance(0.9 if bold else 0.45), "washout": draw.chance(0.75 if bold else 0.15),
        "capsule": draw.chance(0.5 if bold else 0.1), "threshold_growth": draw.chance(0.15 if bold else 0.04),
        "ancillary": draw.some({"restricted_diffusion": 0.6 if bold else 0.2, "t2_hyperintense": 0.4,
        "fat": 0.1}),
    }  # fmt: skip


def _labs(
    draw: Draw, person: Person, day: date, severity: float, cause: str, cancer: bool, size: float
) -> Values:
    """AFP and PIVKA-II rise with the tumour, in two of three cancers."""
    marked = cancer and draw.chance(0.65)
    more: Values = {"hbv_dna": int(draw.around(2000, 2.5, 10, 10**9, 0))} if cause == "hbv" else {}
    return labs(
        draw, person, day, 0.1 + 0.5 * severity, total_bilirubin=draw.around(15 * (1 + 2.5 * severity), 0.35,
        4, 400),
        ggt=int(draw.around(50, 0.6, 8, 1200, 0)), inr=draw.normal(1.08 + 0.7 * severity, 0.1, 0.85, 4, 2),
        ascites=draw.pick({"1": 85, "2": 15} if severity < 0.4 else {"1": 30, "2": 45, "3": 25}),
        encephalopathy="1" if severity < 0.6 else draw.pick({"1": 75, "2": 22, "3": 3}),
        hbsag="positive" if cause == "hbv" else "negative",
        hcv_ab="positive" if cause == "hcv" else "negative",
        afp=draw.around(40 * size if marked else 4, 1.0, 0.9, 900000),
        pivka_ii=draw.around(15 * size if marked else 22, 0.9, 5, 900000),
        ca19_9=draw.around(15, 0.7, 1, 900), **more,
    )  # fmt: skip


def _visit(draw: Draw, root: Node, day: date, today: date, severity: float, seen: list[Values], cancer: bool,
    child: int) -> None:  # fmt: skip
    values = visit(draw, day, today, inpatient=True, severity=0.15 * severity, stay=9) | {
        "department": "肝胆外科", "diagnosis_code": "C22.0" if cancer else "K74.6",
        "diagnosis_name": "肝细胞癌" if cancer else "肝硬化", "ecog": draw.pick({"0": 60, "1": 35, "2": 5}),
    }  # fmt: skip
    if cancer:
        values["bclc"] = stage_of([each["long_diameter"] for each in seen], child)
    root.add("visit", values)


def stage_of(sizes: list[float], child: int) -> str:
    """BCLC by size, number and liver function; invasion and symptoms aside."""
    if child > 9:
        return "D"
    if len(sizes) == 1:
        return "0" if sizes[0] <= 20 else "A"
    return "A" if len(sizes) <= 3 and max(sizes) <= 30 else "B"


def _exams(draw: Draw, root: Node, person: Person, day: date, today: date, seen: list[Values],
    severity: float) -> date:  # fmt: skip
    last = day
    for order in range(draw.pick({1: 60, 2: 40})):
        when = day + timedelta(days=order * draw.whole(80, 110))
        if when > today:
            break
        if order:
            seen[:] = [_later(draw, each, (when - last).days) for each in seen]
        _exam(draw, root, person, order, when, today, seen, severity)
        last = when
    return last


def _later(draw: Draw, each: Values, days: int) -> Values:
    if each["washout"]:
        sizes = {code: doubled(each[code], days, DOUBLING) for code in ("long_diameter", "short_diameter")}
        return each | {code: min(250.0, size) for code, size in sizes.items()} | {"growth": "larger"}
    return each | {"growth": "stable"}


def _exam(draw: Draw, root: Node, person: Person, order: int, day: date, today: date, seen: list[Values],
    severity: float) -> None:  # fmt: skip
    modality = draw.choice(("CT", "MR"))
    values = exam(draw, person, order, day, modality, "上腹部",
        "肝脏动态增强CT" if modality == "CT" else "肝脏动态增强MR") | {
        "contrast": "both", "tumour_count": len(seen), "vein_invasion": "none",
        "splenomegaly": draw.chance(0.2 + 0.5 * severity),
        "varices": draw.chance(0.1 + 0.5 * severity),
    }  # fmt: skip
    if modality == "MR":
        values |= {
            "field_strength": draw.choice(("1.5", "3.0")),
            "mr_sequences": ["t1w", "t2w", "dwi", "dce"],
            "slice_thickness": 3.0,
        }
    node = root.add("liver_exam", values)
    told = []
    for each in seen:
        category = category_of(each)
        node.add("observation", each | {"li_rads": mistaken(draw, category, tuple(HCC))})
        signs = "，".join(text for code, text in FEATURES.items() if each[code]) or "强化不明显"
        told.append(
            f"肝{each['liver_segment']}段见结节，大小约{each['long_diameter']}mm×{each['short_diameter']}mm，{signs}。"
        )
    main = max(seen, key=lambda each: (category_of(each), each["long_diameter"]))
    report(
        draw,
        node,
        "".join(told),
        f"肝{main['liver_segment']}段结节，长径{main['long_diameter']}mm，LI-RADS {category_of(main)}。",
        today,
    )


def _outcome(
    draw: Draw, root: Node, day: date, today: date, main: Values, count: int, cancer: bool, child: int
) -> None:
    done = min(today, day + timedelta(days=draw.whole(5, 30)))
    size = main["long_diameter"]
    if cancer:
        kind = "supportive" if child > 9 else "tace" if count > 2 or size > 80 else draw.pick(
            {"resection": 50, "ablation": 35 if size <= 30 else 3, "tace": 15, "transplant": 2})  # fmt: skip
        if kind in ("resection", "transplant"):
            root.add("pathology", _pathology(draw, done, size, count))
        more: Values = (
            {"response": draw.pick({"CR": 15, "PR": 40, "SD": 30, "PD": 15})} if kind == "tace" else {}
        )
        intent = "palliative" if kind in ("tace", "supportive") else "curative"
        root.add("treatment", treatment(draw, done, kind, intent, risk=0.12, **more))
    else:
        root.add("treatment", treatment(draw, done, "follow_up", "preventive", risk=0))
    yearly = (0.08 + 0.003 * size + 0.05 * (child - 5)) if cancer else 0.01 + 0.03 * (child - 5)
    for seen in follow_ups(draw, done, today, yearly, (3, 6, 12, 24, 36)):
        values = dict(seen.values)
        if seen.alive:
            values |= {
                "ecog": draw.pick({"0": 55, "1": 35, "2": 10}),
                "recurrence": cancer and draw.chance(0.15),
            }
            if values["recurrence"]:
                values["recurrence_date"] = seen.day
        root.add("follow_up", values)


def _pathology(draw: Draw, day: date, size: float, count: int) -> Values:
    mvi = draw.pick({"M0": 55, "M1": 30, "M2": 15})
    stage = (
        ("T1a" if size <= 20 else "T1b" if mvi == "M0" else "T2")
        if count == 1
        else "T2"
        if size <= 50
        else "T3"
    )
    return {
        "specimen_date": day, "specimen_kind": "resection", "histology": "hcc", "tumour_size": size,
        "mvi": mvi,
        "edmondson_steiner": draw.pick({"I": 8, "II": 52, "III": 36, "IV": 4}),
        "resection_margin": draw.pick({"R0": 93, "R1": 7}),
        "ki67": draw.whole(5, 60), "t_stage_liver": stage, "n_stage_liver": "N0", "m_stage_liver": "M0",
    }  # fmt: skip


DISEASE = Disease(
    "liver", "LV", 0.78, (57, 10), 0.1, case, {"report": "report_date", "observation": "li_rads"}
)

"""Thyroid nodules: features make the ACR points (2017), points the category, the category the risk.

Risk by ACR TI-RADS category as Middleton et al. (AJR 2017) found it. Shares of features are invented.
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

RISK = {"TR1": 0.003, "TR2": 0.015, "TR3": 0.048, "TR4": 0.091, "TR5": 0.35}
POINTS = {"mixed": 1, "solid": 2, "isoechoic": 1, "hypoechoic": 2, "very_hypoechoic": 3, "irregular": 2,
    "extension": 3,
          "macro": 1, "rim": 2, "punctate": 3}  # fmt: skip
C_CATEGORIES = {-1: "2", 0: "3", 1: "4A", 2: "4B", 3: "4C", 4: "4C", 5: "5"}
PLACES = {"R": "右叶", "L": "左叶", "I": "峡部"}
COMPOSITION = {"cystic": "囊性", "spongiform": "海绵样", "mixed": "囊实混合性", "solid": "实性"}
ECHO = {"anechoic": "无回声", "isoechoic": "等回声", "hypoechoic": "低回声", "very_hypoechoic": "极低回声"}
GROWTH_DOUBLING = 1800  # days in which the volume doubles; invented


def points_of(nodule: Values) -> int:
    """ACR TI-RADS points (2017); a spongiform nodule gets none."""
    if nodule["composition"] == "spongiform":
        return 0
    features = (nodule["composition"], nodule["echogenicity"], nodule["nodule_margin"], *nodule["foci"])
    return sum(POINTS.get(feature, 0) for feature in features) + (3 if nodule["taller_than_wide"] else 0)


def category_of(points: int) -> str:
    return next(
        code
        for least, code in ((7, "TR5"), (4, "TR4"), (3, "TR3"), (2, "TR2"), (0, "TR1"))
        if points >= least
    )


def c_category_of(nodule: Values) -> str:
    """C-TIRADS category (2020) by the count of suspicious features, less one for a comet tail."""
    count = (
        (nodule["composition"] == "solid") + (nodule["echogenicity"] == "very_hypoechoic")
        + nodule["taller_than_wide"] + (nodule["nodule_margin"] != "smooth")
        + ("punctate" in nodule["foci"]) - ("comet_tail" in nodule["foci"])
    )  # fmt: skip
    return C_CATEGORIES[count]


def case(draw: Draw, person: Person, today: date) -> Node:
    day = enrolment(draw, today)
    root = patient(
        draw, person, day, neck_radiation=draw.chance(0.01), family_thyroid_cancer=draw.chance(0.04)
    )
    root.add("visit", visit(draw, day, today, inpatient=False) | {
        "department": "内分泌科", "diagnosis_code": "E04.1", "diagnosis_name": "甲状腺结节",
        "palpable": draw.chance(0.2), "hoarseness": draw.chance(0.02),
    })  # fmt: skip
    nodules = [_nodule(draw, number) for number in range(1, 1 + draw.pick({1: 50, 2: 30, 3: 20}))]
    last = day
    for order in range(draw.whole(1, 3)):
        when = day + timedelta(days=order * draw.whole(180, 380))
        if when > today:
            break
        nodules = [_later(draw, nodule, (when - last).days) for nodule in nodules] if order else nodules
        _exam(draw, root, person, order, when, today, nodules)
        last = when
    cancer = [draw.chance(RISK[category_of(points_of(nodule))]) for nodule in nodules]
    root.add("labs", labs(draw, person, day, 0.0, tsh=draw.around(2.0, 0.5, 0.05, 30, 3),
        ft3=draw.normal(4.9, 0.6, 2, 9, 2),
                          ft4=draw.normal(16, 2, 7, 30, 2), tpo_ab=draw.around(18, 1.1, 3, 1300),
                          calcitonin=draw.around(2, 0.5, 0.5, 20, 2),
                          thyroglobulin=draw.around(15, 0.9, 0.2, 500, 2)))  # fmt: skip
    _outcome(draw, root, last, today, nodules, cancer)
    return root


def _nodule(draw: Draw, number: int) -> Values:
    grim = draw.chance(0.3)
    composition = draw.pick(
        {"solid": 90, "mixed": 10} if grim else {"solid": 40, "mixed": 35, "cystic": 15, "spongiform": 10}
    )
    long = draw.around(9 if grim else 12, 0.5, 2.5, 70)
    return {
        "lesion_no": number, "position": draw.pick({"R": 49, "L": 46, "I": 5}),
        "pole": draw.choice(("upper", "middle", "lower")),
        "long_diameter": long, "short_diameter": round(max(0.5, long * draw.uniform(0.6, 0.98)), 1),
        "growth": "no_prior",
        "composition": composition, "vascularity": draw.pick({"absent": 4, "internal": 3, "rim": 3}),
        "echogenicity": "anechoic" if composition == "cystic" else draw.pick(
            {"hypoechoic": 70, "very_hypoechoic": 30} if grim else {"isoechoic": 60, "hypoechoic": 40}),
        "taller_than_wide": grim and draw.chance(0.45),
        "nodule_margin": draw.pick({"smooth": 30, "ill_defined": 25, "irregular": 40,
        "extension": 5} if grim else {"smooth": 85, "ill_defined": 15}),
        "foci": draw.some({"punctate": 0.5, "macro": 0.15} if grim else {"comet_tail": 0.1, "macro": 0.08,
        "rim": 0.03}),
    }  # fmt: skip


def _later(draw: Draw, nodule: Values, days: int) -> Values:
    """Most are stable; those that grow double their volume slowly."""
    if not draw.chance(0.15):
        return nodule | {"growth": "stable"}
    sizes = {
        code: doubled(nodule[code], days, GROWTH_DOUBLING) for code in ("long_diameter", "short_diameter")
    }
    return nodule | sizes | {"growth": "larger"}


def _exam(
    draw: Draw, root: Node, person: Person, order: int, day: date, today: date, nodules: list[Values]
) -> None:
    node = root.add("us_exam", exam(draw, person, order, day, "US", "甲状腺", "甲状腺超声") | {
        "probe_frequency": 12, "diffuse_disease": draw.chance(0.15), "nodule_count": len(nodules),
        "suspicious_nodes": draw.chance(0.03),
    })  # fmt: skip
    told, ranked = [], []
    for nodule in nodules:
        category = category_of(points_of(nodule))
        given = {"acr_ti_rads": mistaken(draw, category, tuple(RISK)), "c_ti_rads": c_category_of(nodule)}
        node.add("nodule", nodule | given)
        ranked.append((category, nodule))
        told.append(f"{PLACES[nodule['position']]}见{COMPOSITION[nodule['composition']]}{ECHO[nodule['echogenicity']]}结节，"
                    f"大小约{nodule['long_diameter']}mm×{nodule['short_diameter']}mm。")  # fmt: skip
    category, worst = max(ranked, key=lambda each: each[0])
    report(draw, node, "".join(told),
        f"甲状腺{PLACES[worst['position']]}结节，长径{worst['long_diameter']}mm，ACR TI-RADS "
           f"{category}类，C-TIRADS {c_category_of(worst)}类。", today)  # fmt: skip


def _outcome(
    draw: Draw, root: Node, day: date, today: date, nodules: list[Values], cancer: list[bool]
) -> None:
    worst = max(range(len(nodules)), key=lambda index: (points_of(nodules[index]), cancer[index]))
    nodule, malignant = nodules[worst], cancer[worst]
    done = min(today, day + timedelta(days=draw.whole(3, 40)))
    suspicious = category_of(points_of(nodule)) in ("TR4", "TR5") and nodule["long_diameter"] >= 8
    malignant = malignant and suspicious
    kind = "follow_up"
    if suspicious:
        bethesda = draw.pick({"V": 25, "VI": 75} if malignant else {"I": 6, "II": 78, "III": 12, "IV": 4})
        root.add("pathology", {"specimen_date": done, "specimen_kind": "cytology", "bethesda": bethesda,
                               "braf_v600e": malignant and draw.chance(0.75)})  # fmt: skip
    if malignant:
        kind = (
            "thyroidectomy"
            if nodule["long_diameter"] > 40
            else draw.pick({"lobectomy": 70, "thyroidectomy": 25, "ablation": 5})
        )
    if malignant and kind != "ablation":
        root.add("pathology", _resected(draw, min(today, done + timedelta(days=21)), nodule))
    extra: Values = {"nerve_palsy": draw.chance(0.02)} if kind != "follow_up" else {}
    operated = min(today, done + timedelta(days=21)) if malignant else done
    root.add(
        "treatment",
        treatment(
            draw,
            operated,
            kind,
            "curative" if malignant else "preventive",
            risk=0.03 if malignant else 0,
            **extra,
        ),
    )
    for seen in follow_ups(draw, operated, today, 0.002, (6, 12, 24, 36)):
        values = dict(seen.values)
        if seen.alive:
            values["recurrence"] = malignant and draw.chance(0.03)
            if values["recurrence"]:
                values["recurrence_date"] = seen.day
        root.add("follow_up", values)


def _resected(draw: Draw, day: date, nodule: Values) -> Values:
    size = nodule["long_diameter"]
    examined, positive = draw.whole(4, 14), draw.pick({0: 60, 1: 15, 2: 15, 4: 10})
    return {
        "specimen_date": day, "specimen_kind": "resection",
        "histology": draw.pick({"ptc": 92, "ftc": 5, "mtc": 3}),
        "tumour_size": size, "nodes_examined": examined, "nodes_positive": positive,
        "t_stage_thyroid": next((code for most, code in ((10, "T1a"), (20, "T1b"),
        (40, "T2")) if size <= most), "T3a"),
        "n_stage_thyroid": "N1a" if positive else "N0a", "m_stage_thyroid": "M0",
    }  # fmt: skip


DISEASE = Disease(
    "thyroid", "TH", 0.25, (47, 13), 0.12, case, {"report": "report_date", "nodule": "acr_ti_rads"}
)

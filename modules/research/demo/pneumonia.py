"""Pneumonia: severity decides pressure, breath, oxygen and inflammation, and with CURB-65 who dies.

Thirty-day mortality by CURB-65 as Lim et al. (Thorax 2003) found it. The rest is invented.
"""

from __future__ import annotations

from datetime import date, timedelta

from modules.research.demo.common import age_on, enrolment, exam, labs, patient, report, treatment, visit
from modules.research.demo.draw import Draw
from modules.research.demo.persons import Person
from modules.research.demo.tree import Disease, Node, Values

MORTALITY = (0.007, 0.032, 0.03, 0.17, 0.415, 0.57)
LOBES = {"RUL": "右肺上叶", "RML": "右肺中叶", "RLL": "右肺下叶", "LUL": "左肺上叶", "LLL": "左肺下叶"}
LOBE_WEIGHTS = {"RUL": 18.0, "RML": 10.0, "RLL": 30.0, "LUL": 16.0, "LLL": 26.0}
KINDS = {"bacterial": 34.0, "viral": 28.0, "atypical": 12.0, "fungal": 2.0, "mixed": 6.0, "unknown": 18.0}
ORGANISMS = {"bacterial": ("肺炎链球菌", "流感嗜血杆菌", "肺炎克雷伯菌"),
    "viral": ("流感病毒", "新型冠状病毒", "呼吸道合胞病毒"),
             "atypical": ("肺炎支原体", "肺炎衣原体"), "fungal": ("曲霉",),
             "mixed": ("肺炎链球菌合并流感病毒",)}  # fmt: skip
OPACITIES = {"ground_glass": "磨玻璃影", "consolidation": "实变影", "mixed": "磨玻璃伴实变影"}
STEPS = (0, 5, 26, 50, 76, 101)  # shares of a lobe, in per cent, by Pan et al. (Radiology 2020)


def case(draw: Draw, person: Person, today: date) -> Node:
    day = enrolment(draw, today)
    severity = draw.uniform(0, 1) ** 1.8
    root = patient(draw, person, day, immunosuppressed=draw.chance(0.06), influenza_vaccine=draw.chance(0.08))
    stay = _visit(draw, root, day, today, severity)
    score = _severity(draw, stay, person, day, severity)
    kind = draw.pick(KINDS)
    root.add("labs", _labs(draw, person, day, severity, kind))
    root.add("pathogen", _pathogen(draw, day, kind))
    died = draw.chance(MORTALITY[score])
    _exams(draw, root, person, day, today, severity, died)
    root.add("treatment", _treatment(draw, day, today, kind))
    _follow_up(draw, root, day, today, severity, died)
    return root


def _visit(draw: Draw, root: Node, day: date, today: date, severity: float) -> Node:
    inpatient = severity > 0.15 or draw.chance(0.4)
    values = visit(draw, day, today, inpatient, severity, stay=int(6 + 12 * severity))
    oxygen = (
        "none"
        if severity < 0.25
        else "nasal"
        if severity < 0.65
        else draw.choice(("hfnc", "niv"))
        if severity < 0.9
        else "imv"
    )
    return root.add("visit", values | {
        "department": "呼吸内科", "diagnosis_code": "J18.9", "diagnosis_name": "肺炎", "acquired": "CAP",
        "onset_date": day - timedelta(days=draw.whole(1, 8)), "oxygen": oxygen, "icu": severity > 0.85,
        "symptoms": draw.some({"fever": 0.8, "cough": 0.85, "sputum": 0.5, "dyspnoea": 0.2 + 0.6 * severity}),
    })  # fmt: skip


def _severity(draw: Draw, stay: Node, person: Person, day: date, severity: float) -> int:
    """The assessment at admission; returns CURB-65."""
    values: Values = {
        "assessed_on": day, "confusion": draw.chance(0.02 + 0.35 * severity**2),
        "urea": draw.around(4.6 * (1 + severity), 0.3, 1.2, 45),
        "pao2": draw.normal(92 - 38 * severity, 7, 38, 120),
        "fio2": 21 if severity < 0.25 else int(25 + 40 * severity),
        "lactate": draw.around(1.1 * (1 + severity), 0.3, 0.4, 15),
    } | {code: stay.values[code] for code in ("respiratory_rate", "systolic", "diastolic")}  # fmt: skip
    stay.add("severity", values)
    points = (
        values["confusion"], values["urea"] > 7, values["respiratory_rate"] >= 30,
        values["systolic"] < 90 or values["diastolic"] <= 60, age_on(person, day) >= 65,
    )  # fmt: skip
    return sum(points)


def _labs(draw: Draw, person: Person, day: date, severity: float, kind: str) -> Values:
    """Bacteria raise procalcitonin and leucocytes more than viruses do."""
    bacterial = kind in ("bacterial", "mixed")
    return labs(
        draw, person, day, (0.25 + 0.7 * severity) * (1.0 if bacterial else 0.4),
        urea=draw.around(4.6 * (1 + severity), 0.3, 1.2, 45),
        crp=draw.around((70 if bacterial else 25) * (0.4 + 1.6 * severity), 0.5, 1, 480),
        procalcitonin=draw.around((0.9 if bacterial else 0.08) * (0.3 + 3 * severity), 0.8, 0.02, 90, 2),
        ldh=int(draw.around(190 * (1 + severity), 0.2, 100, 1800, 0)),
        d_dimer=draw.around(0.4 * (1 + 3 * severity), 0.6, 0.1, 30, 2),
    )  # fmt: skip


def _pathogen(draw: Draw, day: date, kind: str) -> Values:
    values: Values = {
        "sampled_on": day,
        "pathogen_kind": kind,
        "pathogen_test": draw.choice(("culture", "pcr", "mngs")),
    }
    if kind in ORGANISMS:
        values["organism"] = draw.choice(ORGANISMS[kind])
    if kind in ("bacterial", "mixed"):
        values["resistant"] = draw.chance(0.12)
    return values


def _exams(
    draw: Draw, root: Node, person: Person, day: date, today: date, severity: float, died: bool
) -> None:
    lobes = list(LOBES)
    struck = sorted({draw.pick(LOBE_WEIGHTS) for _ in range(1 + int(severity * 6))}, key=lobes.index)
    shares = {lobe: int(draw.normal(15 + 65 * severity, 12, 3, 95, 0)) for lobe in struck}
    kind = draw.pick({"ground_glass": 40, "consolidation": 30, "mixed": 30})
    for order in range(1 if died else draw.whole(1, 3)):
        when = day + timedelta(days=order * draw.whole(7, 14))
        if when > today:
            return
        later = {lobe: max(1, int(share * 0.5**order)) for lobe, share in shares.items()}
        _exam(draw, root, person, order, when, today, later, kind)


def _exam(draw: Draw, root: Node, person: Person, order: int, day: date, today: date, shares: dict[str, int],
    kind: str) -> None:  # fmt: skip
    values = exam(draw, person, order, day, "CT", "胸部", "胸部CT平扫")
    points = {
        lobe: next(i for i, step in enumerate(STEPS) if shares.get(lobe, 0) < step) if lobe in shares else 0
        for lobe in LOBES
    }
    values |= {"contrast": "none", "effusion": draw.chance(0.12), "nodes": draw.chance(0.1),
               "spread": "focal" if len(shares) == 1 else draw.choice(("peripheral", "diffuse")),
               "co_rads": draw.pick({"1": 10, "2": 40, "3": 35, "4": 10, "5": 5})}  # fmt: skip
    node = root.add("ct_exam", values | {f"extent_{lobe.lower()}": point for lobe, point in points.items()})
    growth = "smaller" if order else "no_prior"
    for number, (lobe, share) in enumerate(shares.items(), start=1):
        node.add("opacity", {"lesion_no": number, "lung_lobe": lobe, "opacity": kind, "extent": share,
            "growth": growth,
                             "long_diameter": round(15 + share * 0.9, 1),
                             "lung_signs": draw.some({"air_bronchogram": 0.4, "halo": 0.05})})  # fmt: skip
    total = sum(points.values())
    where = "、".join(LOBES[lobe] for lobe in shares)
    report(draw, node, f"{where}见{OPACITIES[kind]}，边界模糊，CT严重度评分{total}分。气管支气管通畅。",
           f"{where}{OPACITIES[kind]}，考虑肺炎{'，较前吸收' if order else ''}。", today)  # fmt: skip


def _treatment(draw: Draw, day: date, today: date, kind: str) -> Values:
    what = {"viral": "antiviral", "fungal": "antifungal"}.get(kind, "antibiotic")
    drugs = {"antiviral": "奥司他韦", "antifungal": "伏立康唑", "antibiotic": "头孢曲松加阿奇霉素"}
    end = min(today, day + timedelta(days=draw.whole(5, 14)))
    return treatment(
        draw, day, what, "curative", regimen=drugs[what], treatment_end=end, effective=draw.chance(0.88)
    )


def _follow_up(draw: Draw, root: Node, day: date, today: date, severity: float, died: bool) -> None:
    seen = day + timedelta(days=30 + draw.whole(0, 10))
    if seen > today:
        return
    values: Values = {
        "follow_up_date": seen,
        "follow_up_way": "clinic",
        "vital_status": "dead" if died else "alive",
    }
    if died:
        values |= {"death_date": day + timedelta(days=draw.whole(2, 29)), "cause_of_death": "disease"}
    else:
        residual = draw.pick({"resolved": 70, "partial": 22, "fibrosis": 8 * severity + 0.1})
        values |= {"symptom_free": draw.chance(0.85), "residual": residual, "readmitted": draw.chance(0.06)}
    root.add("follow_up", values)


DISEASE = Disease("pneumonia", "PN", 0.58, (62, 18), 0.15, case, {"report": "report_date"})

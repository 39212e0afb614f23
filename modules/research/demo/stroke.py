"""Ischaemic stroke: the occlusion decides the NIHSS, the NIHSS and reperfusion the mRS at 90 days.

Scores keep the bounds of their items; shares and outcomes are invented.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from modules.research.demo.common import enrolment, exam, labs, patient, report, treatment, visit
from modules.research.demo.draw import Draw
from modules.research.demo.persons import Person
from modules.research.demo.tree import Disease, Node, Values

ITEMS = {"1a": 3, "1b": 2, "1c": 2, "2": 2, "3": 3, "4": 3, "5a": 4, "5b": 4, "6a": 4, "6b": 4, "7": 2,
    "8": 2, "9": 3,
         "10": 2, "11": 2}  # fmt: skip
MEAN = {
    "none": 0.09,
    "M2": 0.24,
    "ACA": 0.18,
    "PCA": 0.16,
    "BA": 0.42,
    "M1": 0.38,
    "ICA": 0.42,
}  # of 42 points
OCCLUSIONS = {"none": 66.0, "M1": 13.0, "M2": 8.0, "ICA": 6.0, "BA": 3.0, "PCA": 3.0, "ACA": 1.0}
NAMES = {
    "M1": "大脑中动脉M1段",
    "M2": "大脑中动脉M2段",
    "ICA": "颈内动脉",
    "BA": "基底动脉",
    "PCA": "大脑后动脉",
    "ACA": "大脑前动脉",
}
SIDES = {"L": "左侧", "R": "右侧", "M": "中线"}
REGIONS = {"basal_ganglia": "基底节区", "corona": "放射冠", "thalamus": "丘脑", "brainstem": "脑干",
    "frontal": "额叶",
           "parietal": "顶叶", "temporal": "颞叶", "occipital": "枕叶", "insula": "岛叶"}  # fmt: skip
SMALL = {"basal_ganglia": 40.0, "corona": 30.0, "thalamus": 15.0, "brainstem": 15.0}
TERRITORY = {"M1": "MCA", "M2": "MCA", "ICA": "MCA", "BA": "VB", "PCA": "PCA", "ACA": "ACA"}
SPOTS = {
    "MCA": ("insula", "frontal", "parietal", "temporal"),
    "VB": ("brainstem",),
    "PCA": ("occipital",),
    "ACA": ("frontal",),
}


def case(draw: Draw, person: Person, today: date) -> Node:
    day = enrolment(draw, today)
    vessel = draw.pick(OCCLUSIONS)
    root = patient(
        draw,
        person,
        day,
        prestroke_mrs=draw.pick({"0": 70, "1": 20, "2": 10}),
        prior_anticoagulant=draw.chance(0.06),
    )
    stay, minutes = _visit(draw, root, day, today, vessel)
    side = draw.choice(("L", "R"))
    score = _assess(draw, stay, day, "admission", MEAN[vessel], side)
    core = _exam(draw, root, person, day, today, vessel, side, score)
    root.add("labs", _labs(draw, person, day))
    saved = _treat(draw, root, day, vessel, minutes, score)
    grade = grade_of(score, core, saved, draw)
    if (later := day + timedelta(days=1)) <= today:
        _assess(draw, stay, later, "h24", MEAN[vessel] * (0.5 if saved else 0.95), side)
    _follow_up(draw, root, day, today, grade)
    return root


def grade_of(score: int, core: float, saved: bool, draw: Draw) -> int:
    """mRS at 90 days: worse with NIHSS and core, better after reperfusion."""
    return int(draw.normal(0.6 + 0.17 * score + 0.012 * core - (1.1 if saved else 0), 1.1, 0, 6, 0))


def _visit(draw: Draw, root: Node, day: date, today: date, vessel: str) -> tuple[Node, int]:
    arrived = datetime.combine(day, time(draw.whole(0, 23), draw.whole(0, 59)))
    minutes = int(draw.around(240, 0.9, 20, 4000, 0))
    cause = (
        {"LAA": 55, "CE": 45} if vessel != "none" else {"SAO": 50, "LAA": 30, "CE": 6, "UND": 12, "ODC": 2}
    )
    values = visit(draw, day, today, inpatient=True, stay=10) | {
        "department": "神经内科", "diagnosis_code": "I63.9", "diagnosis_name": "脑梗死",
        "arrival_time": arrived,
        "onset_time": arrived - timedelta(minutes=minutes), "wake_up": draw.chance(0.14),
        "toast": draw.pick(cause),
    }  # fmt: skip
    pressure = int(draw.normal(155, 22, 95, 230, 0))  # high in most acute strokes
    values |= {"systolic": pressure, "diastolic": min(pressure - 12, values["diastolic"])}
    return root.add("visit", values), minutes


def _assess(draw: Draw, stay: Node, day: date, moment: str, mean: float, side: str) -> int:
    """NIHSS items around `mean` of their highest; limbs fail on the side away from the infarct."""
    level = draw.normal(mean, 0.08, 0.0, 0.8, 3)
    healthy = ("5a", "6a") if side == "L" else ("5b", "6b")  # a is the left arm or leg
    points = {
        item: 0 if item in healthy else min(most, int(most * level * 1.3 + draw.uniform(0, 0.9)))
        for item, most in ITEMS.items()
    }
    values: Values = {
        "assessed_on": day,
        "moment": moment,
        "gcs": max(3, 15 - 2 * points["1a"] - points["1b"]),
    }
    stay.add("assessment", values | {f"nihss_{item}": point for item, point in points.items()})
    return sum(points.values())


def _exam(
    draw: Draw, root: Node, person: Person, day: date, today: date, vessel: str, side: str, score: int
) -> float:
    modality = draw.choice(("CT", "MR"))
    small = vessel == "none"
    core = draw.around(1.2 if small else 6 + 2.2 * score, 0.6, 0.1, 350)
    values = exam(draw, person, 0, day, modality, "头颅",
        "头颅CT及血管成像" if modality == "CT" else "头颅MR及血管成像") | {
        "contrast": "both", "occlusion": vessel, "core_volume": core, "hemorrhage": False,
        "hypoperfusion_volume": round(core * draw.uniform(1.1, 4.5), 1),
        "fazekas": draw.pick({"0": 15, "1": 40, "2": 30, "3": 15}),
        "aspects": 10 if small else max(0, 10 - int(core / 12)),
    }  # fmt: skip
    if not small:
        values["collateral"] = draw.pick({"good": 40, "moderate": 35, "poor": 25})
    if modality == "MR":
        values |= {
            "field_strength": draw.choice(("1.5", "3.0")),
            "mr_sequences": ["t1w", "t2w", "flair", "dwi", "mra"],
            "slice_thickness": 5.0,
        }
    node = root.add("brain_exam", values)
    territory = draw.choice(("MCA", "VB")) if small else TERRITORY[vessel]
    region = draw.pick(SMALL) if small else draw.choice(SPOTS[territory])
    where = "M" if region == "brainstem" and not small else side
    size = round(
        min(180.0, 12.4 * core ** (1 / 3) * draw.uniform(1.0, 1.3)), 1
    )  # the sphere of 1 mL is 12.4 mm wide
    infarct: Values = {"lesion_no": 1, "brain_side": where, "territory": territory, "brain_region": region,
                       "long_diameter": size, "infarct_volume": core}  # fmt: skip
    node.add("infarct", infarct | ({"adc": draw.whole(350, 620)} if modality == "MR" else {}))
    place = f"{SIDES[where]}{REGIONS[region]}"
    blocked = "未见大血管闭塞" if small else f"{NAMES[vessel]}闭塞"
    report(
        draw,
        node,
        f"{place}见急性梗死灶，最大径约{size}mm，体积约{core}mL。{blocked}。未见出血。",
        f"{place}急性梗死，{blocked}。",
        today,
    )
    return core


def _labs(draw: Draw, person: Person, day: date) -> Values:
    ldl, hdl, fat = (
        draw.normal(2.9, 0.8, 0.8, 7, 2),
        draw.normal(1.2, 0.25, 0.6, 2.5, 2),
        draw.around(1.5, 0.4, 0.4, 12, 2),
    )
    return labs(draw, person, day, 0.12, ldl=ldl, hdl=hdl, triglycerides=fat,
        total_cholesterol=round(ldl + hdl + min(2.0, fat / 2.2), 2),
                hba1c=draw.around(6.0, 0.15, 4.5, 14), inr=draw.normal(1.02, 0.08, 0.8, 3.5, 2),
                d_dimer=draw.around(0.6, 0.7, 0.1, 20, 2))  # fmt: skip


def _treat(draw: Draw, root: Node, day: date, vessel: str, minutes: int, score: int) -> bool:
    """Thrombolysis within 4.5 hours, thrombectomy of large vessels within 24; whether blood flows again."""
    lysis, large = (
        minutes <= 240 and score >= 4 and draw.chance(0.6),
        vessel in ("M1", "ICA", "BA") and minutes <= 1380 and draw.chance(0.7),
    )
    kind = (
        "bridging"
        if lysis and large
        else "thrombolysis"
        if lysis
        else "thrombectomy"
        if large
        else "antiplatelet"
    )
    values: Values = {}
    if lysis:
        values |= {
            "thrombolytic": draw.pick({"alteplase": 75, "tenecteplase": 25}),
            "door_to_needle": int(draw.around(48, 0.3, 15, 200, 0)),
        }
    if large:
        values |= {"door_to_puncture": int(draw.around(110, 0.3, 40, 500, 0)),
            "passes": draw.pick({1: 45, 2: 30, 3: 18, 4: 7}),
                   "mtici": draw.pick({"0": 4, "1": 2, "2a": 8, "2b": 33, "2c": 18, "3": 35})}  # fmt: skip
    bled = draw.pick(
        {"none": 86, "HI1": 5, "HI2": 4, "PH1": 3, "PH2": 2}
        if lysis or large
        else {"none": 97, "HI1": 2, "HI2": 1}
    )
    root.add(
        "treatment",
        treatment(draw, day, kind, "curative", risk=0.04, hemorrhagic_transformation=bled, **values),
    )
    return values["mtici"] in ("2b", "2c", "3") if large else lysis and draw.chance(0.5)


def _follow_up(draw: Draw, root: Node, day: date, today: date, grade: int) -> None:
    seen = day + timedelta(days=90 + draw.whole(0, 10))
    if seen > today:
        return
    values: Values = {
        "follow_up_date": seen,
        "follow_up_way": "phone",
        "mrs": str(grade),
        "vital_status": "dead" if grade == 6 else "alive",
    }
    if grade == 6:
        values |= {"death_date": day + timedelta(days=draw.whole(2, 88)), "cause_of_death": "disease"}
    else:
        values["stroke_again"] = draw.chance(0.04)
    root.add("follow_up", values)


DISEASE = Disease("stroke", "ST", 0.6, (66, 12), 0.08, case, {"report": "report_date"})

"""Prostate lesions: PI-RADS (v2.1, 2019) follows the scores of its zone, and decides what a biopsy finds.

Share of clinically significant cancer by category as in Oerther et al. (Prostate Cancer Prostatic Dis 2022).
PSA, volumes and grades are invented around usual values.
"""

from __future__ import annotations

from datetime import date, timedelta

from modules.research.demo.common import (
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

CANCER = {1: 0.02, 2: 0.04, 3: 0.2, 4: 0.52, 5: 0.89}
ZONES = {"PZ": "外周带", "TZ": "移行带"}
SIDES = {"L": "左侧", "R": "右侧"}
LEVELS = {"base": "底部", "mid": "中部", "apex": "尖部"}
GLEASON = {1: (3, 3), 2: (3, 4), 3: (4, 3), 4: (4, 4), 5: (4, 5)}
DEATHS = {1: 0.01, 2: 0.012, 3: 0.02, 4: 0.035, 5: 0.07}  # a year


def category_of(zone: str, t2w: int, dwi: int, dce: bool) -> int:
    """PI-RADS v2.1: DWI decides in the peripheral zone, T2W in the transition zone."""
    if zone == "PZ":
        return 4 if dwi == 3 and dce else dwi
    if t2w == 2 and dwi >= 4:
        return 3
    return 4 if t2w == 3 and dwi == 5 else t2w


def case(draw: Draw, person: Person, today: date) -> Node:
    day = enrolment(draw, today)
    root = patient(
        draw, person, day, family_prostate_cancer=draw.chance(0.06), prior_biopsy=draw.chance(0.12)
    )
    lesions = [_lesion(draw, number) for number in range(1, 1 + draw.pick({1: 70, 2: 30}))]
    worst = max(lesions, key=lambda each: (int(each["lesion_pi_rads"]), each["long_diameter"]))
    category = int(worst["lesion_pi_rads"])
    significant = draw.chance(CANCER[category])
    group = (
        draw.pick({2: 45, 3: 25, 4: 17, 5: 13})
        if significant
        else 1
        if category >= 3 and draw.chance(0.2)
        else 0
    )
    psa = draw.around(6.5 + (2.2**group if group else 0), 0.5, 0.8, 900, 2)
    root.add("visit", visit(draw, day, today, inpatient=False) | {
        "department": "泌尿外科", "diagnosis_code": "R97.2", "diagnosis_name": "前列腺特异性抗原升高",
        "abnormal_dre": draw.chance(0.08 + 0.1 * group), "ipss": int(draw.normal(12, 6, 0, 35, 0)),
    })  # fmt: skip
    _exam(draw, root, person, day, today, lesions, worst, psa, group)
    free = round(psa * draw.normal(0.22 - 0.02 * group, 0.05, 0.04, 0.5, 3), 2)
    root.add(
        "labs",
        labs(
            draw, person, day, 0.02, psa_total=psa, psa_free=free, testosterone=draw.normal(15, 4, 3, 35, 2)
        ),
    )
    _outcome(draw, root, day, today, category, group, worst)
    return root


def _lesion(draw: Draw, number: int) -> Values:
    zone = draw.pick({"PZ": 70, "TZ": 30})
    long = draw.around(10, 0.45, 3, 60)
    score = draw.pick({1: 4, 2: 26, 3: 24, 4: 46})
    score = 5 if score == 4 and long >= 15 else score  # 15 mm or more makes 5 of 4 in v2.1
    other = min(5, max(1, score + draw.pick({-1: 25, 0: 60, 1: 15})))
    t2w, dwi = (other, score) if zone == "PZ" else (score, other)
    dce = draw.chance(0.15 * score)
    return {
        "lesion_no": number, "zone": zone, "prostate_side": draw.choice(("L", "R")),
        "prostate_level": draw.choice(tuple(LEVELS)),
        "long_diameter": long, "short_diameter": round(max(0.5, long * draw.uniform(0.55, 0.95)), 1),
        "t2w_score": t2w,
        "dwi_score": dwi, "dce_positive": dce, "adc": int(draw.normal(1500 - 170 * dwi, 90, 400, 1800, 0)),
        "lesion_pi_rads": str(category_of(zone, t2w, dwi, dce)),
    }  # fmt: skip


def _exam(draw: Draw, root: Node, person: Person, day: date, today: date, lesions: list[Values],
    worst: Values, psa: float, group: int) -> None:  # fmt: skip
    category, width = worst["lesion_pi_rads"], draw.normal(50, 6, 32, 85)
    values = exam(draw, person, 0, day, "MR", "前列腺", "前列腺多参数MR") | {
        "contrast": "both", "slice_thickness": 3.0, "field_strength": "3.0",
        "mr_sequences": ["t2w", "dwi", "dce"], "b_value": 1500,
        "gland_width": width, "gland_height": round(width * draw.uniform(0.6, 0.85), 1), "psa_total": psa,
        "gland_length": round(width * draw.uniform(0.75, 1.0), 1), "pi_rads": category,
        "extraprostatic": draw.chance(0.12 * max(0, group - 1)),
        "seminal_vesicle": draw.chance(0.06 * max(0, group - 2)),
        "pelvic_nodes": draw.chance(0.04 * max(0, group - 2)),
    }  # fmt: skip
    node = root.add("mr_exam", values)
    told = []
    for each in lesions:
        given = mistaken(draw, each["lesion_pi_rads"], ("1", "2", "3", "4", "5"))
        node.add("lesion", each | {"lesion_pi_rads": given})
        told.append(
            f"前列腺{_place(each)}见异常信号，大小约{each['long_diameter']}mm×{each['short_diameter']}mm。"
        )
    report(
        draw,
        node,
        "".join(told),
        f"前列腺{_place(worst)}病灶，长径{worst['long_diameter']}mm，PI-RADS {category}类。",
        today,
    )


def _place(lesion: Values) -> str:
    return f"{SIDES[lesion['prostate_side']]}{ZONES[lesion['zone']]}{LEVELS[lesion['prostate_level']]}"


def _outcome(
    draw: Draw, root: Node, day: date, today: date, category: int, group: int, worst: Values
) -> None:
    done = min(today, day + timedelta(days=draw.whole(7, 40)))
    if category >= 3 or group:
        root.add("pathology", _pathology(draw, done, group))
    kind = "follow_up" if group == 0 else "surveillance" if group == 1 else draw.pick(
        {"prostatectomy": 60, "radiotherapy": 20, "adt": 5 * group})  # fmt: skip
    treated = min(today, done + timedelta(days=draw.whole(14, 60))) if group else done
    more: Values = (
        {"nerve_sparing": draw.chance(0.5)}
        if kind == "prostatectomy"
        else {"dose": 78}
        if kind == "radiotherapy"
        else {}
    )
    root.add(
        "treatment",
        treatment(
            draw,
            treated,
            kind,
            "curative" if group > 1 else "preventive",
            risk=0.08 if group > 1 else 0,
            **more,
        ),
    )
    for seen in follow_ups(draw, treated, today, DEATHS.get(group, 0.01), (3, 6, 12, 24, 36)):
        values = dict(seen.values)
        if seen.alive:
            again = kind == "prostatectomy" and draw.chance(0.02 * group)
            after = (
                draw.around(0.5 if again else 0.02, 0.4, 0.01, 40, 2)
                if kind == "prostatectomy"
                else draw.around(2.5, 0.6, 0.05, 60, 2)
            )
            values |= {"psa_total": after, "biochemical_recurrence": again, "continent": draw.chance(0.9)}
        root.add("follow_up", values)


def _pathology(draw: Draw, day: date, group: int) -> Values:
    taken = draw.whole(12, 16)
    values: Values = {
        "specimen_date": day,
        "specimen_kind": "core",
        "biopsy_way": draw.choice(("both", "targeted", "systematic")),
        "cores_taken": taken,
    }
    if group == 0:
        return values | {"cores_positive": 0, "histology": draw.pick({"benign": 92, "hgpin": 8})}
    primary, secondary = GLEASON[group]
    return values | {
        "cores_positive": min(taken, draw.whole(1, 2 + 2 * group)), "histology": "acinar",
        "gleason_primary": primary,
        "gleason_secondary": secondary, "isup": str(group), "perineural_invasion": draw.chance(0.08 * group),
        "t_stage_prostate": draw.pick({"T1c": 30, "T2a": 30, "T2c": 25} if group < 3 else {"T2c": 50,
        "T3a": 30, "T3b": 20}),
        "n_stage_prostate": "N0", "m_stage_prostate": "M0",
    }  # fmt: skip


DISEASE = Disease(
    "prostate", "PR", 1.0, (68, 8), 0.08, case, {"report": "report_date", "lesion": "lesion_pi_rads"}
)

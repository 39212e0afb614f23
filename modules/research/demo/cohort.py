"""The cohort: every patient with visits, examinations, reports, nodules, pathology, treatment, follow-up.

Rows are plain mappings by field code of the `lung_nodule` database. The same seed gives the same cohort.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from faker import Faker

from modules.research.demo.nodules import LOBES, Nodule, later, make_nodule, worst
from modules.research.demo.persons import MALE, Person, make_person

Values = dict[str, Any]
EDUCATION = ("10", "20", "30", "40", "60", "70", "80")
HISTORY_RATES = {
    "copd": 0.12,
    "tb": 0.07,
    "fibrosis": 0.03,
    "cancer": 0.05,
    "hypertension": 0.32,
    "diabetes": 0.14,
}
SCANNERS = (("SIEMENS", "Br59"), ("GE MEDICAL SYSTEMS", "LUNG"), ("PHILIPS", "YC"), ("UIH", "B_SHARP_C"))
PHYSICIANS = ("报告医师甲", "报告医师乙", "报告医师丙", "审核医师丁", "审核医师戊")


@dataclass
class Exam:
    """One CT with what hangs on it."""

    values: Values
    report: Values
    nodules: list[Values]


@dataclass
class Case:
    """One patient with everything below."""

    patient: Values
    visits: list[Values] = field(default_factory=list)
    exams: list[Exam] = field(default_factory=list)
    pathology: list[Values] = field(default_factory=list)
    treatment: list[Values] = field(default_factory=list)
    follow_up: list[Values] = field(default_factory=list)


def cohort(count: int, seed: int, today: date) -> Iterator[Case]:
    """`count` cases; `today` is the last day anything happened."""
    faker = Faker("zh_CN")
    faker.seed_instance(seed)
    random = Random(seed)
    for number in range(1, count + 1):
        yield make_case(random, make_person(random, faker, f"LN{number:05d}", today), today)


def make_case(random: Random, person: Person, today: date) -> Case:
    """One person's case."""
    enrolled = today - timedelta(days=random.randint(30, 1500))
    case = Case(_patient(random, person, enrolled))
    nodules = [make_nodule(random, index + 1) for index in range(_nodule_count(random))]
    day = enrolled
    for order in range(random.choices((1, 2, 3, 4), (45, 30, 17, 8))[0]):
        if order:
            months = random.choice((3, 6, 12))
            following = day + timedelta(days=int(months * 30.4))
            if following > today:
                break
            day = following
            nodules = [later(random, nodule, months) for nodule in nodules]
        case.visits.append(_visit(random, day))
        case.exams.append(_exam(random, person, day, order, nodules, today))
    _outcome(random, case, nodules, day, min(day + timedelta(days=21), today), today)
    return case


def _nodule_count(random: Random) -> int:
    return random.choices((0, 1, 2, 3, 4, 6), (22, 42, 18, 10, 5, 3))[0]


def _patient(random: Random, person: Person, enrolled: date) -> Values:
    smoking = _smoking(random, person)
    return {
        "patient_no": person.number,
        "name": person.name,
        "sex": person.sex,
        "birth_date": person.birth_date,
        "id_document_type": "01",
        "id_number": person.id_number,
        "phone": person.phone,
        "address": person.address,
        "ethnicity": "01" if random.random() < 0.92 else f"{random.randint(2, 20):02d}",
        "marital_status": random.choices(("20", "10", "30", "40"), (84, 4, 8, 4))[0],
        "education": random.choice(EDUCATION),
        "height": person.height,
        "weight": person.weight,
        **smoking,
        "history": [code for code, rate in HISTORY_RATES.items() if random.random() < rate],
        "family_lung_cancer": random.random() < 0.09,
        "enrolled_on": enrolled,
        "consent": True,
    }


def _smoking(random: Random, person: Person) -> Values:
    weights = (38, 24, 38) if person.sex == MALE else (94, 3, 3)
    status = random.choices(("never", "former", "current"), weights)[0]
    if status == "never":
        return {"smoking": status}
    years = random.randint(5, 45)
    return {
        "smoking": status,
        "cigarettes_per_day": random.choice((5, 10, 15, 20, 30)),
        "smoking_years": years,
    }


def _visit(random: Random, day: date) -> Values:
    inpatient = random.random() < 0.15
    values: Values = {
        "visit_kind": "IMP" if inpatient else "AMB",
        "visit_date": day,
        "department": random.choice(("呼吸内科", "胸外科", "健康管理中心", "肿瘤科")),
        "diagnosis_code": "R91",
        "diagnosis_name": "肺结节",
        ("inpatient_no" if inpatient else "outpatient_no"): f"{random.randrange(10**8):08d}",
    }
    if inpatient:
        values |= {"admission_date": day}
    return values


def _exam(random: Random, person: Person, day: date, order: int, nodules: list[Nodule], today: date) -> Exam:
    maker, kernel = random.choice(SCANNERS)
    category = worst([nodule.category for nodule in nodules])
    accession = f"CT{person.number[2:]}{order + 1:02d}"
    values: Values = {
        "accession_number": accession,
        "study_instance_uid": f"2.25.{int(person.number[2:].replace('-', ''))}{order + 1:03d}",
        "modality": "CT",
        "exam_name": "胸部CT平扫",
        "body_part": "CHEST",
        "exam_date": day,
        "exam_time": f"{random.randint(8, 17):02d}:{random.randrange(60):02d}:00",
        "contrast": "none",
        "slice_thickness": random.choice((0.625, 1.0, 1.25)),
        "tube_voltage": random.choice((100, 120)),
        "tube_current": random.randint(30, 220),
        "dlp": round(random.uniform(40, 260), 1),
        "manufacturer": maker,
        "kernel": kernel,
        "image_quality": random.choices(("good", "fair", "poor"), (80, 17, 3))[0],
        "nodule_present": bool(nodules),
        "emphysema": random.random() < 0.18,
        "lung_rads": category,
    }
    if nodules:
        values["nodule_count"] = len(nodules)
    return Exam(
        values, _report(random, accession, day, nodules, category, today), [_nodule(n) for n in nodules]
    )


def _report(
    random: Random, accession: str, day: date, nodules: list[Nodule], category: str, today: date
) -> Values:
    seen = "".join(nodule.sentence for nodule in nodules) or "双肺未见明确结节。"
    largest = max(nodules, key=lambda nodule: nodule.long, default=None)
    conclusion = (
        "双肺未见明确结节。" if largest is None else f"{LOBES[largest.lobe][0]}结节，Lung-RADS {category}类。"
    )
    return {
        "report_no": f"R{accession}",
        "report_status": "final",
        "report_date": min(day + timedelta(days=random.choice((0, 0, 1, 1, 2))), today),
        "findings": f"胸廓对称。{seen}气管支气管通畅。纵隔未见肿大淋巴结。双侧胸腔未见积液。",
        "impression": conclusion,
        "reporter": random.choice(PHYSICIANS[:3]),
        "reviewer": random.choice(PHYSICIANS[3:]),
        "positive": bool(nodules),
        "critical_value": False,
    }


def _nodule(nodule: Nodule) -> Values:
    values: Values = {
        "nodule_no": nodule.number,
        "lobe": nodule.lobe,
        "segment": nodule.segment,
        "density": nodule.density,
        "long_diameter": nodule.long,
        "short_diameter": nodule.short,
        "volume": nodule.volume,
        "mean_hu": nodule.hu,
        "margin": nodule.margin,
        "growth": nodule.growth,
        "malignancy_probability": nodule.probability,
    }
    if nodule.solid is not None:
        values["solid_diameter"] = nodule.solid
    return values


def _outcome(
    random: Random, case: Case, nodules: list[Nodule], last_exam: date, treated: date, today: date
) -> None:
    risk = max((nodule.probability for nodule in nodules), default=0.0)
    if risk > 0.12 and random.random() < 0.7:
        malignant = random.random() < min(0.95, risk * 2)
        case.pathology.append(_pathology(random, treated, malignant))
        procedure = random.choice(
            ("wedge", "segmentectomy", "lobectomy") if malignant else ("biopsy", "wedge")
        )
        case.treatment.append({"procedure": procedure, "procedure_date": treated, "complication": False})
    elif nodules:
        case.treatment.append({"procedure": "follow_up", "procedure_date": last_exam})
    if (seen := last_exam + timedelta(days=365)) <= today:
        case.follow_up.append(_follow_up(random, seen, risk))


def _pathology(random: Random, day: date, malignant: bool) -> Values:
    if not malignant:
        return {"specimen_date": day, "histology": random.choice(("benign", "aah"))}
    kind = random.choices(("ais", "mia", "adenocarcinoma", "squamous", "small_cell"), (12, 22, 50, 12, 4))[0]
    stage = {"ais": "Tis", "mia": "T1mi"}.get(kind) or random.choice(("T1a", "T1b", "T1c", "T2a"))
    return {
        "specimen_date": day,
        "histology": kind,
        "t_stage": stage,
        "n_stage": "N0" if random.random() < 0.85 else "N1",
        "m_stage": "M0",
        "egfr_mutation": random.random() < 0.5,
        "ki67": round(min(90.0, random.lognormvariate(2.3, 0.7)), 1),
    }


def _follow_up(random: Random, day: date, risk: float) -> Values:
    if random.random() < 0.05:
        return {"follow_up_date": day, "vital_status": "lost"}
    if random.random() < 0.15 * risk:
        return {"follow_up_date": day, "vital_status": "dead", "death_date": day - timedelta(days=20)}
    return {"follow_up_date": day, "vital_status": "alive", "recurrence": random.random() < 0.1 * risk}

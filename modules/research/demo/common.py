"""Records that every disease database has: patients, visits, examinations, reports, tests, follow-ups.

Laboratory values lie around the middle of the reference intervals of WS/T 404 and WS/T 405 and move with
`severity`, from 0 (as the healthy) to 1. How far they move is invented, as are all shares without a source.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha256

from modules.research.demo.draw import Draw
from modules.research.demo.persons import FEMALE, MALE, Person
from modules.research.demo.tree import Node, Values

LATE_REPORTS = 0.01  # planted: reported more than a week after the examination
WRONG_CATEGORIES = 0.01  # planted: a category that does not fit what else is said of the lesion
HISTORY = {"hypertension": 0.32, "diabetes": 0.14, "hyperlipidaemia": 0.2, "coronary": 0.07, "cancer": 0.04}
EDUCATION = {"10": 4.0, "20": 18.0, "30": 15.0, "40": 8.0, "60": 17.0, "70": 25.0, "80": 13.0}
MAKERS = {
    "CT": ("SIEMENS", "GE MEDICAL SYSTEMS", "PHILIPS", "UIH"),
    "MR": ("SIEMENS", "GE MEDICAL SYSTEMS", "PHILIPS", "UIH"),
    "US": ("MINDRAY", "GE HEALTHCARE", "PHILIPS"),
    "MG": ("HOLOGIC", "SIEMENS", "GE MEDICAL SYSTEMS"),
}
REPORTERS, REVIEWERS = ("报告医师甲", "报告医师乙", "报告医师丙"), ("审核医师丁", "审核医师戊")
YEAR = 365.25


def patient(draw: Draw, person: Person, enrolled: date, **more: object) -> Node:
    """The root of a case; smoking as in Chinese adults: every second man, few women."""
    weights = (
        {"never": 38, "former": 24, "current": 38}
        if person.sex == MALE
        else {"never": 95, "former": 2, "current": 3}
    )
    smoking = draw.pick(weights)
    values: Values = {
        "patient_no": person.number, "name": person.name, "sex": person.sex, "birth_date": person.birth_date,
        "id_document_type": "01", "id_number": person.id_number, "phone": person.phone,
        "address": person.address, "ethnicity": "01" if draw.chance(0.92) else f"{draw.whole(2, 20):02d}",
        "marital_status": draw.pick({"20": 84, "10": 4, "30": 8, "40": 4}), "education": draw.pick(EDUCATION),
        "height": person.height, "weight": person.weight, "smoking": smoking, "history": draw.some(HISTORY),
        "allergy": draw.chance(0.08), "family_cancer": draw.chance(0.12),
        "enrolled_on": enrolled, "consent": True,
    }  # fmt: skip
    if smoking != "never":
        values |= {"cigarettes_per_day": draw.choice((5, 10, 15, 20, 30)), "smoking_years": draw.whole(5, 40)}
    return Node("patient", values | more)


def enrolment(draw: Draw, today: date) -> date:
    return today - timedelta(days=draw.whole(40, 1500))


def age_on(person: Person, day: date) -> int:
    born = person.birth_date
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def visit(
    draw: Draw, day: date, today: date, inpatient: bool, severity: float = 0.1, stay: int = 7
) -> Values:
    """Vital signs worsen with severity."""
    systolic = int(draw.normal(132 - 22 * severity, 15, 70, 220, 0))
    values: Values = {
        "visit_kind": "IMP" if inpatient else "AMB",
        ("inpatient_no" if inpatient else "outpatient_no"): f"{draw.whole(10**7, 10**8 - 1)}",
        "visit_date": day,
        "temperature": draw.normal(36.5 + 2.0 * severity, 0.4, 35.5, 41),
        "heart_rate": int(draw.normal(74 + 36 * severity, 9, 45, 170, 0)),
        "respiratory_rate": int(draw.normal(17 + 16 * severity, 2, 10, 48, 0)),
        "systolic": systolic,
        "diastolic": min(systolic - 12, int(draw.normal(80 - 14 * severity, 9, 38, 120, 0))),
        "spo2": draw.normal(97.8 - 10 * severity, 1.0, 70, 100),
    }
    if inpatient:
        values["admission_date"] = day
        leaving = day + timedelta(days=max(1, int(draw.normal(stay, stay / 3, 1, 60, 0))))
        if leaving <= today:
            values |= {"discharge_date": leaving, "discharge_disposition": "1"}
    return values


def exam(draw: Draw, person: Person, order: int, day: date, modality: str, part: str, name: str) -> Values:
    accession = f"{modality}{person.number[2:].replace('-', '')}{order + 1:02d}"
    number = int.from_bytes(sha256(f"{person.number}/{order}".encode()).digest()[:14], "big")
    values: Values = {
        "accession_number": accession[-16:], "study_instance_uid": f"2.25.{number}", "modality": modality,
        "exam_name": name, "body_part": part, "exam_date": day, "manufacturer": draw.choice(MAKERS[modality]),
        "image_quality": draw.pick({"good": 80, "fair": 17, "poor": 3}),
    }  # fmt: skip
    if modality == "CT":
        values |= {"slice_thickness": draw.choice((0.625, 1.0, 1.25)),
            "tube_voltage": draw.choice((100, 120)),
                   "dlp": draw.around(300, 0.4, 40, 2000)}  # fmt: skip
    return values


def report(
    draw: Draw, exam: Node, findings: str, impression: str, today: date, *, positive: bool = True
) -> None:
    """The report of an examination, soon after it but for the few that are planted late."""
    day, number = exam.values["exam_date"], exam.values["accession_number"]
    delay = draw.whole(8, 20) if draw.chance(LATE_REPORTS) else draw.choice((0, 0, 1, 1, 2))
    exam.add("report", {
        "report_no": f"R{number}", "report_status": "final",
        "report_date": min(day + timedelta(days=delay), today),
        "findings": findings, "impression": impression, "reporter": draw.choice(REPORTERS),
        "reviewer": draw.choice(REVIEWERS), "positive": positive, "critical_value": False,
    })  # fmt: skip


def labs(draw: Draw, person: Person, day: date, severity: float = 0.0, **more: object) -> Values:
    """Blood count and chemistry: inflammation raises leucocytes, illness lowers haemoglobin and albumin."""
    female = person.sex == FEMALE
    return {
        "lab_date": day,
        "wbc": draw.around(6.2 * (1 + 1.1 * severity), 0.25, 1.5, 40, 2),
        "neutrophils": draw.around(3.7 * (1 + 1.5 * severity), 0.2, 0.8, 36, 2),
        "lymphocytes": draw.around(2.0 * (1 - 0.6 * severity), 0.25, 0.2, 6, 2),
        "hemoglobin": int(draw.normal((132 if female else 150) - 30 * severity, 11, 50, 190, 0)),
        "platelets": int(draw.normal(228 - 40 * severity, 50, 25, 600, 0)),
        "alt": int(draw.around((18 if female else 24) * (1 + severity), 0.4, 4, 900, 0)),
        "ast": int(draw.around((20 if female else 23) * (1 + severity), 0.3, 6, 900, 0)),
        "albumin": draw.normal(45 - 12 * severity, 3, 18, 56),
        "creatinine": draw.around(57 if female else 76, 0.2, 25, 600),
        "glucose": draw.around(5.4 * (1 + 0.3 * severity), 0.18, 2.5, 25),
        **more,
    }


@dataclass(frozen=True, slots=True)
class Seen:
    """A follow-up: when, and whether the patient lives."""

    day: date
    status: str
    values: Values

    @property
    def alive(self) -> bool:
        return self.status == "alive"


def follow_ups(
    draw: Draw, start: date, today: date, yearly_death: float, months: tuple[int, ...]
) -> Iterator[Seen]:
    """Follow-ups at `months` after `start`, until death, loss or today. Deaths come at an even rate."""
    died = start + timedelta(days=1 + draw.days(YEAR / max(yearly_death, 1e-4)))
    for month in months:
        day = start + timedelta(days=int(month * 30.4375) + draw.whole(0, 14))
        if day > today:
            return
        values: Values = {
            "follow_up_date": day,
            "follow_up_way": draw.pick({"clinic": 60, "phone": 35, "online": 5}),
        }
        if died <= day:
            cause = draw.pick({"disease": 70, "treatment": 4, "other": 22, "unknown": 4})
            yield Seen(
                day, "dead", values | {"vital_status": "dead", "death_date": died, "cause_of_death": cause}
            )
            return
        if draw.chance(0.04):
            yield Seen(day, "lost", values | {"vital_status": "lost"})
            return
        yield Seen(day, "alive", values | {"vital_status": "alive"})


def treatment(draw: Draw, day: date, kind: str, intent: str, *, risk: float = 0.05, **more: object) -> Values:
    """`risk` of a complication; its text and grade come with it."""
    values: Values = {"treatment_kind": kind, "procedure_date": day, "treatment_intent": intent}
    values["complication"] = draw.chance(risk)
    if values["complication"]:
        values["complication_text"] = draw.choice(("发热", "出血", "切口感染", "积液"))
    return values | more


def doubled(size: float, days: float, doubling: float) -> float:
    """A diameter `days` later when the volume doubles every `doubling` days: it grows with the cube root."""
    return round(size * 2 ** (days / (3 * doubling)), 1)


def mistaken(draw: Draw, right: str, others: tuple[str, ...]) -> str:
    """`right`, but for the few categories that are planted wrong."""
    return draw.choice([code for code in others if code != right]) if draw.chance(WRONG_CATEGORIES) else right

"""Carrying the synthetic cohort into the `lung_nodule` database, through the same door as any import."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from metamodel.catalogue import catalogue_of
from metamodel.queries import count
from metamodel.records import NewRecord, RecordStore
from modules.research.demo.cohort import Case, Exam, cohort
from zhenshu.db import UnitOfWork
from zhenshu.errors import ZhenshuError
from zhenshu.instance import Instance
from zhenshu.security import SYSTEM, Channel

DATABASE = "lung_nodule"
PATIENTS = 2000
SEED = 20260101
LAST_DAY = date(2026, 10, 31)
BATCH = 250
PROVENANCE = {"kind": "synthetic", "agent": "modules.research.demo", "version": "1"}


class DemoRejected(ZhenshuError):
    """Row {row} of the demonstration's {code} was rejected: {field}: {en} Earlier batches were kept."""

    zh = "演示数据 {code} 第 {row} 行与病种库不符：{field}：{zh} 此前的批次已保留。"


def load_demo(instance: Instance, patients: int = PATIENTS) -> int:
    """Add the patients that are not there yet; returns how many were added.

    Each batch is one transaction, and the generator always gives the same cohort, so a run that was
    interrupted goes on where it stopped.
    """
    with instance.read(SYSTEM, Channel.API) as uow:
        present = count(uow, catalogue_of(uow).record_type(f"{DATABASE}.patient"))
    cases = islice(cohort(PATIENTS, SEED, LAST_DAY), present, patients)
    added = 0
    while batch := list(islice(cases, BATCH)):
        with instance.write(SYSTEM, Channel.API, purpose="synthetic demonstration data") as uow:
            _add_cases(uow, batch)
        added += len(batch)
    return added


def _add_cases(uow: UnitOfWork, cases: Sequence[Case]) -> None:
    patients = _add(uow, "patient", [NewRecord(case.patient) for case in cases])
    by_patient = list(zip(patients, cases, strict=True))
    for code in ("visit", "pathology", "treatment", "follow_up"):
        _add(uow, code, list(_under_patients(by_patient, "visits" if code == "visit" else code)))
    exams = [(patient, exam) for patient, case in by_patient for exam in case.exams]
    ids = _add(uow, "ct_exam", [NewRecord(exam.values, parent=patient) for patient, exam in exams])
    _add_below_exams(uow, list(zip(ids, (exam for _, exam in exams), strict=True)))


def _under_patients(cases: Sequence[tuple[int, Case]], attribute: str) -> Iterator[NewRecord]:
    for patient, case in cases:
        for values in getattr(case, attribute):
            yield NewRecord(values, parent=patient)


def _add_below_exams(uow: UnitOfWork, exams: Sequence[tuple[int, Exam]]) -> None:
    _add(uow, "report", [NewRecord(exam.report, parent=exam_id) for exam_id, exam in exams])
    _add(uow, "nodule", [NewRecord(row, parent=exam_id) for exam_id, exam in exams for row in exam.nodules])


def _add(uow: UnitOfWork, code: str, rows: list[NewRecord]) -> list[int]:
    record_type = catalogue_of(uow).record_type(f"{DATABASE}.{code}")
    result = RecordStore(uow).add_many(record_type, rows, provenance=PROVENANCE)
    if result.rejected:
        index, problems = result.rejected[0]
        raise DemoRejected(
            code=code, row=index, field=problems[0].field, zh=problems[0].zh, en=problems[0].en
        )
    return [record_id for record_id in result.ids if record_id is not None]

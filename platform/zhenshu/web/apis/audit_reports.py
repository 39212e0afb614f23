"""What an audit administrator makes of the trail: who reached a patient, files, the proof of the seals."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from zhenshu.audit import record
from zhenshu.audit.anchor import AnchorDamaged
from zhenshu.audit.checking import KIND as CHECK
from zhenshu.audit.checking import standing
from zhenshu.audit.exporting import MEDIA_TYPES, submit_export
from zhenshu.audit.names import Touch
from zhenshu.audit.report import patient_reaches
from zhenshu.audit.searching import conditions
from zhenshu.instants import NoSuchInstant
from zhenshu.jobs import submit
from zhenshu.patients.lookup import patients_with
from zhenshu.security.audit_names import display_names
from zhenshu.web.api import Api, endpoint
from zhenshu.web.apis.audit import AT, COUNT, FIELD, FILTERS, VIEW
from zhenshu.web.schemas import ID, INSTANT, MAYBE_INSTANT, TEXT, list_of, object_of, query_of

JOB = object_of({"job": ID})
PERSON = object_of(
    {
        "subject_id": {"type": ["integer", "null"]},
        "subject_name": TEXT,
        "subject_display": TEXT,
        **{touch.value: COUNT for touch in Touch},
        "first_at": INSTANT,
        "last_at": INSTANT,
        "fields": list_of(FIELD),
    }
)
FAULT = object_of({"kind": TEXT, "entry_id": COUNT, "seq": COUNT})
ANCHOR = object_of({"seq": COUNT, "at": INSTANT})
LAST_CHECK = object_of(
    {
        "job": ID,
        "at": INSTANT,
        "by": TEXT,
        "entries": COUNT,
        "faults": list_of(FAULT) | {"description": "The first hundred"},
        "fault_count": COUNT,
    }
)
ARCHIVE = object_of(
    {
        "file": TEXT,
        "from_seq": COUNT,
        "to_seq": COUNT,
        "first_at": INSTANT,
        "last_at": INSTANT,
        "archived_at": INSTANT,
    }
)
STANDING = object_of(
    {
        "entries": COUNT,
        "oldest": MAYBE_INSTANT,
        "sealed": COUNT,
        "sealed_up_to": MAYBE_INSTANT,
        "anchor": ANCHOR | {"type": ["object", "null"]},
        "last_check": LAST_CHECK | {"type": ["object", "null"]},
        "checking": {"type": ["integer", "null"], "description": "The job of a check that is under way"},
        "keep_days": COUNT | {"description": "As the account policy says"},
        "archives": list_of(ARCHIVE) | {"description": "The latest hundred, latest first"},
    }
)


class AuditReports(Api):
    @endpoint(
        "POST", "/audit/patients/find",
        summary={"zh": "按号码查找患者", "en": "The ids of those whom a system knows by an identifier."},
        needs=VIEW,
        body=object_of({"identifier": {"type": "string", "minLength": 1, "maxLength": 128}}),
        returns={200: object_of({"patients": list_of(ID)})},
    )  # fmt: skip
    def find(self) -> dict[str, Any]:
        """It is looked up by its blind index and kept nowhere; that one looked stands in the trail."""
        with self.write() as uow:
            found = patients_with(uow, self.body["identifier"].strip())
            record(uow, "find_patient", "patients", "", patients=found, detail={"count": len(found)})
        return {"patients": found}

    @endpoint(
        "GET", "/audit/patients/<int:id>/report",
        summary={"zh": "患者访问报告", "en": "Who reached the data of a patient, summed up by person."},
        needs=VIEW,
        params=query_of({"from": AT, "to": AT}),
        returns={200: object_of({"patient": ID, "people": list_of(PERSON)})},
        errors=[NoSuchInstant],
    )  # fmt: skip
    def report(self, id: int) -> dict[str, Any]:
        """No identity of the patient is in it. Reading it is itself an entry about the patient."""
        with self.write() as uow:
            reaches = patient_reaches(uow, id, self.params)
            names = display_names(uow, (each.subject_id for each in reaches if each.subject_id is not None))
            record(uow, "view", "audit", "", patients=[id], detail={"count": len(reaches)})
        people = [
            {
                "subject_id": each.subject_id,
                "subject_name": each.subject_name,
                "subject_display": names.get(each.subject_id, "") if each.subject_id is not None else "",
                **{touch.value: count for touch, count in each.counts.items()},
                "first_at": each.first_at,
                "last_at": each.last_at,
                "fields": [{"code": code, "label": label} for code, label in each.fields.items()],
            }
            for each in reaches
        ]
        return {"patient": id, "people": people}

    @endpoint(
        "POST", "/audit/exports",
        summary={"zh": "导出审计记录", "en": "Write the entries of a search into a file, as a job."},
        needs=VIEW,
        body=object_of(
            {
                "format": {"enum": list(MEDIA_TYPES)},
                "language": {"enum": ["zh", "en"]},
                "filters": object_of(FILTERS, []),
            }
        ),
        returns={202: JOB},
        errors=[NoSuchInstant],
    )  # fmt: skip
    def export(self) -> dict[str, Any]:
        filters = self.body["filters"]
        conditions(filters)  # what can't be asked is refused here and now
        with self.write() as uow:
            return {"job": submit_export(uow, filters, self.body["format"], self.body["language"])}

    @endpoint(
        "GET", "/audit/integrity",
        summary={"zh": "审计的完整性", "en": "How far the trail is sealed and anchored, and its last proof."},
        needs=VIEW,
        returns={200: STANDING},
        errors=[AnchorDamaged],
    )  # fmt: skip
    def integrity(self) -> dict[str, Any]:
        with self.read() as uow:
            return asdict(standing(uow))

    @endpoint(
        "POST", "/audit/integrity/check",
        summary={"zh": "核验审计记录", "en": "Prove every seal, as a job; one that runs already is told."},
        needs=VIEW,
        returns={202: JOB},
        errors=[AnchorDamaged],
    )  # fmt: skip
    def check(self) -> dict[str, Any]:
        with self.write() as uow:
            return {"job": standing(uow).checking or submit(uow, CHECK, {})}
